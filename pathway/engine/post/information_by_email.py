"""An e-mail that a referrer sends to the reply address: kept whole, and shown to a person before it counts."""

from __future__ import annotations

from email import message_from_bytes

from notifications.returned import decoding
from notifications.returned.received import Received
from pathway.engine.act import Act
from pathway.engine.information import adding_information
from pathway.engine.information.adding_information import InformationInput
from pathway.engine.information.file_kinds import Upload
from pathway.engine.inputs import Input, NeededLine
from pathway.engine.post import returned_mail_outcomes
from rules.errors import InvalidInput, NotFound, Refused
from rules.messages import Settlement
from rules.vocabulary import Action
from storage.queries import contact_rows, information_rows
from storage.queries.letters import returned_mail_rows
from storage.sessions import WriteSession
from storage.tables import Bounce, Contact, Information, Message, ReceivedEmail, id_of

NOT_KEPT = "The whole of this e-mail is not kept here: add what it says as information, and dismiss it."
LONGEST = 50_000


class EmailInput(Input):
    """The contact that an e-mail is about, by its reference."""

    contact_ref: NeededLine


def keep(session: WriteSession, bounce: Bounce, received: Received, *, message: Message | None) -> None:
    """Keeps the whole of an e-mail that waits for a person, with the contact that it is most likely about."""
    contact_id = message.contact_id if message else None
    if contact_id is None and message is not None and message.letter_id is not None:
        contact_id = contact_rows.of_letter(session, message.letter_id).id
    if contact_id is None and bounce.sender:
        known = information_rows.referrer_with(session, bounce.sender)
        contact_id = known[0] if len(known) == 1 else None
    session.add(ReceivedEmail(bounce_id=id_of(bounce), contact_id=contact_id, content=received.content))
    session.flush()


def take(act: Act, bounce_id: int, data: EmailInput) -> Information | None:
    """A person has read it: it is information about this contact from its referrer, and counts from now.

    None on a second click. Raises Refused where it is settled or not kept whole, InvalidInput for a reference that
    there is not, NotAllowed, NotFound.
    """
    bounce = returned_mail_rows.find(act.session, bounce_id)
    if act.repeated:
        return None
    act.require(Action.RECORD_POSTED)
    contact = _contact(act.session, data.contact_ref)
    act.hold(id_of(contact))
    if returned_mail_rows.settlement(act.session, bounce_id) is not None:
        raise Refused([returned_mail_outcomes.SETTLED])
    kept = information_rows.email(act.session, bounce_id)
    if kept is None:
        raise Refused([NOT_KEPT])
    given_at = min(bounce.reported_at or bounce.received_at, act.now)
    whole = Upload(name=f"{bounce.subject or 'e-mail'}.eml", content=kept.content)
    told = InformationInput(
        given_at=given_at,
        from_referrer=True,
        channel="e-mail",
        text=words_of(kept.content),
        answers=True,
        files=(whole,),
    )
    row = adding_information.add(act, id_of(contact), told, bounce_id=bounce_id)
    note = f"Information about contact {contact.ref}"
    returned_mail_outcomes.end(act, bounce, Settlement.INFORMATION, note)
    returned_mail_outcomes.close_when_done(act)
    return row


def _contact(session: WriteSession, ref: str) -> Contact:
    try:
        return contact_rows.by_ref(session, ref.strip().upper())
    except NotFound as error:
        raise InvalidInput.of("contact_ref", f"There is no contact {ref}", "Check the reference") from error


def words_of(content: bytes) -> str:
    """What an e-mail says, as plain text; empty where it says nothing that is text."""
    parts = decoding.outer_parts(message_from_bytes(content))
    plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
    return decoding.text(plain).replace("\x00", "").strip()[:LONGEST] if plain is not None else ""
