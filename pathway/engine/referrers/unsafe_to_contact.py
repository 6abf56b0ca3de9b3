"""Unsafe to contact: nothing more is written to the referrer, not even what is queued; a manager can lift it again."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import clocks, due_clocks, locking
from pathway.engine.act import Act
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import cancelling, feedback
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.messages import FEEDBACK, MessageKind
from rules.vocabulary import Action, EventKind, NotApplicable
from storage.queries import clock_rows, referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Referral, id_of

UNSAFE = NotApplicable.UNSAFE_TO_CONTACT
# What is written to a referrer, and the letters that do it.
WRITTEN = {EventKind.FEEDBACK_GIVEN: FEEDBACK, EventKind.ACKNOWLEDGED: frozenset({MessageKind.ACKNOWLEDGEMENT})}


def mark(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Stops every letter that has not left, and ends the duty to write: not applicable, or missed where late by now.

    A letter that a dispatcher has at this moment is not tried again; where the server takes it, that is recorded.
    Raises Refused when it is marked already, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.MARK_UNSAFE)
    if contact.unsafe_to_contact:
        raise Refused(["This referrer is marked as unsafe to contact already."])
    contact.unsafe_to_contact = True
    _record(act, contact, EventKind.UNSAFE_MARKED, data)
    for letter in letter_rows.waiting(act.session, contact_id):
        if MessageKind(letter.kind) is not MessageKind.PARENTS:
            because = f"{UNSAFE}: {data.reason}"
            cancelling.cancel(act, letter, because=because, even_sending=True)
    for referral in referral_rows.of_contact(act.session, contact_id):
        _end_duties(act, referral)
        locking.changed(act.session, referral)


def _end_duties(act: Act, referral: Referral) -> None:
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clocks.rule_of(act.session, clock).stops_on in WRITTEN:
            because = "when it became unsafe to write to the referrer"
            clocks.give_up(act, clock, UNSAFE, because=because, at=act.now)
    act.session.flush()


def lift(act: Act, contact_id: int, data: ReasonInput) -> None:
    """Lets the referrer be written to again: what they have not been told is owed anew, and written when due.

    Raises Refused when it is not marked, NotAllowed.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.EXCUSE_LETTER)
    if not contact.unsafe_to_contact:
        raise Refused(["This referrer is not marked as unsafe to contact."])
    contact.unsafe_to_contact = False
    _record(act, contact, EventKind.UNSAFE_LIFTED, data)
    children = [
        pair for pair in referral_rows.children_of_contact(act.session, contact_id) if pair[0].set_aside_at is None
    ]
    for referral, _ in children:
        _owe_again(act, referral, contact)
        locking.changed(act.session, referral)
    _write(act, contact, children)
    due_clocks.look_at_contact(act, contact)


def _owe_again(act: Act, referral: Referral, contact: Contact) -> None:
    for met_by in WRITTEN:
        if not _told(act.session, referral, met_by):
            clocks.begin(
                act,
                referral,
                contact,
                EventKind.UNSAFE_LIFTED,
                occurred_at=act.now,
                published=published_books.in_force_for(act.session, referral, at=act.now),
                only=clocks.met_by(met_by),
            )
    act.session.flush()


def _told(session: WriteSession, referral: Referral, met_by: EventKind) -> bool:
    if met_by is EventKind.FEEDBACK_GIVEN:
        return referral.feedback_at is not None
    return letter_rows.has_left(session, id_of(referral), WRITTEN[met_by])


def _write(act: Act, contact: Contact, children: Sequence[tuple[Referral, Person]]) -> None:
    """The acknowledgement where a clock runs on it or the outcome is not due yet, and the outcome where it is."""
    published = act.published
    owed = bool(published.book.clocks_stopped_by(EventKind.ACKNOWLEDGED))
    unheard = [
        pair
        for pair in children
        if pair[0].named_by_referrer
        and (owed or pair[0].decided_at is None)
        and not _told(act.session, pair[0], EventKind.ACKNOWLEDGED)
    ]
    if unheard:
        feedback.acknowledge_receipt(act, contact, unheard, published=published)


def _record(act: Act, contact: Contact, kind: EventKind, data: ReasonInput) -> None:
    act.note(kind, f"{kind.capitalize()}: {data.reason}", about=contact, reason=data.reason)
