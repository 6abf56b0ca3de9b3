"""Information added to contacts: with files of each kind, by people and by e-mail. The door comes first."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

from notifications.returned.received import Received
from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.information import adding_information
from pathway.engine.information.adding_information import InformationInput
from pathway.engine.information.file_kinds import Upload
from pathway.engine.post import returned_mail
from storage.queries import information_rows
from storage.tables import Bounce, Contact, DecisionQuestion, Information, id_of
from support import rows
from support.front_door import OFFICER, FrontDoor

EMAIL = (
    b"From: Ada Ferreira <ada@school.example.org>\r\nTo: first.response@council.example.org\r\n"
    b"Date: Tue, 10 Mar 2009 08:30:00 +0000\r\nSubject: The surname\r\nMessage-ID: <1@school.example.org>\r\n\r\n"
    b"Her surname is Okafor, and she lives with her aunt.\r\n"
)
PDF = b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*names: str) -> bytes:
    """A zip with files of these names."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as opened:
        for name in names:
            opened.writestr(name, "x")
    return held.getvalue()


WORD = zipped("[Content_Types].xml", "word/document.xml")


def typed(door: FrontDoor, *files: tuple[str, bytes], **more: Any) -> InformationInput:
    """What somebody types who adds what the referrer said on the telephone."""
    fields = {
        "given_at": door.now - timedelta(minutes=1),
        "from_referrer": True,
        "channel": "telephone",
        "text": "The aunt has her.",
    }
    uploads = tuple(Upload(name=name, content=content) for name, content in files)
    return inputs.parse(InformationInput, fields | {"files": uploads} | more)


def add(
    door: FrontDoor, contact: Contact, *files: tuple[str, bytes], by: Actor = OFFICER, **more: Any
) -> Information | None:
    """Adds it."""
    with door.acting(by) as act:
        return adding_information.add(act, id_of(contact), typed(door, *files, **more))


def entries(door: FrontDoor, contact: Contact) -> Any:
    """What was added to a contact, the last given first."""
    with door.database.read() as session:
        return information_rows.of_contact(session, id_of(contact))


def questions(door: FrontDoor) -> list[DecisionQuestion]:
    """Every decision of which it was asked whether it stands."""
    with door.database.read() as session:
        return rows.everything(session, DecisionQuestion)


def question(door: FrontDoor) -> int:
    """The number of a question about a decision after which something was added."""
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    add(door, contact)
    return id_of(questions(door)[-1])


def received(door: FrontDoor, content: bytes = EMAIL) -> Bounce | None:
    """An e-mail arrives at the reply address."""
    with door.acting(OFFICER) as act:
        return returned_mail.take(act, Received.of(content, "1"))


def email(door: FrontDoor) -> int:
    """The number of an e-mail that a referrer has sent to the reply address."""
    door.log("Mia")
    bounce = received(door)
    assert bounce is not None
    return id_of(bounce)


def contact_ref(door: FrontDoor) -> str:
    """The reference of the last contact."""
    with door.database.read() as session:
        return rows.everything(session, Contact)[-1].ref


def every_page(door: FrontDoor) -> None:
    """A decision after which something was added, with a file, and an e-mail that waits."""
    question(door)
    with door.database.read() as session:
        contact = session.get_one(Contact, questions_contact(door))
    add(door, contact, ("report.pdf", PDF))
    received(door)


def waiting_email(door: FrontDoor) -> int:
    """The number of the last e-mail that came."""
    with door.database.read() as session:
        return id_of(rows.everything(session, Bounce)[-1])


def questions_contact(door: FrontDoor) -> int:
    """The contact of the last question."""
    with door.database.read() as session:
        return session.get_one(Information, questions(door)[-1].information_id).contact_id
