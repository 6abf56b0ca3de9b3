"""The kind of a contact, which says what checks are needed before a decision; it can turn out to be another."""

from __future__ import annotations

from pathway.engine import guard_facts, locking
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededLine, NeededText
from pathway.engine.intake import screening
from pathway.engine.rulebooks import published_books
from rules.errors import Fault, InvalidInput, Refused
from rules.pathway import UNDECIDED
from rules.rulebook import Rulebook
from rules.vocabulary import Action, EventKind
from rules.words import nearest
from storage.queries import referral_rows
from storage.tables import Contact

USUAL = "general"


class KindInput(Input):
    """Another kind of contact than was thought, and why."""

    kind: NeededLine
    reason: NeededText


def faults_of(kind: str, book: Rulebook) -> list[Fault]:
    """What is wrong with a kind of contact: the book does not know it. Empty is none chosen, which every book knows."""
    if not kind or kind in book.contact_kinds:
        return []
    known = book.contact_kinds
    remedy = nearest(kind, known) if known else "Leave it empty: the rulebook has no kinds of contact"
    return [Fault(place="kind", problem=f"There is no kind of contact {kind}", remedy=remedy)]


def change(act: Act, contact_id: int, data: KindInput) -> None:
    """Makes it another kind of contact: from then on its checks are needed for every child who is not decided yet.

    Raises InvalidInput for an unknown kind or the same again, Refused when every child has been decided, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.SCREEN)
    children = referral_rows.of_contact(act.session, contact_id)
    if not any(referral.state in UNDECIDED for referral in children):
        raise Refused(["Every child of this contact has been decided already: the checks were those of its kind then."])
    book = published_books.published_of(act.session, children[0]).book
    _refuse(contact, data, book)
    before, contact.kind = contact.kind, data.kind
    for referral in (
        one for one in children if one.state in UNDECIDED or guard_facts.checks_left_owed(act.session, one)
    ):
        summary = f"Kind of contact: {_title(book, data.kind)} instead of {_title(book, before)}: {data.reason}"
        act.note(EventKind.KIND_CHANGED, summary, about=referral)
        act.session.flush()
        screening.complete(act, referral)
        locking.changed(act.session, referral)


def _refuse(contact: Contact, data: KindInput, book: Rulebook) -> None:
    faults = faults_of(data.kind, book)
    if data.kind == contact.kind:
        faults = [Fault(place="kind", problem="It is of this kind already", remedy="Choose another, or leave it")]
    if faults:
        raise InvalidInput(faults)


def _title(book: Rulebook, kind: str) -> str:
    found = book.contact_kinds.get(kind)
    return found.title.lower() if found else kind or "none"
