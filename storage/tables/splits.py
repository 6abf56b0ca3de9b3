"""Referrals that were taken off a child's record because they are about another child, and put back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class PersonSplit(SQLModel, table=True):
    """Two children found under one record: some referrals went to a record of their own. ``from_id`` kept the rest."""

    __tablename__ = "person_split"

    id: int | None = Field(default=None, primary_key=True)
    from_id: int = Field(foreign_key="person.id", index=True)
    to_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    split_at: datetime
    split_by: str
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_because: str = ""


class SplitReferral(SQLModel, table=True):
    """One referral that a split took off a record. Never changed, never deleted."""

    __tablename__ = "split_referral"

    split_id: int = Field(foreign_key="person_split.id", primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", primary_key=True, index=True)
