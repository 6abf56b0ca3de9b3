"""Alerts and the rungs of their ladders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rules.vocabulary import AlertKind, Role, RungResult
from storage.tables.base import one_of, partial_index


class Alert(SQLModel, table=True):
    """Something that a person must see to. Its ladder is frozen when it opens.

    With ``worker_id`` the rung "social worker" reaches that worker, and "team manager" the managers of that team.

    ``subject_key`` names what it is about (``clock:12``, ``worker:3``): one open alert for each. ``due_at`` is when it
    should have opened, ``opened_at`` when it did. Offsets of rungs count from ``anchor_at``. ``next_at`` is the sweep's
    hint.
    """

    __tablename__ = "alert"
    __table_args__ = (
        one_of("kind", AlertKind),
        partial_index("ix_alert_open_subject", "subject_key", where="closed_at IS NULL", unique=True),
        partial_index("ix_alert_open_due", "due_at", "id", where="closed_at IS NULL"),
        partial_index("ix_alert_open_kind", "kind", "id", where="closed_at IS NULL"),
        partial_index("ix_alert_closed", "closed_at", "id", where="closed_at IS NOT NULL"),
        partial_index("ix_alert_next", "next_at", "id", where="next_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    subject_key: str
    headline: str
    next_step: str
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="referral.id", index=True)
    clock_id: int | None = Field(default=None, foreign_key="clock.id", index=True)
    worker_id: int | None = Field(default=None, foreign_key="worker.id", index=True)
    ladder: str
    due_at: datetime
    opened_at: datetime
    anchor_at: datetime
    next_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledgement_note: str = ""
    held_until: datetime | None = None
    closed_at: datetime | None = None
    closed_because: str = ""
    failures: int = 0


class AlertTakenOn(SQLModel, table=True):
    """Somebody said "I have it": the ladder waits ``until`` then at most. Once a person and alert; never changed."""

    __tablename__ = "alert_taken_on"
    __table_args__ = (UniqueConstraint("alert_id", "username"),)

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id")
    username: str
    name: str
    taken_at: datetime
    until: datetime


class RungTaken(SQLModel, table=True):
    """One rung, taken once. ``owner_key`` is ``clock:ID`` for warnings, else ``alert:ID``; ``turn`` counts repeats."""

    __tablename__ = "rung_taken"
    __table_args__ = (
        one_of("role", Role),
        one_of("result", RungResult),
        UniqueConstraint("owner_key", "rung", "turn"),
    )

    id: int | None = Field(default=None, primary_key=True)
    owner_key: str
    rung: int
    turn: int = 0
    role: str
    intended_at: datetime
    taken_at: datetime
    result: str
    people_told: str = ""
