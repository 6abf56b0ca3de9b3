"""A letter that has left and says what was corrected since: it stays as it went, and a corrected one is offered."""

from __future__ import annotations

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.corrections import letters_again
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import feedback, writing
from rules.errors import Refused
from rules.messages import MessageKind
from rules.vocabulary import Action, EventKind
from storage.queries import correction_rows
from storage.queries.children import restriction_rows
from storage.tables import Contact, Letter, OvertakenLetter, id_of

ANSWERED = "Somebody has said already what becomes of this letter; open the list again."
NOBODY = "Nothing can be written to this referrer, or the letter tells of nobody any more: say why no other is needed."


def write(act: Act, overtaken_id: int) -> Letter | None:
    """Writes the letter that says it right: an outcome as a corrected one, any other of its kind again.

    None on a second click. Raises Refused where it is answered already or there is nobody to write to, NotAllowed,
    NotFound.
    """
    held = _held(act, overtaken_id)
    if held is None:
        return None
    offer, old, contact = held
    act.refuse_letter_in_doubt()
    meant = letters_again.meant_again(act.session, old)
    if meant is None or (meant.kind is not MessageKind.PARENTS and not feedback.may_be_written_to(contact)):
        raise Refused([NOBODY])
    new = writing.write(act, contact, meant.kind, meant.children, said=meant.said, to=meant.to)
    _answer(act, offer, "A corrected letter was written.", new=new)
    return new


def leave(act: Act, overtaken_id: int, data: ReasonInput) -> None:
    """Somebody looked, and no other letter is needed, because. Raises Refused, NotAllowed, NotFound."""
    held = _held(act, overtaken_id)
    if held is not None:
        _answer(act, held[0], data.reason)


def _held(act: Act, overtaken_id: int) -> tuple[OvertakenLetter, Letter, Contact] | None:
    offer = correction_rows.overtaken(act.session, overtaken_id)
    letter = act.session.get_one(Letter, offer.letter_id)
    contact = act.lock_contact(letter.contact_id)
    if contact is None:
        return None
    act.require(Action.RECORD_POSTED)
    children = restriction_rows.children_of_contact(act.session, letter.contact_id)
    record_access.require_open(act.session, act.actor, children, now=act.now)
    offer = correction_rows.overtaken(act.session, overtaken_id)
    if offer.answered_at is not None:
        raise Refused([ANSWERED])
    return offer, letter, contact


def _answer(act: Act, offer: OvertakenLetter, because: str, *, new: Letter | None = None) -> None:
    offer.answered_at, offer.answered_by, offer.because = act.now, act.actor.username, because
    offer.new_letter_id = new.id if new else None
    letter = act.session.get_one(Letter, offer.letter_id)
    summary = f"Letter that says what was corrected since ({letter.kind}): {because}"
    act.note(EventKind.DETAIL_CORRECTED, summary, about=letter, letter=id_of(letter), new_letter=offer.new_letter_id)
    act.session.flush()
