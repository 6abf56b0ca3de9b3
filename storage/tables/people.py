"""Children as persons: one row a child, however many referrals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import partial_index


class Person(SQLModel, table=True):
    """A child, born or unborn. ``nhs_number`` holds only a valid one; what failed its check digit is kept apart.

    ``name_key`` is the folded name that equal names share (see ``rules.identifiers.name_key``).
    """

    __tablename__ = "person"
    __table_args__ = (partial_index("ix_person_nhs_number", "nhs_number", where="nhs_number IS NOT NULL", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    forename: str = ""
    surname: str = ""
    name_key: str = Field(default="", index=True)
    birth_date: date | None = Field(default=None, index=True)
    due_date: date | None = None
    sex: str = "U"
    ethnicity: str = ""
    nhs_number: str | None = None
    nhs_number_unverified: str = ""
    upn: str = ""
    address: str = ""
    school: str = ""
    created_at: datetime


class ProposedMatch(SQLModel, table=True):
    """Two persons who may be one child; an officer decides. ``person_id`` is the newer of the two."""

    __tablename__ = "proposed_match"
    __table_args__ = (UniqueConstraint("person_id", "other_person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    other_person_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    proposed_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    same_child: bool | None = None
    note: str = ""


class HouseholdLink(SQLModel, table=True):
    """Two children of one household, as one contact named them. ``person_id`` is the lower id of the two."""

    __tablename__ = "household_link"
    __table_args__ = (UniqueConstraint("person_id", "other_person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    other_person_id: int = Field(foreign_key="person.id", index=True)
    contact_id: int = Field(foreign_key="contact.id")
    relation: str = "sibling"
