"""Every kind of message that GOV.UK Notify carries, by a name, with the same people in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from notifications import plain
from notifications.letters import letters, links, onward, receipts
from notifications.letters.letters import LetterText
from notifications.letters.onward import OnwardFacts
from notifications.notify import markdown
from notifications.outbox import mime
from notifications.outbox.mime import Parts
from notifications.staff import bundles, digests, staff
from notifications.staff.bundles import Line
from notifications.staff.digests import Digest, Item, Part
from notifications.staff.staff import AlertFacts, NewInformation, StaffText
from rules.messages import MessageKind
from rules.vocabulary import Role
from support.letters import COUNCIL, NOW, facts

SENDER = ("Children's Front Door", "front.door@northbridge.example.org")
LINK = "https://pathway.northbridge.example.org/referrals/FD-0012-1"
# What Notify's Markdown acts on, as somebody may type it.
FULL_OF_SIGNS = """# Not a heading
- not a bullet
* nor this
1. not a number
^ not an inset
---
    not code
Read [the plan](https://plans.example.net/mia), https://news.example.net or ask ((name))."""

ONWARD = OnwardFacts(
    council=COUNCIL,
    receiver="Early help hub",
    referral_ref="FD-0012-1",
    child_name="Aoife O'Brien",
    birth_date=date(2004, 5, 6),
    due_date=None,
    address="3 High Street, Northbridge",
    school="Park Lane Primary School and Children's Centre, with its nursery in the same house",
    received_at=NOW - timedelta(days=1),
    sent_at=NOW,
    answer_by=NOW + timedelta(days=3),
    referrer="Ada Ferreira, Park Lane School",
    concern=f"She came without food on three days of this week, and says that there is none at home.\n{FULL_OF_SIGNS}",
    opinion="Neglect, I think.",
    outcome_title="Early help",
    reasons="The school can lead.",
    decided_by="Daniel Price",
)
NEW = NewInformation(
    headline="New information for the worker of an open child: referral FD-0012-1",
    next_step="Read it and say what follows.",
    referral_ref="FD-0012-1",
    received_at=NOW,
    referrer="",
    concern="Aoife was seen alone.",
    opinion="",
    reasons="Open to Sam.",
    link=LINK,
    rung_role=Role.SOCIAL_WORKER,
)
ALERT = AlertFacts(
    headline="The decision is late",
    next_step="Decide, or say who will and by when.",
    referral_ref="FD-0012-1",
    due_at=NOW,
    now=NOW + timedelta(hours=2, minutes=10),
    link=LINK,
    rung_role=Role.DUTY_MANAGER,
)
LATE = Line(headline="The decision is late", next_step="Decide.", referral_ref="FD-0012-1", late_since=NOW, link=LINK)
SOON = replace(LATE, headline="The letter is due soon", late_since=None, due_at=NOW + timedelta(hours=3))
_NOTHING = Part(count=0, items=(), more="")
DIGEST = Digest(
    late=Part(count=7, items=[Item(words="The decision is late for FD-0012-1", link=LINK, at=NOW)], more=LINK),
    due=_NOTHING,
    letters=_NOTHING,
    caseloads=_NOTHING,
    allocations=_NOTHING,
    roles=["duty manager"],
    now=NOW,
    link="https://pathway.northbridge.example.org/me/notices",
)


def body_of(text: str, html: str | None, sender: str = SENDER[1]) -> str:
    """What Notify is given for a message with these parts."""
    return markdown.body_of(Parts(sender=sender, subject="", text=text, html=html))


def every_message() -> Mapping[str, LetterText | StaffText]:
    """One of each kind, by the name of the file that holds its body."""
    written: dict[str, LetterText | StaffText] = {
        f"{kind}-{reader}".replace(" ", "-"): letters.write(
            kind, reader, facts(children_to_follow=int(kind == MessageKind.PART_OUTCOME))
        )
        for kind, reader in sorted(letters.MAY_LEARN)
    }
    about = links.facts(COUNCIL, link=f"{LINK}/l/x", written_at=NOW, expires_at=NOW + timedelta(days=14))
    return written | {
        "link": links.write(about),
        "receipt": receipts.write(
            receipts.facts(COUNCIL, link=f"{LINK}/refer/confirm/x", reference="FD-0012", days=14)
        ),
        "onward": onward.write(ONWARD),
        "new-information": staff.write_new_information(NEW),
        "alert": staff.write(MessageKind.ALERT, ALERT),
        "notices": bundles.write([LATE, SOON, replace(LATE, over=True)], roles=["duty manager"], now=NOW),
        "digest": digests.write(DIGEST),
    }


def sent(written: LetterText | StaffText) -> bytes:
    """The message as the outbox keeps it."""
    return mime.build(
        sender=SENDER,
        recipient=SENDER,
        reply_to="",
        subject=written.subject,
        text=written.text,
        html=getattr(written, "html", None),
        message_id="<1@northbridge.example.org>",
        now=NOW,
    )


def wrapped(text: str) -> str:
    """A text as the templates of plain messages wrap it."""
    return plain.wrapped(text)


def quoted(text: str) -> str:
    """What somebody typed, as the templates of plain messages quote it."""
    return plain.wrapped(plain.indented(text))
