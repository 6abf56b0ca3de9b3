"""A professional outside the council sends the form, and follows the link in the receipt."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.intake import checking_in, from_outside
from pathway.engine.intake.from_outside import SENDER, OutsideInput, Sending
from pathway.engine.referrers import confirming_address
from pathway.engine.referrers.confirming_address import Answer, Confirmation
from storage.queries.intake import outside_rows
from storage.queries.keyset import Wanted
from storage.queries.lists import check_in_page_rows
from storage.queries.lists.check_in_page_rows import CheckInsWanted
from storage.tables import Contact, Message, OutsideContact, id_of
from support import links
from support.front_door import OFFICER, FrontDoor, child_fields

ADA = "ada@school.example.org"
SCHOOL = "198.51.100.7"


def typed(*children: str, **more: Any) -> dict[str, Any]:
    """What a school types about these children of one family."""
    fields: dict[str, Any] = {
        "channel": from_outside.CHANNEL,
        "source_code": "2A",
        "referrer_name": "Mrs Ada Ferreira",
        "referrer_agency": "Park Lane School",
        "referrer_phone": "020 7946 0111",
        "referrer_email": ADA,
        "concern_facts": "No food at home.",
        "children": [child_fields(name) for name in children or ("Mia",)],
    }
    return fields | more


def send(door: FrontDoor, *children: str, token: str = "", network: str = SCHOOL, **more: Any) -> Contact:
    """Sends the form now, with this form token."""
    fields = typed(*children, **{"received_at": door.now} | more)
    content = hashlib.sha256(json.dumps(fields, default=str, sort_keys=True).encode()).hexdigest()
    with door.acting(SENDER, token=token or None) as act:
        data = inputs.parse(OutsideInput, fields)
        return from_outside.send(act, data, Sending(content_sha256=content, network=network))


def receipt(door: FrontDoor, contact: Contact) -> Message:
    """The receipt of a contact, in the outbox."""
    (found,) = [one for one in door.messages(kind="receipt") if one.contact_id == contact.id]
    return found


def link_in(message: Message) -> str:
    """The token of the link in a receipt."""
    found = re.search(r"/refer/confirm/(\S+)", links.body_of(message))
    assert found is not None
    return found[1]


def confirm(door: FrontDoor, token: str, surname: str = "Ferreira", network: str = SCHOOL) -> Confirmation:
    """Follows a link and gives a surname."""
    with door.acting(SENDER) as act:
        return confirming_address.confirm(act, token, Answer(surname=surname, network=network))


def take_over(door: FrontDoor, contact: Contact, *, by: Actor = OFFICER, token: str = "") -> None:
    """An officer takes a contact over."""
    with door.acting(by, token=token or None) as act:
        checking_in.take_over(act, id_of(contact))


def outside(door: FrontDoor, contact: Contact) -> OutsideContact:
    """What is kept beside the contact."""
    with door.database.read() as session:
        found = outside_rows.of_contact(session, contact.id)
        assert found is not None
        return found


def waiting(door: FrontDoor) -> list[str]:
    """The references of the contacts that are to be checked in; the count says the same."""
    with door.database.read() as session:
        page = check_in_page_rows.page(session, CheckInsWanted(), Wanted(size=100))
        found = [one.contact.ref for one in page.rows]
        assert outside_rows.count_to_check_in(session) == len(found)
        return found
