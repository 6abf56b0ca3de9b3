"""What a replay reads: referrals of a period with what happened to them and the versions that judged them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from rules.vocabulary import EventKind
from storage.tables import Clock, Contact, Event, Referral

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """One event as it is kept; ``details`` is JSON."""

    kind: EventKind
    occurred_at: datetime
    details: str
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClock:
    """One round of one clock, with the versions that it runs by."""

    id: int
    kind: str
    round: int
    started_on: str
    started_at: datetime
    limit_amount: int
    limit_unit: str
    rulebook_version_id: int
    calendar_version_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One referral with the facts that a replay needs."""

    ref: str
    received_at: datetime
    referrer_kind: str
    unsafe_to_contact: bool
    imported: bool
    rulebook_version_id: int
    calendar_version_id: int
    events: list[StoredEvent] = field(default_factory=list)
    clocks: list[StoredClock] = field(default_factory=list)


def referral_ids(session: Session, *, start: datetime, end: datetime) -> Sequence[int]:
    """The referrals of contacts received from ``start`` up to, but not at, ``end``, the oldest first.

    What was logged twice or in error counts in no figure.
    """
    statement = (
        select(Referral.id)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Contact.received_at) >= start, col(Contact.received_at) < end, col(Referral.set_aside_at).is_(None))
        .order_by(col(Contact.received_at), col(Referral.id))
    )
    return [number for number in session.exec(statement) if number is not None]


def stored(session: Session, ids: Sequence[int], *, beside: Collection[EventKind]) -> Iterator[Stored]:
    """These referrals in this order, with all events but those of the kinds ``beside``; some hundreds at a time."""
    for begin in range(0, len(ids), CHUNK):
        chunk = ids[begin : begin + CHUNK]
        found = _referrals(session, chunk)
        _add_events(session, found, beside)
        _add_clocks(session, found)
        yield from (found[number] for number in chunk)


def _referrals(session: Session, ids: Sequence[int]) -> dict[int, Stored]:
    statement = (
        select(Referral, Contact)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.id).in_(ids))
        .execution_options(yield_per=CHUNK)
    )
    return {
        referral.id or 0: Stored(
            ref=referral.ref,
            received_at=contact.received_at,
            referrer_kind=contact.referrer_kind,
            unsafe_to_contact=contact.unsafe_to_contact,
            imported=contact.imported,
            rulebook_version_id=referral.rulebook_version_id,
            calendar_version_id=referral.calendar_version_id,
        )
        for referral, contact in session.exec(statement)
    }


def _add_events(session: Session, found: dict[int, Stored], beside: Collection[EventKind]) -> None:
    statement = (
        sa_select(col(Event.id), col(Event.referral_id), col(Event.kind), col(Event.occurred_at), col(Event.details))
        .where(col(Event.referral_id).in_(found), col(Event.kind).not_in(beside))
        .order_by(col(Event.occurred_at), col(Event.id))
    )
    for number, referral_id, kind, occurred_at, details in session.execute(statement):
        event = StoredEvent(id=number, kind=EventKind(kind), occurred_at=occurred_at, details=details)
        found[referral_id or 0].events.append(event)


def _add_clocks(session: Session, found: dict[int, Stored]) -> None:
    statement = select(Clock).where(col(Clock.referral_id).in_(found)).order_by(col(Clock.kind), col(Clock.round))
    for clock in session.exec(statement):
        found[clock.referral_id].clocks.append(
            StoredClock(
                id=clock.id or 0,
                kind=clock.kind,
                round=clock.round,
                started_on=clock.started_on,
                started_at=clock.started_at,
                limit_amount=clock.limit_amount,
                limit_unit=clock.limit_unit,
                rulebook_version_id=clock.rulebook_version_id,
                calendar_version_id=clock.calendar_version_id,
            )
        )
