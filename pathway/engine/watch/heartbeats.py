"""Heartbeats, and the hours in which nobody was watching."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.sessions import WriteSession
from storage.tables import Heartbeat, WatchGap

GAP = timedelta(minutes=5)
EVERY = timedelta(seconds=5)  # how often each duty runs
SILENT_AFTER = 3 * EVERY
SWEEP = "sweep"
DISPATCH = "dispatch"


def beat(session: WriteSession, name: str, *, now: datetime) -> None:
    """Notes that a background duty ran; a pause of more than five minutes since the last time is kept as a gap."""
    heartbeat = session.get(Heartbeat, name)
    if heartbeat is None:
        session.add(Heartbeat(name=name, beat_at=now))
        return
    if now - heartbeat.beat_at > GAP:
        session.add(WatchGap(name=name, began_at=heartbeat.beat_at, ended_at=now))
    heartbeat.beat_at = now
