"""What the lists stand on, kept ready by the database itself in the transaction that changes it (``storage.listing``).

Each row is derived: it can be made anew from the records at any time, and a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum, StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import one_of, partial_index
from storage.tables.found_by import WORD

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""Stands for no due moment, so that such rows sort last without a NULL. Not 9999: in another zone that overflows."""


class Part(IntEnum):
    """The parts of a list of referrals, in the order in which they are read.

    What was imported is history as long as no clock of it is watched: it never stands before today's work.
    """

    DANGER = 0
    WORK = 1
    HISTORY = 2
    ENDED = 3


class Stage(StrEnum):
    """How far a letter has come. Owed: it has not left, and no e-mail carries it."""

    OWED = "owed"
    UNDERWAY = "underway"
    LEFT = "left"
    CANCELLED = "cancelled"
    EXCUSED = "excused"


class ListedReferral(SQLModel, table=True):
    """Where one referral stands on the lists. ``due_at`` is that of its strictest running clock, else ``NEVER``."""

    __tablename__ = "listed_referral"
    __table_args__ = (
        Index("ix_listed_referral_due", "part", "due_at", "received_at", "referral_id"),
        Index("ix_listed_referral_received", "part", "received_at", "referral_id"),
        Index("ix_listed_referral_state", "state", "part", "due_at", "received_at", "referral_id"),
        Index("ix_listed_referral_worker", "worker_id", "part", "due_at", "received_at", "referral_id"),
        Index("ix_listed_referral_team", "team_id", "part", "due_at", "received_at", "referral_id"),
        Index("ix_listed_referral_allocation", "team_id", "state", "part", "allocation_due_at", "referral_id"),
    )

    referral_id: int = Field(foreign_key="referral.id", primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    part: int
    due_at: datetime
    allocation_due_at: datetime
    received_at: datetime
    state: str
    team_id: int | None = None
    worker_id: int | None = None
    source_code: str
    kind: str
    recorded_by: str = Field(index=True)


class ListedLetter(SQLModel, table=True):
    """Where one letter stands on the lists; ``address`` is the beginning of that on it, in small letters."""

    __tablename__ = "listed_letter"
    __table_args__ = (
        one_of("stage", Stage),
        Index("ix_listed_letter_stage", "stage", "letter_id"),
        Index("ix_listed_letter_kind", "kind", "letter_id"),
        Index("ix_listed_letter_address", "address"),
    )

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    stage: str
    kind: str
    address: str = Field(sa_type=WORD)


class ListCount(SQLModel, table=True):
    """By how much the number of rows of a list that are alike in all of this changed; the sum is how many there are.

    Kept by the database itself (``storage.list_counts``). ``folded`` is 1 for a sum of many changes. Of a letter
    ``state`` is its stage; it has no part, team or worker.
    """

    __tablename__ = "list_count"
    __table_args__ = (
        Index("ix_list_count_alike", "list", "part", "state", "team_id", "worker_id", "source_code", "kind", "change"),
        partial_index("ix_list_count_loose", "id", where="folded = 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    list: str
    part: int
    state: str
    team_id: int | None = None
    worker_id: int | None = None
    source_code: str = ""
    kind: str
    change: int
    folded: int = 0


class SavedView(SQLModel, table=True):
    """A list as somebody filtered and sorted it, under a name. ``shared`` by a manager: everybody sees it.

    ``query`` is that of the address, without page and notice. A shared one holds no words of a search.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("owner", "path", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    path: str
    name: str
    query: str
    owner: str
    shared: bool = False
    saved_at: datetime
