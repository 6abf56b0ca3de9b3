"""Heartbeats of background work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, select

from storage.tables import Heartbeat


def heartbeats(session: Session) -> Sequence[Heartbeat]:
    """Every heartbeat, by name."""
    return session.exec(select(Heartbeat).order_by(Heartbeat.name)).all()


def beat(session: Session, name: str, *, now: datetime) -> None:
    """Writes one heartbeat."""
    heartbeat = session.get(Heartbeat, name) or Heartbeat(name=name, beat_at=now)
    heartbeat.beat_at = now
    session.add(heartbeat)
