"""The facts that the pathway's guards look at, read from the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.pathway import Facts
from rules.rulebook import CheckRule
from rules.vocabulary import ClockState, EventKind
from storage.queries import clock_rows, event_rows, referral_rows, word_rows
from storage.queries.children import match_rows
from storage.queries.letters import letter_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Contact, Referral, id_of

_OWED_BEFORE_CLOSING = (EventKind.DECIDED_BEFORE_CHECKS, EventKind.SECOND_LOOK_ASKED)


def checks_missing(session: WriteSession | ReadSession, referral: Referral, published: Published) -> tuple[str, ...]:
    """The titles of the checks that the book needs and nobody has recorded."""
    return tuple(rule.title for rule in checks_owed(session, referral, published))


def checks_owed(session: WriteSession | ReadSession, referral: Referral, published: Published) -> tuple[CheckRule, ...]:
    """The checks that the book needs for this kind of contact and nobody has recorded."""
    contact = session.get_one(Contact, referral.contact_id)
    recorded = {check.kind for check in referral_rows.checks(session, id_of(referral))}
    return tuple(rule for rule in published.book.checks_for(contact.kind) if rule.kind not in recorded)


def checks_left_owed(session: WriteSession | ReadSession, referral: Referral) -> bool:
    """True while checks that were left out before an urgent decision have not all been recorded."""
    kinds = (EventKind.DECIDED_BEFORE_CHECKS, EventKind.SCREENED)
    found = event_rows.of_kinds(session, id_of(referral), kinds)
    return bool(found) and found[-1].kind == EventKind.DECIDED_BEFORE_CHECKS


def facts_of(session: WriteSession | ReadSession, referral: Referral) -> Facts:
    """What the record itself says. A decision or an allocation adds what its form holds."""
    published = published_books.published_of(session, referral)
    running = _running(session, referral)
    answers = {rule.kind for rule in published.book.clocks_stopped_by(EventKind.FEEDBACK_GIVEN)}
    return Facts(
        checks_missing=checks_missing(session, referral, published),
        matches_open=match_rows.to_be_answered(session, referral.person_id),
        outcome_accepts=referral.accepted_at is not None,
        feedback_owed=any(clock.kind in answers for clock in running),
        immediate_danger=session.get_one(Contact, referral.contact_id).immediate_danger,
        still_owed=_still_owed(session, referral, running),
    )


def feedback_owed(session: WriteSession | ReadSession, referral: Referral) -> bool:
    """True while the referrer is still to be told in writing."""
    book = published_books.published_of(session, referral).book
    kinds = [rule.kind for rule in book.clocks_stopped_by(EventKind.FEEDBACK_GIVEN)]
    return clock_rows.feedback_owed(session, id_of(referral), kinds)


def answer_may_come_back(session: WriteSession | ReadSession, referral: Referral, *, now: datetime) -> bool:
    """True until the answer is due where an earlier letter came back by e-mail: this one may come back as well."""
    if referral.feedback_at is None or not letter_rows.addresses_that_bounced(session, referral.contact_id):
        return False
    book = published_books.published_of(session, referral).book
    kinds = {rule.kind for rule in book.clocks_stopped_by(EventKind.FEEDBACK_GIVEN)}
    answers = (clock for clock in clock_rows.of_referral(session, id_of(referral)) if clock.kind in kinds)
    return any(clock.due_at > now for clock in answers)


def _running(session: WriteSession | ReadSession, referral: Referral) -> Sequence[Clock]:
    clocks = clock_rows.of_referral(session, id_of(referral))
    return [clock for clock in clocks if clock.state == ClockState.RUNNING]


def _still_owed(session: WriteSession | ReadSession, referral: Referral, running: Sequence[Clock]) -> tuple[str, ...]:
    """The duties, beside feedback, without which no referral is closed."""
    owed = {clock.duty for clock in running if clock.started_on in _OWED_BEFORE_CLOSING}
    waits = word_rows.waits_for(session, id_of(referral))
    if waits.acknowledgement:
        owed.add("that the new information is acknowledged")
    if waits.receiver:
        owed.add("that the receiver accepts")
    if waits.second_decision:
        owed.add("a new decision after the second look")
    return tuple(sorted(owed))
