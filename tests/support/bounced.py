"""E-mails that come back, a folder to drop them into, and what was recorded of them."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from pathlib import Path

from notifications.returned.received import Received
from pathway.engine.actors import SYSTEM
from pathway.engine.post import returned_mail
from pathway.wiring import collecting_mail
from pathway.wiring.collecting_mail import Collected
from storage.queries import keyset
from storage.queries.letters import returned_mail_rows
from storage.queries.letters.returned_mail_rows import BounceLine
from storage.queries.lists import bounce_page_rows
from storage.queries.lists.bounce_page_rows import BouncesWanted
from storage.tables import Bounce, Letter, Message, id_of
from support.front_door import FrontDoor
from support.scenes import kept

REPORT = """\
From: MAILER-DAEMON@mx.council.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="one"
Message-ID: <{number}@mx.council.example.org>

--one
Content-Type: text/plain

<{recipient}>: {said}

--one
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.council.example.org

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--one
Content-Type: text/rfc822-headers

Message-ID: {message_id}

--one--
"""
AWAY = """\
From: Ada Ferreira <ada@school.example.org>
Subject: Automatic reply: Our decision
In-Reply-To: {message_id}
Auto-Submitted: auto-replied
Date: {date}

I am away until Monday.
"""
PERSON = """\
From: Ada Ferreira <ada@school.example.org>
Subject: A question
Date: {date}

Who is the social worker?
"""


def message_of(door: FrontDoor, letter: Letter) -> Message:
    """The (last) e-mail with a letter."""
    return [message for message in door.messages() if message.letter_id == letter.id][-1]


def report(door: FrontDoor, message: Message, *, at: datetime | None = None, **changes: object) -> bytes:
    """A mail server's report about a message, written at this moment: the mailbox does not exist."""
    told = {
        "date": format_datetime(at or door.now),
        "number": 1,
        "recipient": message.recipient_address,
        "message_id": message.message_id,
        "action": "failed",
        "status": "5.1.1",
        "said": "550 5.1.1 No such person here",
    }
    return REPORT.format(**told | changes).encode()


def away(door: FrontDoor, message: Message) -> bytes:
    """An automatic reply to a message."""
    return AWAY.format(message_id=message.message_id, date=format_datetime(door.now)).encode()


def person(door: FrontDoor) -> bytes:
    """Somebody writes something."""
    return PERSON.format(date=format_datetime(door.now)).encode()


def drop(folder: Path, content: bytes, name: str = "1.eml") -> None:
    """Puts a received e-mail into a folder."""
    (folder / name).write_bytes(content)


def collect(door: FrontDoor, folder: Path) -> Collected:
    """One round of collecting from a folder."""
    return collecting_mail.collect(door.database, str(folder), clock=lambda: door.now)


@kept
def take(door: FrontDoor, content: bytes) -> Bounce | None:
    """Records an e-mail as if it had just been collected."""
    with door.acting(SYSTEM) as act:
        return returned_mail.take(act, Received.of(content, "1.eml"))


def line(door: FrontDoor, bounce: Bounce | None) -> BounceLine:
    """What was recorded, and how it was settled."""
    assert bounce is not None, "it was left for the next round"
    with door.database.read() as session:
        return returned_mail_rows.one(session, id_of(bounce))


def lines(door: FrontDoor, *, waiting: bool) -> list[BounceLine]:
    """All that waits for a person, or all that is settled."""
    with door.database.read() as session:
        found = bounce_page_rows.page(session, BouncesWanted(), keyset.Wanted(size=50)).rows
    return [line for line in found if (line.settlement is None) is waiting]
