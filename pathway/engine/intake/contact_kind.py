"""The kind of a contact, which says what checks are needed before a decision; it can turn out to be another."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import guard_facts, history, locking, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import KindInput
from pathway.engine.intake import screening
from pathway.engine.rulebooks import published_books
from rules.errors import Fault, InvalidInput, Refused
from rules.pathway import UNDECIDED
from rules.rulebook import Rulebook
from rules.vocabulary import Action, EventKind
from rules.words import nearest
from storage.queries import contact_rows, referral_rows
from storage.sessions import WriteSession
from storage.tables import Contact

USUAL = "general"


def faults_of(kind: str, book: Rulebook) -> list[Fault]:
    """What is wrong with a kind of contact: the book does not know it. Empty is none chosen, which every book knows."""
    if not kind or kind in book.contact_kinds:
        return []
    known = book.contact_kinds
    remedy = nearest(kind, known) if known else "Leave it empty: the rulebook has no kinds of contact"
    return [Fault(place="kind", problem=f"There is no kind of contact {kind}", remedy=remedy)]


def change(
    session: WriteSession,
    contact_id: int,
    data: KindInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Makes it another kind of contact: from then on its checks are needed for every child who is not decided yet.

    Raises InvalidInput for an unknown kind or the same again, Refused when every child has been decided, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    permissions.require(published_books.current(session, now=now).book, actor, Action.SCREEN)
    children = referral_rows.of_contact(session, contact_id)
    if not any(referral.state in UNDECIDED for referral in children):
        raise Refused(["Every child of this contact has been decided already: the checks were those of its kind then."])
    book = published_books.published_of(session, children[0]).book
    _refuse(contact, data, book)
    before, contact.kind = contact.kind, data.kind
    for referral in (one for one in children if one.state in UNDECIDED or guard_facts.checks_left_owed(session, one)):
        summary = f"Kind of contact: {_title(book, data.kind)} instead of {_title(book, before)}: {data.reason}"
        history.of_referral(
            session, referral, EventKind.KIND_CHANGED, summary, actor=actor, now=now, request_id=request_id
        )
        request_id = None  # one event a token
        session.flush()
        screening.complete(session, referral, actor=actor, now=now)
        locking.changed(session, referral)
    return contact


def _refuse(contact: Contact, data: KindInput, book: Rulebook) -> None:
    faults = faults_of(data.kind, book)
    if data.kind == contact.kind:
        faults = [Fault(place="kind", problem="It is of this kind already", remedy="Choose another, or leave it")]
    if faults:
        raise InvalidInput(faults)


def _title(book: Rulebook, kind: str) -> str:
    found = book.contact_kinds.get(kind)
    return found.title.lower() if found else kind or "none"
