"""Who said "I have it" of an alert, and until when that holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, col, or_, select

from storage.tables import Alert, AlertTakenOn, RungTaken


def of_alert(session: Session, alert_id: int) -> Sequence[AlertTakenOn]:
    """Everybody who took an alert on, the first one first."""
    statement = select(AlertTakenOn).where(col(AlertTakenOn.alert_id) == alert_id)
    return session.exec(statement.order_by(col(AlertTakenOn.id))).all()


def holding(session: Session, alert_ids: Collection[int | None], *, now: datetime) -> Mapping[int, AlertTakenOn]:
    """Who has which of these alerts now, by the alert's number."""
    statement = select(AlertTakenOn).join(Alert, col(Alert.id) == col(AlertTakenOn.alert_id))
    found = session.exec(statement.where(col(Alert.id).in_(alert_ids), holds(now)))
    return {one.alert_id: one for one in found}


def holds(now: datetime) -> Any:
    """True in a statement with an alert and the row of whoever has it: that word holds the ladder, and no later one."""
    unanswered = or_(col(Alert.acknowledged_at).is_(None), col(Alert.acknowledged_at) < col(AlertTakenOn.taken_at))
    return and_(col(AlertTakenOn.until) > now, col(AlertTakenOn.until) == col(Alert.held_until), unanswered)


def rung_since(session: Session, alert_id: int, since: datetime) -> bool:
    """True where a rung of the alert was taken at or after a moment."""
    statement = select(RungTaken.id).where(
        col(RungTaken.owner_key) == f"alert:{alert_id}", col(RungTaken.taken_at) >= since
    )
    return session.exec(statement.limit(1)).first() is not None
