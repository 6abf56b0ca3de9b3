"""A corrected time of receipt: clocks that run count from it, a clock that is judged keeps its judgement.

A late clock that would be in time by it is not for one person alone to say (see ``second_person``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import clocks, due_clocks, inputs
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.children import re_referrals
from pathway.engine.corrections.details import VALUE
from pathway.engine.rulebooks import published_books
from rules.errors import Fault, InvalidInput
from rules.timing import timescales
from rules.vocabulary import ClockState, EventKind
from storage.queries import clock_rows, correction_rows, referral_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Contact, Referral, id_of

BECAUSE = "The time of receipt was corrected."
# Events at the moment of receipt: a contact that comes in as immediate danger, a referral restored.
FROM_RECEIPT = (EventKind.RECEIVED, EventKind.DANGER_MARKED, EventKind.RESTORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """What a corrected time of receipt does to one clock. ``runs``: it counts from it; else its judgement stays."""

    ref: str
    title: str
    runs: bool
    old_due: datetime
    new_due: datetime
    was_late: bool
    is_late: bool

    @property
    def is_excused(self) -> bool:
        """True where late would become in time."""
        return self.was_late and not self.is_late


def refuse(contact: Contact, referrals: Sequence[Referral], received_at: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for a moment that has not come, and for one after the contact was recorded or decided."""
    inputs.refuse_future(VALUE, received_at, now=now)
    decided = [referral.decided_at for referral in referrals if referral.decided_at is not None]
    latest, what = min([(contact.recorded_at, "recorded"), *((at, "decided") for at in decided)])
    if received_at > latest:
        problem = f"The contact was {what} before this moment"
        raise InvalidInput([Fault(place=VALUE, problem=problem, remedy="Give the moment when it really came in")])


def plan(
    session: ReadSession | WriteSession, contact: Contact, received_at: datetime, *, now: datetime
) -> tuple[ClockChange, ...]:
    """What another time of receipt would do to each clock that counts from the one on record."""
    # A judged clock counts from the moment that was known when it was judged.
    moments = {contact.received_at, *correction_rows.receipts(session, id_of(contact))}
    return tuple(
        _change(session, referral, clock, received_at, now=now)
        for referral, clock in _counted(session, contact, moments)
        if clock.state != ClockState.NOT_APPLICABLE
    )


def _counted(
    session: ReadSession | WriteSession, contact: Contact, moments: Collection[datetime]
) -> Iterator[tuple[Referral, Clock]]:
    """The clocks of children whom the referrer named that count from one of these moments of receipt."""
    for referral in referral_rows.of_contact(session, id_of(contact)):
        for clock in clock_rows.of_referral(session, id_of(referral)):
            if referral.named_by_referrer and clock.started_on in FROM_RECEIPT and clock.started_at in moments:
                yield referral, clock


def _change(
    session: ReadSession | WriteSession, referral: Referral, clock: Clock, received_at: datetime, *, now: datetime
) -> ClockChange:
    new_due = due_from(session, clock, received_at)
    return ClockChange(
        ref=referral.ref,
        title=clocks.rule_of(session, clock).title,
        runs=clock.state == ClockState.RUNNING,
        old_due=clock.due_at,
        new_due=new_due,
        was_late=_is_late(clock, clock.due_at, now=now),
        is_late=_is_late(clock, new_due, now=now),
    )


def due_from(session: ReadSession | WriteSession, clock: Clock, received_at: datetime) -> datetime:
    """When a clock would be due that counted from another moment, by the limit and calendar that it counts with."""
    published = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    counting = published.book.clocks[clock.kind].counting
    return timescales.due_moment(clocks.limit_of(clock), received_at, published.calendar, counting=counting)


def _is_late(clock: Clock, due_at: datetime, *, now: datetime) -> bool:
    return clock.stopped_at > due_at if clock.stopped_at is not None else now >= due_at


def excuses(changes: Iterable[ClockChange]) -> bool:
    """True where a second person is needed."""
    return any(change.is_excused for change in changes)


def carry_out(act: Act, contact: Contact, received_at: datetime) -> None:
    """Has the contact received at another moment: what runs counts from it, and nobody is told twice."""
    counted = list(_counted(act.session, contact, {contact.received_at}))
    contact.received_at = received_at
    for _, clock in counted:
        if clock.stopped_at is None:
            _count_from(act, clock, received_at)
    act.session.flush()
    children = [person for _, person in referral_rows.children_of_contact(act.session, id_of(contact))]
    re_referrals.review_contact(act.session, contact, children)
    due_clocks.look_at_contact(act, contact)


def _count_from(act: Act, clock: Clock, received_at: datetime) -> None:
    rule, started_on = clocks.rule_of(act.session, clock), EventKind(clock.started_on)
    clocks.count_from(act, clock, rule, started_on=started_on, started_at=received_at, because=BECAUSE)
    if clock.state == ClockState.RUNNING and act.now < clock.due_at:
        # Whoever was told that it is late hears that it is not; should it become so, that is another breach.
        clock.breached_at = clock.breach_recorded_at = None
        ladders.close_for(act, f"clock:{clock.id}", because=f"{rule.title}: no longer late. {BECAUSE}")
