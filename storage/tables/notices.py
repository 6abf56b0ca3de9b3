"""What each person is to be told, until it is in a message."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rules.messages import MessageKind
from storage.tables.base import one_of, partial_index


class Notice(SQLModel, table=True):
    """One thing told to one person, written with the rung that tells it; ``message_id`` is the message it went in.

    ``recipient_key`` is ``user:ID``, or ``worker:ID`` for a worker who does not sign in. ``subject_key`` is what it is
    about: of several about one thing in one message the last is shown. ``priority`` 0 is urgent. ``link`` is a path
    below the address of the pages. ``alone``: it shares its message with no other. ``wait_until`` is a hint: nothing
    is sent before it. Role and ``closed_because`` may be empty.
    """

    __tablename__ = "notice"
    __table_args__ = (
        one_of("kind", MessageKind),
        partial_index("ix_notice_waiting", "recipient_key", "wait_until", where="message_id IS NULL"),
        Index("ix_notice_bundled", "recipient_key", "bundled_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    recipient_key: str
    user_id: int | None = Field(default=None, foreign_key="app_user.id", index=True)
    recipient_name: str
    recipient_address: str
    kind: str
    priority: int
    alone: bool = False
    subject_key: str
    headline: str
    next_step: str
    referral_ref: str = ""
    link: str = ""
    role: str = ""
    closed_because: str = ""
    due_at: datetime | None = None
    alert_id: int | None = Field(default=None, foreign_key="alert.id", index=True)
    clock_id: int | None = Field(default=None, foreign_key="clock.id", index=True)
    dedup_key: str = Field(unique=True)
    created_at: datetime
    wait_until: datetime
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    bundled_at: datetime | None = None
