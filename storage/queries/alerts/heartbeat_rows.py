"""Heartbeats of background work, gaps in it, and what the auditor looks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, cast, literal
from sqlmodel import Session, col, func, select

from rules.messages import MessageState
from rules.vocabulary import AlertKind
from storage.tables import Alert, Heartbeat, Message, RungTaken


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Every heartbeat, by name."""
    return session.exec(select(Heartbeat).order_by(Heartbeat.name)).all()


def beat(session: Session, name: str, *, now: datetime) -> None:
    """Writes one heartbeat."""
    heartbeat = session.get(Heartbeat, name) or Heartbeat(name=name, beat_at=now)
    heartbeat.beat_at = now
    session.add(heartbeat)


def untold_alerts(session: Session) -> int:
    """How many open alerts have gone up their whole ladder without reaching anybody."""
    owner = literal("alert:").concat(cast(col(Alert.id), String))
    reached = select(RungTaken.id).where(col(RungTaken.owner_key) == owner, col(RungTaken.people_told) != "")
    statement = select(func.count()).where(
        col(Alert.closed_at).is_(None),
        col(Alert.next_at).is_(None),
        col(Alert.kind) != AlertKind.SYSTEM,
        ~reached.exists(),
    )
    return session.exec(statement).one()


def waiting_messages(session: Session, *, before: datetime) -> tuple[int, datetime | None]:
    """How many messages should have gone before a moment, and the oldest of their moments."""
    statement = select(func.count(), func.min(Message.next_attempt_at)).where(
        col(Message.state) == MessageState.QUEUED, col(Message.next_attempt_at) < before
    )
    count, oldest = session.exec(statement).one()
    return count, oldest


def expired_leases(session: Session, *, before: datetime) -> int:
    """How many messages a dispatcher took and never gave back."""
    statement = select(func.count()).where(
        col(Message.state) == MessageState.SENDING, col(Message.lease_until) < before
    )
    return session.exec(statement).one()
