"""What GOV.UK Notify said about what it had accepted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class NotifyStatus(SQLModel, table=True):
    """One status of what was accepted at ``attempt_id``, in GOV.UK Notify's own word.

    ``said_at`` is the moment that it gave, or that of hearing it where it gave none. After one that ``is_final`` there
    is no other.
    """

    __tablename__ = "notify_status"
    __table_args__ = (UniqueConstraint("attempt_id", "status"),)

    id: int | None = Field(default=None, primary_key=True)
    attempt_id: int = Field(foreign_key="message_attempt.id", index=True)
    status: str
    is_final: bool
    said_at: datetime
    recorded_at: datetime
