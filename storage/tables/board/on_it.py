"""Who is on which contact of the board just now."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import partial_index


class OnIt(SQLModel, table=True):
    """Somebody said "I am on it" of a contact: ``until`` then at most, or until it was given back (``ended_at``)."""

    __tablename__ = "on_it"
    __table_args__ = (partial_index("ix_on_it_standing", "contact_id", where="ended_at IS NULL", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    username: str
    name: str
    taken_at: datetime
    until: datetime
    ended_at: datetime | None = None
