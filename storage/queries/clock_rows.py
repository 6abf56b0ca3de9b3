"""Clocks: the running ones of a referral, and those at which somebody must look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from rules.vocabulary import ClockState
from storage.tables import Clock, Referral


def of_referral(session: Session, referral_id: int) -> Sequence[Clock]:
    """All clocks of one referral, the soonest due first."""
    return session.exec(select(Clock).where(col(Clock.referral_id) == referral_id).order_by(col(Clock.due_at))).all()


def running(session: Session, referral_id: int) -> Sequence[Clock]:
    """The running clocks of one referral, the soonest due first. Only under the contact's lock."""
    statement = select(Clock).where(col(Clock.referral_id) == referral_id, col(Clock.state) == ClockState.RUNNING)
    return session.exec(statement.order_by(col(Clock.due_at)).execution_options(populate_existing=True)).all()


def running_of_contact(session: Session, contact_id: int) -> Sequence[Clock]:
    """The running clocks of all children of one contact. Only under its lock."""
    statement = select(Clock).where(col(Clock.contact_id) == contact_id, col(Clock.state) == ClockState.RUNNING)
    return session.exec(statement.execution_options(populate_existing=True)).all()


def rounds(session: Session, referral_id: int, kind: str) -> int:
    """How many rounds of this duty there have been."""
    statement = select(func.count()).where(col(Clock.referral_id) == referral_id, col(Clock.kind) == kind)
    return session.exec(statement).one()


def fresh(session: Session, clock_id: int) -> Clock:
    """The clock as it stands in the database now."""
    return session.get_one(Clock, clock_id, populate_existing=True)


def awaiting_attention(session: Session, contact_id: int, *, now: datetime) -> Sequence[Clock]:
    """The clocks of one contact whose moment has come, the oldest first. Only under the contact's lock."""
    statement = select(Clock).where(
        col(Clock.contact_id) == contact_id, col(Clock.attention_at).is_not(None), col(Clock.attention_at) <= now
    )
    return session.exec(statement.order_by(col(Clock.attention_at), col(Clock.id))).all()


def feedback_owed(session: Session, referral_id: int, kinds: Collection[str]) -> bool:
    """True while a clock of one of these kinds runs for the referral."""
    statement = select(Clock.id).where(
        col(Clock.referral_id) == referral_id,
        col(Clock.state) == ClockState.RUNNING,
        col(Clock.kind).in_(kinds),
    )
    return session.exec(statement.limit(1)).first() is not None


def undecided(session: Session) -> tuple[int, datetime | None]:
    """How many referrals nobody has decided, and when the oldest of them was received."""
    statement = select(func.count(), func.min(Clock.started_at)).where(
        col(Clock.kind) == "decision", col(Clock.state) == ClockState.RUNNING
    )
    count, oldest = session.exec(statement).one()
    return count, oldest


def worker_of(session: Session, clock: Clock) -> int | None:
    """The worker who holds the child of this clock, or None."""
    return session.get_one(Referral, clock.referral_id).worker_id
