"""What keeps Pathway from acting: a clock in doubt, and a database that is a copy of another's."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import partial_index


class ClockDoubt(SQLModel, table=True):
    """A time in which nobody knows what o'clock it is; at most one is open. Nothing is sent or judged meanwhile.

    ``trusted_at`` is the last moment that was certain; with ``trusted_counted`` (seconds since the machine started)
    the right moment can be reckoned on the same ``boot``. ``last_event_id``: later events were recorded in doubt.
    ``caught_up_at``: when all that had waited was done.
    """

    __tablename__ = "clock_doubt"
    __table_args__ = (
        partial_index("ix_clock_doubt_open", "is_open", where="ended_at IS NULL", unique=True),
        partial_index("ix_clock_doubt_behind", "id", where="caught_up_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    is_open: bool = True
    began_at: datetime
    because: str
    trusted_at: datetime
    trusted_counted: float | None = None
    boot: str
    machine: str
    last_event_id: int
    ended_at: datetime | None = None
    ended_by: str = ""
    caught_up_at: datetime | None = None


class Installation(SQLModel, table=True):
    """The one row that says which installation this database belongs to, in a way that no restore keeps.

    ``place``: where it lies, in words that no copy makes true. ``mark`` and,
    while it is changed, ``next_mark`` stand in a file beside a database that is a file; elsewhere they are empty.
    ``copied_because``: why it is taken for a copy of another, empty where it is not; ``copied_at`` since when.
    ``council`` was typed by who adopted it, if anybody did.
    """

    __tablename__ = "installation"

    id: int = Field(default=1, primary_key=True)
    place: str = ""
    mark: str = ""
    next_mark: str = ""
    adopted_at: datetime
    adopted_by: str = ""
    council: str = ""
    copied_at: datetime | None = None
    copied_because: str = ""

    @property
    def short_name(self) -> str:
        """What tells it from other installations; a copy that was adopted has another than the original."""
        return hashlib.sha256(f"{self.place} {self.adopted_at.timestamp()}".encode()).hexdigest()[:12]
