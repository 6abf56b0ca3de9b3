"""Which rows one contact makes in which figures. Days and hours are those on the wall in London."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rules.figures.contact_facts import ChildFacts, ClockFacts, ContactFacts, PostFacts
from rules.timing import zones
from rules.vocabulary import ClockState

CONTACTS, HOURS, CHILDREN, OUTCOMES = "contacts", "hours", "children", "outcomes"
CONVERSION, REPEATS, RE_REFERRALS, CASELOADS = "conversion", "repeats", "re-referrals", "caseloads"
HANDED_OVER, RETURNED, ALERTS, REASONS, CLOCK = "letters out", "letters back", "alerts", "reasons", "clock:"
IN_TIME, LATE, NOT_DONE = "in time", "late", "not done"
ACCEPTED, NOT_ACCEPTED, UNDECIDED = "accepted", "not accepted", "undecided"
AGAIN, FIRST = "again", "first"
NO_REASON = ""
SOON, SAME_TURN, LATER, NEVER = "within 30 minutes", "within 4 hours", "later", "not acknowledged"
# How soon an alert was acknowledged; the numbers are local.
STEPS = ((timedelta(minutes=30), SOON), (timedelta(hours=4), SAME_TURN))
# What belongs to no day stands under this one.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing counted: in ``figure``, there in ``part``. ``key`` tells it from the others of its figure.

    Without ``referral_id`` it is about all children of the contact. ``at`` says on which day it counts.
    """

    figure: str
    part: str
    key: str
    at: datetime
    referral_id: int | None = None
    clock_id: int | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""

    @property
    def day(self) -> date:
        """The day on the wall on which it counts."""
        return local(self.at).date()


def local(moment: datetime) -> datetime:
    """The moment on the wall in London."""
    return moment.astimezone(zones.zone_named(zones.LONDON))


def rows(contact: ContactFacts) -> Iterator[Row]:
    """Every row that this contact makes; none where all its children are set aside."""
    if not contact.children:
        return
    key, at = f"contact:{contact.id}", contact.received_at
    yield Row(figure=CONTACTS, part=contact.source_code, key=key, at=at)
    yield Row(figure=HOURS, part=f"{local(at):%H}", key=key, at=at)
    for child in contact.children:
        yield from _of_child(contact, child)
    yield from _of_post(HANDED_OVER, contact.handed_over)
    yield from _of_post(RETURNED, contact.returned)
    yield from _of_alerts(contact)


def _of_child(contact: ContactFacts, child: ChildFacts) -> Iterator[Row]:
    key, at, number = f"child:{child.referral_id}", contact.received_at, child.referral_id
    yield Row(figure=CHILDREN, part=contact.source_code, key=key, at=at, referral_id=number)
    yield Row(figure=CONVERSION, part=_conversion(child), key=key, at=at, referral_id=number)
    before = AGAIN if child.was_here_before else FIRST
    yield Row(figure=REPEATS, part=before, key=key, at=at, referral_id=number)
    if child.accepted_at is not None:
        again = AGAIN if child.accepted_again else FIRST
        yield Row(figure=RE_REFERRALS, part=again, key=key, at=child.accepted_at, referral_id=number)
    if child.outcome and child.decided_at is not None:
        yield _outcome(child, key)
    if child.worker_id is not None and not child.closed:
        yield Row(figure=CASELOADS, part=str(child.worker_id), key=key, at=ALWAYS, referral_id=number)
    for clock in child.clocks:
        yield from _of_clock(child, clock)


def _conversion(child: ChildFacts) -> str:
    if child.accepted_at is not None:
        return ACCEPTED
    return NOT_ACCEPTED if child.outcome else UNDECIDED


def _outcome(child: ChildFacts, key: str) -> Row:
    return Row(
        figure=OUTCOMES,
        part=child.outcome,
        key=key,
        at=child.decided_at or ALWAYS,
        referral_id=child.referral_id,
        done_at=child.decided_at,
        done_by=child.decided_by,
    )


def _of_clock(child: ChildFacts, clock: ClockFacts) -> Iterator[Row]:
    """How a duty ended. Of decision and feedback the first round is judged, by the first decision and letter."""
    judged = clock.duty in ("decision", "feedback")
    if clock.state is ClockState.NOT_APPLICABLE or (judged and (clock.round > 1 or child.unusable)):
        return
    done_at, done_by = _done(child, clock)
    part = NOT_DONE if done_at is None else IN_TIME if done_at <= clock.due_at else LATE
    if clock.given_up and done_at is None:
        part = LATE
    row = Row(
        figure=f"{CLOCK}{clock.kind}",
        part=part,
        key=f"clock:{clock.id}",
        at=clock.due_at,
        referral_id=child.referral_id,
        clock_id=clock.id,
        due_at=clock.due_at,
        done_at=done_at,
        done_by=done_by,
    )
    yield row
    if part == LATE:
        yield _reason(row, clock)


def _reason(row: Row, clock: ClockFacts) -> Row:
    return Row(
        figure=REASONS,
        part=clock.why,
        key=row.key,
        at=row.at,
        referral_id=row.referral_id,
        clock_id=clock.id,
        due_at=row.due_at,
        done_at=row.done_at,
        done_by=row.done_by,
    )


def _done(child: ChildFacts, clock: ClockFacts) -> tuple[datetime | None, str]:
    if clock.duty == "feedback":
        return child.told_at, child.told_by
    if clock.duty == "decision":
        return child.first_decided_at, child.first_decided_by
    return (None, "") if clock.given_up else (clock.stopped_at, clock.ended_by)


def _of_post(figure: str, post: tuple[PostFacts, ...]) -> Iterator[Row]:
    for one in post:
        yield Row(figure=figure, part=one.how, key=f"post:{one.id}", at=one.at, done_at=one.at, done_by=one.by)


def _of_alerts(contact: ContactFacts) -> Iterator[Row]:
    for alert in contact.alerts:
        yield Row(
            figure=ALERTS,
            part=_answered(alert.opened_at, alert.acknowledged_at),
            key=f"alert:{alert.id}",
            at=alert.opened_at,
            referral_id=alert.referral_id,
            due_at=alert.opened_at,
            done_at=alert.acknowledged_at,
            done_by=alert.acknowledged_by,
        )


def _answered(opened_at: datetime, acknowledged_at: datetime | None) -> str:
    if acknowledged_at is None:
        return NEVER
    return next((name for limit, name in STEPS if acknowledged_at - opened_at <= limit), LATER)
