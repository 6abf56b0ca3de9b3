"""Who watches the watch: heartbeats of background work, and the hours in which nobody was watching."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Heartbeat(SQLModel, table=True):
    """When a background duty (``sweep``, ``dispatch``) last ran."""

    __tablename__ = "heartbeat"

    name: str = Field(primary_key=True)
    beat_at: datetime


class WatchGap(SQLModel, table=True):
    """Hours in which no sweep ran."""

    __tablename__ = "watch_gap"
    __table_args__ = (UniqueConstraint("name", "began_at"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    began_at: datetime
    ended_at: datetime
