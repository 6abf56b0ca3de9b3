"""Children as persons: one row a child, however many referrals."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from rules.likeness import search_words
from storage.tables.base import added, partial_index
from storage.tables.named import ToldOfChild


class Person(ToldOfChild, table=True):
    """A child, born or unborn. ``nhs_number`` holds only a valid one; what failed its check digit is kept apart.

    ``merged_into_id``: an officer found that this is the same child as that one, whose record goes on.
    ``name_key`` is the folded name that equal names share (see ``rules.likeness.identifiers.name_key``),
    ``sought`` what searches look in.
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
    merged_into_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    sought: str = added()


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_sought(_mapper: object, _connection: object, person: Person) -> None:
    """Whoever changes a name or a number changes what the child is found by."""
    person.sought = search_words.of_child(
        person.forename,
        person.surname,
        numbers=(person.nhs_number or "", person.nhs_number_unverified, person.upn),
        address=person.address,
    )


class MatchKey(SQLModel, table=True):
    """A key that a person shares with those who may be the same child: sound of the name, postcode, number."""

    __tablename__ = "match_key"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    key: str = Field(primary_key=True, index=True)


class PersonMerge(SQLModel, table=True):
    """Two persons found to be one child, and, when that was wrong, taken apart again."""

    __tablename__ = "person_merge"
    __table_args__ = (partial_index("ix_person_merge_standing", "merged_id", where="undone_at IS NULL", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    kept_id: int = Field(foreign_key="person.id", index=True)
    merged_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    merged_at: datetime
    merged_by: str
    undone_at: datetime | None = None
    undone_by: str = ""
    undone_because: str = ""


class MergedReferral(SQLModel, table=True):
    """One referral that a merge moved from the merged person to the kept one."""

    __tablename__ = "merged_referral"

    merge_id: int = Field(foreign_key="person_merge.id", primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", primary_key=True)


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


class Restriction(SQLModel, table=True):
    """A child's record that opens only to people named: own family of staff, or another reason given."""

    __tablename__ = "restriction"
    __table_args__ = (partial_index("ix_restriction_standing", "person_id", where="lifted_at IS NULL", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    restricted_at: datetime
    restricted_by: str
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lifted_because: str = ""


class RestrictionName(SQLModel, table=True):
    """Somebody to whom a restricted record opens, and why."""

    __tablename__ = "restriction_name"

    restriction_id: int = Field(foreign_key="restriction.id", primary_key=True)
    username: str = Field(primary_key=True)
    reason: str
    named_at: datetime
    named_by: str


class GlassBroken(SQLModel, table=True):
    """Somebody opened a restricted record without being named: with a reason, for some hours, reviewed by another."""

    __tablename__ = "glass_broken"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    username: str = Field(index=True)
    reason: str
    broken_at: datetime
    ends_at: datetime
    review_due_at: datetime
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    review_note: str = ""


class ProposedMatch(SQLModel, table=True):
    """Two persons who may be one child; an officer decides. ``person_id`` is the newer of the two.

    ``weight`` is that of ``rules.likeness.matching``: the higher, the likelier. ``split_id``: the split that proposed
    or withdrew it; withdrawn, it is settled without an answer.
    """

    __tablename__ = "proposed_match"
    __table_args__ = (
        UniqueConstraint("person_id", "other_person_id"),
        partial_index("ix_proposed_match_open", "weight", "id", where="settled_at IS NULL"),
        Index("ix_proposed_match_settled", "same_child", "weight", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    other_person_id: int = Field(foreign_key="person.id", index=True)
    reason: str
    weight: int = 0
    proposed_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
    same_child: bool | None = None
    note: str = ""
    split_id: int | None = Field(default=None, index=True)


class HouseholdLink(SQLModel, table=True):
    """Two children of one household, as one contact named them. ``person_id`` is the lower id of the two."""

    __tablename__ = "household_link"
    __table_args__ = (UniqueConstraint("person_id", "other_person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    other_person_id: int = Field(foreign_key="person.id", index=True)
    contact_id: int = Field(foreign_key="contact.id")
    relation: str = "sibling"
