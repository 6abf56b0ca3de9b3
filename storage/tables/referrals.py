"""The per-child record on the pathway, and what is decided and done about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rules.vocabulary import CheckKind, State
from storage.tables.base import one_of, partial_index


class Referral(SQLModel, table=True):
    """One child in one contact. It keeps the rulebook and calendar versions it came in under.

    ``accepted_at`` is set only by outcomes that accept a referral in the department's sense. ``version`` counts
    changes, so that a page opened before somebody else's change can't overwrite it. Letters written before
    ``tell_again_from`` no longer tell the referrer: the referral was reopened.
    """

    __tablename__ = "referral"
    __table_args__ = (
        one_of("state", State),
        UniqueConstraint("contact_id", "person_id"),
        partial_index("ix_referral_open", "state", "contact_id", where="closed_at IS NULL"),
        partial_index("ix_referral_worker_open", "worker_id", where="worker_id IS NOT NULL AND closed_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    state: str
    version: int = 1
    rulebook_version_id: int = Field(foreign_key="rulebook_version.id")
    calendar_version_id: int = Field(foreign_key="calendar_version.id")
    named_by_referrer: bool = True
    outcome: str | None = None
    decided_at: datetime | None = None
    accepted_at: datetime | None = None
    feedback_at: datetime | None = None
    tell_again_from: datetime | None = None
    worker_id: int | None = Field(default=None, foreign_key="worker.id")
    rating: str = ""
    closed_at: datetime | None = None
    closure_reason: str = ""
    imported: bool = False


class Check(SQLModel, table=True):
    """One check before a decision: made, with what was found, or not made, because."""

    __tablename__ = "referral_check"
    __table_args__ = (one_of("kind", CheckKind),)

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    kind: str
    made: bool
    found: str = ""
    not_made_because: str = ""
    recorded_at: datetime
    recorded_by: str


class Rating(SQLModel, table=True):
    """How urgent somebody rated a referral, in the words of its book, and why it was changed."""

    __tablename__ = "rating"

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    rating: str
    reason: str = ""
    rated_at: datetime
    rated_by: str


class Decision(SQLModel, table=True):
    """One decision with its reasons. Never edited: a wrong one is followed by a new one.

    Imported decisions may lack level, need and reasons: that is what inspectors found, and it is kept as found.
    """

    __tablename__ = "decision"

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    outcome: str
    level_of_need: str = ""
    primary_need: str = ""
    reasons: str
    decided_at: datetime
    decided_by: str
    recorded_at: datetime
    imported: bool = False


class Allocation(SQLModel, table=True):
    """A child handed to a worker after a recorded discussion (plan action 2.1.4)."""

    __tablename__ = "allocation"

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    worker_id: int = Field(foreign_key="worker.id", index=True)
    discussed_at: datetime
    discussed_by: str
    agreed: str
    override_reason: str = ""
    allocated_at: datetime
    allocated_by: str
    ended_at: datetime | None = None


class Query(SQLModel, table=True):
    """Something odd on a record for a person to look at: the value as it was typed, and what to do about it."""

    __tablename__ = "record_query"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="referral.id", index=True)
    place: str
    value: str
    problem: str
    remedy: str
    raised_at: datetime
    settled_at: datetime | None = None
    settled_by: str = ""
