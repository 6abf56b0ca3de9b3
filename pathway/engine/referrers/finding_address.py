"""Finding an address for a referrer: where a kept letter could not go, it goes now, as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notifications import addresses
from notifications.letters import postal
from notifications.letters.postal import PostalAddress
from notifications.outbox import queue
from pathway.engine.act import Act
from pathway.engine.inputs import EmailLine, Input, Text
from pathway.engine.letters import feedback, writing
from rules.errors import Fault, InvalidInput
from rules.messages import Delivery, MessageKind
from rules.vocabulary import Action, EventKind
from storage.queries.letters import letter_rows
from storage.tables import Contact, Letter, id_of


class AddressInput(Input):
    """Where a referrer can be written to; what is left empty stays as it was."""

    email: EmailLine = ""
    address: Text = ""


def find_address(act: Act, contact_id: int, data: AddressInput) -> None:
    """Keeps the referrer's e-mail or postal address, and sends on by e-mail every letter that has not left.

    With a postal address alone they can be printed. Raises InvalidInput at ``email`` and ``address``, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.RECORD_POSTED)
    found = _found(data)
    before = {name: getattr(contact, name) for name in found}
    for name, value in found.items():
        setattr(contact, name, value)
    _record(act, contact, before, found)
    if "referrer_email" in found:
        send_waiting(act, contact)
    act.session.flush()


def send_waiting(act: Act, contact: Contact) -> None:
    """Sends every letter that has not left to the e-mail address known now; nothing where none may be written."""
    if feedback.may_be_written_to(contact):
        for letter in letter_rows.waiting(act.session, id_of(contact)):
            _send_on(act, letter, to=contact.referrer_email)


def postal_address(contact: Contact, letter: Letter) -> str:
    """Where a letter goes on paper: the address known now, else the one for which it was written; empty for none.

    A letter to a parent or carer only ever goes where the manager sent it, never where the referrer lives.
    """
    written_for = letter.recipient_address if letter.delivery != Delivery.EMAIL else ""
    if letter.kind == MessageKind.PARENTS:
        return written_for
    return contact.referrer_address or written_for


def envelope(contact: Contact, letter: Letter) -> PostalAddress:
    """The lines of a letter's envelope. Raises InvalidInput with everything that is wrong with the address."""
    return postal.parse(postal_address(contact, letter))


def address_faults(contact: Contact, letter: Letter) -> Sequence[Fault]:
    """Why a letter can't go to the postal address that is known; nothing where it can, or where none is known."""
    if not postal_address(contact, letter).strip():
        return ()
    try:
        envelope(contact, letter)
    except InvalidInput as error:
        return error.faults
    return ()


def _found(data: AddressInput) -> Mapping[str, str]:
    found, faults = {}, []
    if data.email and not addresses.usable(data.email):
        problem = "This is not an e-mail address that can be written to"
        remedy = f"{addresses.mend(data.email)}, or leave it empty"
        faults.append(Fault(place="email", problem=problem, remedy=remedy))
    elif data.email:
        found["referrer_email"] = data.email
    if data.address:
        try:
            found["referrer_address"] = postal.parse(data.address).kept
        except InvalidInput as error:
            faults += error.faults
    if faults:
        raise InvalidInput(faults)
    if not found:
        raise InvalidInput.of("email", "No address is given", "Type an e-mail address, a postal address, or both")
    return found


def _record(act: Act, contact: Contact, before: Mapping[str, str], found: Mapping[str, str]) -> None:
    # Not everybody may know the address: it stands in the details, which only the record's keepers read.
    ways = {"referrer_email": "e-mail", "referrer_address": "postal address"}
    act.note(
        EventKind.ADDRESS_FOUND,
        f"Address of the referrer found: {' and '.join(ways[name] for name in found)}",
        about=contact,
        before=dict(before),
        now=dict(found),
    )


def _send_on(act: Act, letter: Letter, *, to: str) -> None:
    if MessageKind(letter.kind) is MessageKind.PARENTS:
        return
    for message in letter_rows.messages_on_their_way(act.session, id_of(letter)):
        if message.recipient_address == to:
            return
        queue.cancel(act.session, id_of(message), now=act.now, even_sending=True)
    writing.send_on(act, letter, to=to)
