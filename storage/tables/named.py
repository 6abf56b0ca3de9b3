"""What each contact said of children and adults, and what of it was filled in on a record: no join loses any of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from rules.relations import Relation
from storage.tables.base import added, one_of


class ToldOfChild(SQLModel):
    """The columns that both have. ``mother``: her name, by which an unborn child is named.

    ``about_age``: an estimated age as it was said, and when; it leaves birth dates from ``born_from`` to ``born_to``.
    """

    disability: str = added()
    religion: str = added()
    language: str = added()
    gp: str = added()
    health_visitor: str = added()
    mother: str = added()
    mother_birth_date: date | None = None
    about_age: str = added()
    born_from: date | None = None
    born_to: date | None = None


class NamedChild(ToldOfChild, table=True):
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
    where_now: str = added()
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


class NamedAdult(SQLModel, table=True):
    """One adult as one contact named them. Never changed, never deleted. ``risk``: known risk to workers.

    What is wrong is followed by another row of the same adult: the last one holds. ``first_id`` is the row in which the
    contact named them first, None in that row itself. Who is something to no child was named by mistake.
    """

    __tablename__ = "named_adult"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    forename: str = ""
    surname: str = ""
    birth_date: date | None = None
    phone: str = ""
    language: str = ""
    interpreter: bool = False
    risk: str = ""
    named_at: datetime
    named_by: str
    first_id: int | None = Field(default=None, index=True)


class AdultRelation(SQLModel, table=True):
    """What an adult is to one child of the contact; None: not known. Never changed, never deleted."""

    __tablename__ = "adult_relation"
    __table_args__ = (one_of("relation", Relation),)

    adult_id: int = Field(foreign_key="named_adult.id", primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", primary_key=True, index=True)
    relation: str
    parental_responsibility: bool | None = None
    lives_there: bool | None = None
