"""Milestones: what happens after a referral was accepted, with the moment when it happened."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from rules.vocabulary import MilestoneKind
from storage.tables.base import one_of


class Milestone(SQLModel, table=True):
    """One milestone of one child: ``occurred_at`` in the world, ``recorded_at`` here. Never changed, never deleted.

    ``enquiry_started`` and ``took_part`` belong to a strategy discussion, ``seen_alone`` to a visit.
    """

    __tablename__ = "milestone"
    __table_args__ = (one_of("kind", MilestoneKind),)

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    recorded_by: str
    note: str = ""
    reason_for_overrun: str = ""
    enquiry_started: bool | None = None
    took_part: str = ""
    seen_alone: bool | None = None
