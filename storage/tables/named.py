"""What each contact said of each child, and what of it was filled in on a record: neither is lost by a join."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class NamedChild(SQLModel, table=True):
    """One child as one contact named it, whoever it is taken for. Never changed, never deleted.

    What was taken down wrong is followed by another row of the same referral: the last one holds.
    """

    __tablename__ = "named_child"

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    forename: str = ""
    surname: str = ""
    birth_date: date | None = None
    due_date: date | None = None
    sex: str = "U"
    ethnicity: str = ""
    nhs_number: str = ""
    upn: str = ""
    address: str = ""
    school: str = ""
    named_at: datetime


class FilledField(SQLModel, table=True):
    """One blank of a child's record that a contact filled when it joined, with the rule and its reasons."""

    __tablename__ = "filled_field"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    field: str
    value: str
    rule: str
    reasons: str
    filled_at: datetime
    taken_back_at: datetime | None = None
