"""Clocks: each a duty owed for one referral, with the moment it is due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from rules.vocabulary import ClockState, EventKind
from storage.tables.base import one_of, partial_index


class Clock(SQLModel, table=True):
    """One round of one duty. Limit and calendar version are fixed when it starts; ``due_at`` is re-derived with those.

    ``attention_at`` is a hint: the next moment at which the sweep must look. None when there is nothing to wait for.
    ``started_on`` is the event from which it counts; a clock may count from an earlier one than that which started it.
    ``watched`` is False for imported history: it is judged like any other, but nobody is told.
    ``not_applicable_because`` of a stopped clock: it was owed, and late, when the referral was closed.
    ``breached_at`` is the due moment that was missed; ``breach_recorded_at`` is when that was noticed.
    """

    __tablename__ = "clock"
    __table_args__ = (
        one_of("state", ClockState),
        one_of("started_on", EventKind),
        UniqueConstraint("referral_id", "kind", "round"),
        partial_index("ix_clock_running", "referral_id", "kind", where="state = 'running'", unique=True),
        Index("ix_clock_started_on", "started_on", "state"),
        partial_index("ix_clock_attention", "attention_at", "id", where="attention_at IS NOT NULL"),
        partial_index(
            "ix_clock_ended_late", "breached_at", "id", where="breached_at IS NOT NULL AND state = 'stopped'"
        ),
        # What the auditor asks at each sweep. As a column: SQLite does not see that "watched = 1" implies "watched".
        partial_index(
            "ix_clock_unnoticed", "watched", "due_at", where="state = 'running' AND breach_recorded_at IS NULL"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    kind: str
    duty: str
    round: int = 1
    state: str
    started_at: datetime
    started_on: str
    limit_amount: int
    limit_unit: str
    due_at: datetime
    rulebook_version_id: int = Field(foreign_key="rulebook_version.id")
    calendar_version_id: int = Field(foreign_key="calendar_version.id")
    stopped_at: datetime | None = None
    not_applicable_because: str = ""
    breached_at: datetime | None = None
    breach_recorded_at: datetime | None = None
    watched: bool = True
    attention_at: datetime | None = None
    failures: int = 0
