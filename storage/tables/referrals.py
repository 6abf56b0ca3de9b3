"""The per-child record on the pathway, and what is decided and done about it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from rules.vocabulary import CheckKind, Mark, State
from storage.tables.base import added_flag, one_of, one_of_or_empty, partial_index


class Referral(SQLModel, table=True):
    """One child in one contact. It keeps the rulebook and calendar versions it came in under.

    ``accepted_at`` is set only by outcomes that accept a referral in the department's sense. ``version`` counts
    changes, so that a page opened before somebody else's change can't overwrite it. Letters written before
    ``tell_again_from`` no longer tell the referrer: the referral was reopened, or its decision corrected.
    ``named_as`` is the child's name as this referrer gave it: letters to the referrer use no other.
    ``re_referral_of_id`` is the last referral of the same child, when it was less than twelve months before.
    ``grace_until``: until then what its decision leads to waits; None where nothing does, or once the sweep came by.
    A referral that is set aside (``mark``) was logged twice, then ``right_referral_id`` is the right one, or in error.
    """

    __tablename__ = "referral"
    __table_args__ = (
        one_of("state", State),
        one_of_or_empty("mark", Mark),
        partial_index("ix_referral_child", "contact_id", "person_id", where="set_aside_at IS NULL", unique=True),
        partial_index("ix_referral_team_open", "team_id", where="team_id IS NOT NULL AND closed_at IS NULL"),
        partial_index("ix_referral_open", "state", "contact_id", where="closed_at IS NULL"),
        partial_index("ix_referral_grace", "grace_until", "id", where="grace_until IS NOT NULL"),
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
    named_as: str = ""
    outcome: str | None = None
    decided_at: datetime | None = None
    grace_until: datetime | None = None
    accepted_at: datetime | None = None
    feedback_at: datetime | None = None
    tell_again_from: datetime | None = None
    worker_id: int | None = Field(default=None, foreign_key="worker.id")
    team_id: int | None = Field(default=None, foreign_key="team.id")
    rating: str = ""
    re_referral_of_id: int | None = Field(default=None, foreign_key="referral.id")
    added_because: str = ""
    closed_at: datetime | None = None
    closure_reason: str = ""
    closure_code: str = ""
    mark: str = ""
    set_aside_at: datetime | None = None
    set_aside_because: str = ""
    right_referral_id: int | None = Field(default=None, foreign_key="referral.id")
    imported: bool = False


class Check(SQLModel, table=True):
    """One check before a decision: made, with what was found, or not made, because.

    ``taken_over``: Pathway searched its own record, found nothing, and somebody took that over.
    """

    __tablename__ = "referral_check"
    __table_args__ = (one_of("kind", CheckKind),)

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    kind: str
    made: bool
    found: str = ""
    not_made_because: str = ""
    taken_over: bool = added_flag()
    recorded_at: datetime
    recorded_by: str = Field(index=True)


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
    """One decision with its reasons. Never edited: a wrong one is followed by a new one, or undone within its grace.

    ``grace_until`` is None where it had no grace.

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
    worker_id: int | None = Field(default=None, foreign_key="worker.id")
    receiver: str = ""
    receiver_email: str = ""
    correction_reason: str = ""
    imported: bool = False
    grace_until: datetime | None = None


class UndoneDecision(SQLModel, table=True):
    """A decision was revoked within its grace: it stays on record, holds no more and counts in no figure."""

    __tablename__ = "undone_decision"

    decision_id: int = Field(foreign_key="decision.id", primary_key=True)
    undone_at: datetime
    undone_by: str
    reason: str


class OnwardReferral(SQLModel, table=True):
    """A child referred onward to early help, another authority or an agency, until the receiver has answered."""

    __tablename__ = "onward_referral"
    __table_args__ = (
        partial_index("ix_onward_referral_open", "referral_id", where="answered_at IS NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    decision_id: int = Field(foreign_key="decision.id")
    receiver: str
    receiver_email: str = ""
    sent_at: datetime
    sent_by: str
    answered_at: datetime | None = None
    recorded_by: str = ""
    accepted: bool | None = None
    note: str = ""


class SecondLook(SQLModel, table=True):
    """A second manager's look at the decision about a child of whom there were three contacts in twelve months."""

    __tablename__ = "second_look"

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    decision_id: int = Field(foreign_key="decision.id")
    agrees: bool
    note: str
    looked_at: datetime
    looked_by: str


class Transfer(SQLModel, table=True):
    """A child on the way from one worker to another worker or team; until both sides accept, the first one holds it."""

    __tablename__ = "transfer"
    __table_args__ = (
        partial_index(
            "ix_transfer_open", "referral_id", where="completed_at IS NULL AND refused_at IS NULL", unique=True
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    from_worker_id: int = Field(foreign_key="worker.id", index=True)
    to_team_id: int = Field(foreign_key="team.id", index=True)
    to_worker_id: int | None = Field(default=None, foreign_key="worker.id", index=True)
    handover_note: str
    proposed_at: datetime
    proposed_by: str
    given_at: datetime | None = None
    given_by: str = ""
    taken_at: datetime | None = None
    taken_by: str = ""
    override_reason: str = ""
    refused_at: datetime | None = None
    refused_by: str = ""
    refused_because: str = ""
    completed_at: datetime | None = None


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
    __table_args__ = (
        partial_index("ix_record_query_open", "id", where="settled_at IS NULL"),
        partial_index("ix_record_query_settled", "settled_at", "id", where="settled_at IS NOT NULL"),
    )

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
    settled_note: str = ""
