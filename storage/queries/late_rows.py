"""Duties that were met late, or are, and what people said of why."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, exists, select

from rules.vocabulary import ClockState
from storage.tables import Clock, LetterReferral, Referral, WhyLate

_LATE = col(Clock.stopped_at) > col(Clock.due_at)


def owed_late(session: Session, referral_ids: Collection[int], *, at: datetime) -> Sequence[Clock]:
    """The duties of these referrals that still run and were due before a moment, the first due first.

    None of imported history: nobody here was told of it, and nobody here is asked.
    """
    statement = select(Clock).where(
        col(Clock.referral_id).in_(referral_ids),
        col(Clock.state) == ClockState.RUNNING,
        col(Clock.watched),
        col(Clock.due_at) < at,
    )
    return session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))).all()


def met_late(session: Session, referral_id: int) -> Sequence[tuple[Clock, WhyLate | None]]:
    """The duties of a referral that ended after they were due, each with the newest answer to why."""
    late = select(Clock).where(col(Clock.referral_id) == referral_id, _ended_late())
    clocks = session.exec(late.order_by(col(Clock.due_at), col(Clock.id))).all()
    said = select(WhyLate).where(col(WhyLate.referral_id) == referral_id).order_by(col(WhyLate.id))
    answers = {one.clock_id: one for one in session.exec(said)}
    return [(clock, answers.get(clock.id or 0)) for clock in clocks]


def unanswered(*, since: datetime) -> Sequence[Any]:
    """What clocks, joined with their referrals, must be that ended late from a moment on and nobody has said why."""
    said = exists().where(col(WhyLate.clock_id) == col(Clock.id))
    return _ended_late(), col(Clock.breached_at) >= since, col(Referral.set_aside_at).is_(None), ~said


def last_said_of_contact(session: Session, contact_id: int) -> WhyLate | None:
    """The newest answer about a child of this contact: brothers and sisters are often late for one reason."""
    statement = select(WhyLate).join(Referral, col(Referral.id) == col(WhyLate.referral_id))
    statement = statement.where(col(Referral.contact_id) == contact_id).order_by(col(WhyLate.id).desc())
    return session.exec(statement.limit(1)).first()


def named_in(session: Session, letter_ids: Collection[int]) -> Sequence[int]:
    """The referrals that these letters name, each once."""
    statement = select(LetterReferral.referral_id).where(col(LetterReferral.letter_id).in_(letter_ids)).distinct()
    return session.exec(statement.order_by(col(LetterReferral.referral_id))).all()


def _ended_late() -> Any:
    return (col(Clock.state) == ClockState.STOPPED) & col(Clock.watched) & col(Clock.breached_at).is_not(None) & _LATE
