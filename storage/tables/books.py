"""Published rulebooks and calendars: each version's text, kept for ever, because running clocks point at it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class RulebookVersion(SQLModel, table=True):
    """One published version of one rulebook; ``sha256`` guards against an edit under the same version."""

    __tablename__ = "rulebook_version"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    version: str
    effective_from: date
    text: str
    sha256: str
    published_at: datetime
    published_by: str


class CalendarVersion(SQLModel, table=True):
    """One published calendar: its terms as JSON with every holiday spelled out, so that no library moves a deadline."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("name", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    version: int
    terms: str
    sha256: str
    published_at: datetime
    published_by: str
    reason: str
