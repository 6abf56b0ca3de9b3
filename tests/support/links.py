"""A front door where few e-mail domains are secure, and people who follow the links."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.letters import link_opening
from pathway.engine.letters.link_opening import READER, Answers, Tried
from pathway.engine.post import link_renewal
from rules.messages import LinkTry
from rules.vocabulary import Role
from storage.queries.letters import link_rows
from storage.tables import Contact, Council, Letter, LetterLinkTry, Message, Notice, id_of
from support import rows
from support.front_door import OFFICER, FrontDoor, person_in
from support.scenes import kept

OUTSIDE = "ada.ferreira@mail.example.net"
HOME = "198.51.100.7"
ELSEWHERE = "203.0.113.9"
LINK = re.compile(r"https://\S+/l/(\S+)")
TOKEN = re.compile(r"/l/(?:[\w-]|=\r?\n)+")  # the bytes may break it over lines


def few_secure(door: FrontDoor, domains: str = "gov.uk,nhs.net,school.example.org", *, days: int = 30) -> FrontDoor:
    """Only these domains count as secure from now on, and outsiders reach the pages."""
    _set_secure(door, domains, days)
    return door


@kept
def _set_secure(door: FrontDoor, domains: str, days: int) -> None:
    with door.database.write() as session:
        council = session.get_one(Council, 1)
        council.secure_domains, council.link_days = domains, days
        council.base_url = "https://pathway.example.org"


def one_by_link(door: FrontDoor) -> tuple[Contact, Letter]:
    """A letter that went as a link, at a front door where every domain is secure before and after."""
    with door.database.read() as session:
        base_url = session.get_one(Council, 1).base_url
    found = decided(few_secure(door))
    with door.database.write() as session:
        council = session.get_one(Council, 1)
        council.secure_domains, council.base_url = "*", base_url
    return found


def decided(door: FrontDoor, **more: Any) -> tuple[Contact, Letter]:
    """A contact by somebody whose e-mail is not secure, its child decided, and the outcome letter."""
    contact = door.log("Mia", **{"referrer_email": OUTSIDE} | more)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    return contact, door.letters(contact, "outcome")[-1]


def message_with(door: FrontDoor, letter: Letter) -> Message:
    """The last e-mail that carries a letter."""
    with door.database.read() as session:
        found = [message for message in rows.everything(session, Message) if message.letter_id == letter.id]
    return max(found, key=id_of)


def e_mail(message: Message) -> EmailMessage:
    """A message as a mail program reads it."""
    return message_from_bytes(message.content, policy=policy.default)


def body_of(message: Message) -> str:
    """What a mail program shows as text."""
    part = e_mail(message).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def everything_in(message: Message) -> str:
    """All headers and parts of a message, decoded, and its bytes as they are; the token, drawn by lot, left out."""
    parsed = e_mail(message)
    headers = "\n".join(f"{name}: {value}" for name, value in parsed.items())
    parts = [str(part.get_content()) for part in parsed.walk() if part.get_content_maintype() == "text"]
    return TOKEN.sub("/l/", "\n".join([headers, *parts, message.content.decode("ascii")]))


def token_in(message: Message) -> str:
    """What stands after ``/l/`` in the link of a message."""
    found = LINK.search(body_of(message))
    assert found is not None, "there is no link in this message"
    return found[1]


def open_link(door: FrontDoor, token: str, contact: Contact, *, address: str = HOME, **changes: str) -> Tried:
    """Somebody fills in the page behind a link: with the right answers unless told otherwise."""
    typed = {"reference": contact.ref, "surname": "Ferreira"} | changes
    with door.acting(READER) as act:
        return link_opening.try_to_open(act, token, Answers(address=address, **typed))


def guess(door: FrontDoor, token: str, contact: Contact, times: int, *, address: str = HOME) -> list[LinkTry]:
    """Somebody guesses the surname."""
    return [
        open_link(door, token, contact, address=address, surname=f"Guess{number}").result for number in range(times)
    ]


@kept
def revoke(door: FrontDoor, letter: Letter, by: Actor = OFFICER, reason: str = "Sent to the wrong school.") -> Letter:
    """Somebody withdraws the link."""
    with door.acting(by) as act:
        data = inputs.parse(inputs.ReasonInput, {"reason": reason})
        return link_renewal.revoke(act, id_of(letter), data)


@kept
def renew(door: FrontDoor, letter: Letter, by: Actor = OFFICER) -> Letter:
    """Somebody sends a new link."""
    with door.acting(by) as act:
        return link_renewal.renew(act, id_of(letter))


def notices(door: FrontDoor, role: Role) -> list[Notice]:
    """What a role is told."""
    address = f"{person_in(role).username}@council.example.org"
    with door.database.read() as session:
        return [row for row in rows.everything(session, Notice) if row.recipient_address == address]


def tries(door: FrontDoor, letter: Letter) -> list[LetterLinkTry]:
    """Every try to open a letter by its links."""
    with door.database.read() as session:
        return list(link_rows.of_letter(session, id_of(letter)).tries)
