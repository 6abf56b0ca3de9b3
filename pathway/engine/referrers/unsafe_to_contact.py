"""Unsafe to contact: nothing more is written to the referrer, not even what is queued; a manager can lift it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import clocks, due_clocks, history, locking, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import closing
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import cancelling, feedback
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import FEEDBACK, Action, EventKind, MessageKind, NotApplicable
from storage.queries import clock_rows, contact_rows, referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Referral, id_of

UNSAFE = NotApplicable.UNSAFE_TO_CONTACT
# What is written to a referrer, and the letters that do it.
WRITTEN = {EventKind.FEEDBACK_GIVEN: FEEDBACK, EventKind.ACKNOWLEDGED: frozenset({MessageKind.ACKNOWLEDGEMENT})}


def mark(
    session: WriteSession,
    contact_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Stops every letter that has not left, and ends the duty to write: not applicable, or missed where late by now.

    A letter that a dispatcher has at this moment is not tried again; where the server takes it, that is recorded.
    Raises Refused when it is marked already, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    permissions.require(published_books.current(session, now=now).book, actor, Action.MARK_UNSAFE)
    if contact.unsafe_to_contact:
        raise Refused(["This referrer is marked as unsafe to contact already."])
    contact.unsafe_to_contact = True
    _record(session, contact, EventKind.UNSAFE_MARKED, data, actor=actor, now=now, request_id=request_id)
    for letter in letter_rows.waiting(session, contact_id):
        if MessageKind(letter.kind) is not MessageKind.PARENTS:
            because = f"{UNSAFE}: {data.reason}"
            cancelling.cancel(session, letter, because=because, actor=actor, now=now, even_sending=True)
    for referral in referral_rows.of_contact(session, contact_id):
        _end_duties(session, referral, actor=actor, now=now)
        locking.changed(session, referral)
        closing.close_when_done(session, referral, now=now)
    return contact


def _end_duties(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    for clock in clock_rows.running(session, id_of(referral)):
        if clocks.rule_of(session, clock).stops_on in WRITTEN:
            because = "when it became unsafe to write to the referrer"
            clocks.give_up(session, clock, UNSAFE, because=because, at=now, now=now, actor=actor)
    session.flush()


def lift(
    session: WriteSession,
    contact_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Lets the referrer be written to again: what they have not been told is owed anew, and written when due.

    Raises Refused when it is not marked, NotAllowed.
    """
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    permissions.require(published_books.current(session, now=now).book, actor, Action.EXCUSE_LETTER)
    if not contact.unsafe_to_contact:
        raise Refused(["This referrer is not marked as unsafe to contact."])
    contact.unsafe_to_contact = False
    _record(session, contact, EventKind.UNSAFE_LIFTED, data, actor=actor, now=now, request_id=request_id)
    children = [pair for pair in referral_rows.children_of_contact(session, contact_id) if pair[0].set_aside_at is None]
    for referral, _ in children:
        _owe_again(session, referral, contact, actor=actor, now=now)
        locking.changed(session, referral)
    _write(session, contact, children, actor=actor, now=now)
    due_clocks.look_at_contact(session, contact, now=now)
    return contact


def _owe_again(session: WriteSession, referral: Referral, contact: Contact, *, actor: Actor, now: datetime) -> None:
    for met_by in WRITTEN:
        if not _told(session, referral, met_by):
            clocks.begin(
                session,
                referral,
                contact,
                EventKind.UNSAFE_LIFTED,
                occurred_at=now,
                published=published_books.in_force_for(session, referral, at=now),
                now=now,
                actor=actor,
                met_by=met_by,
            )
    session.flush()


def _told(session: WriteSession, referral: Referral, met_by: EventKind) -> bool:
    if met_by is EventKind.FEEDBACK_GIVEN:
        return referral.feedback_at is not None
    return letter_rows.has_left(session, id_of(referral), WRITTEN[met_by])


def _write(
    session: WriteSession,
    contact: Contact,
    children: Sequence[tuple[Referral, Person]],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """The acknowledgement where a clock runs on it or the outcome is not due yet, and the outcome where it is."""
    published = published_books.current(session, now=now)
    owed = bool(published.book.clocks_stopped_by(EventKind.ACKNOWLEDGED))
    unheard = [
        pair
        for pair in children
        if pair[0].named_by_referrer
        and (owed or pair[0].decided_at is None)
        and not _told(session, pair[0], EventKind.ACKNOWLEDGED)
    ]
    if unheard:
        feedback.acknowledge_receipt(session, contact, unheard, published=published, actor=actor, now=now)
    feedback.write_when_due(session, contact, actor=actor, now=now)


def _record(
    session: WriteSession,
    contact: Contact,
    kind: EventKind,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    history.record(
        session,
        kind,
        summary=f"{kind.capitalize()}: {data.reason}",
        actor=actor,
        now=now,
        contact_id=contact.id,
        details={"reason": data.reason},
        request_id=request_id,
    )
