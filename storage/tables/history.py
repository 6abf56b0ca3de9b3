"""The append-only history and the log of who looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from rules.vocabulary import EventKind
from storage.tables.base import one_of, partial_index


class Event(SQLModel, table=True):
    """Something that happened: ``occurred_at`` in the world, ``recorded_at`` here. Never changed, never deleted.

    ``details`` is a JSON object. ``request_id`` is a form's token: one event a token, so a second click does nothing.
    """

    __tablename__ = "event"
    __table_args__ = (
        one_of("kind", EventKind),
        partial_index("ix_event_request_id", "request_id", where="request_id IS NOT NULL", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="referral.id", index=True)
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    summary: str
    details: str = "{}"
    request_id: str | None = None


class Access(SQLModel, table=True):
    """One look, or refused look, at a child's record; ``words`` are those of a search, as typed."""

    __tablename__ = "access"
    __table_args__ = (
        partial_index("ix_access_words", "id", "words", where="words <> ''"),
        Index("ix_access_refused", "id", sqlite_where=text("allowed = 0"), postgresql_where=text("NOT allowed")),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    username: str = Field(index=True)
    what: str
    contact_id: int | None = Field(default=None, index=True)
    referral_id: int | None = Field(default=None, index=True)
    allowed: bool
    reason: str = ""
    words: str = ""


class AccessChild(SQLModel, table=True):
    """One child whom a look showed, or would have shown, under the number that the child had then."""

    __tablename__ = "access_child"
    __table_args__ = (Index("ix_access_child_person_id_access_id", "person_id", "access_id"),)

    access_id: int = Field(foreign_key="access.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
