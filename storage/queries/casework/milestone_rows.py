"""Milestones of a referral, and the clocks that they met late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import Clock, Milestone


def of_referral(session: Session, referral_id: int) -> Sequence[Milestone]:
    """The milestones of one child in the order in which they happened."""
    statement = select(Milestone).where(col(Milestone.referral_id) == referral_id)
    return session.exec(statement.order_by(col(Milestone.occurred_at), col(Milestone.id))).all()


def met_late(session: Session, referral_id: int, kind: str, *, at: datetime) -> Clock | None:
    """The clock of this kind that was met at this moment, after it was due; None where none was."""
    statement = select(Clock).where(
        col(Clock.referral_id) == referral_id,
        col(Clock.kind) == kind,
        col(Clock.stopped_at) == at,
        col(Clock.due_at) < at,
    )
    return session.exec(statement.limit(1)).one_or_none()
