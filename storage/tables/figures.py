"""Why something was late, and the stored figures: what is counted, the counts of each day, and who gets them weekly."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import partial_index


class WhyLate(SQLModel, table=True):
    """Why one duty was met late: ``reason`` is a code of the book's list. Never changed; the newest answer stands."""

    __tablename__ = "why_late"

    id: int | None = Field(default=None, primary_key=True)
    clock_id: int = Field(foreign_key="clock.id", index=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    reason: str
    words: str = ""
    told_at: datetime
    told_by: str


class FigureRow(SQLModel, table=True):
    """One thing that one figure counts (``rules.figures.derive.Row``), counted again after each change of its facts."""

    __tablename__ = "figure_row"
    __table_args__ = (
        UniqueConstraint("figure", "key"),
        Index("ix_figure_row_listed", "figure", "day", "at", "id", "part"),
    )

    id: int | None = Field(default=None, primary_key=True)
    figure: str
    part: str
    key: str
    day: date
    at: datetime
    contact_id: int = Field(foreign_key="contact.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="referral.id")
    clock_id: int | None = Field(default=None, foreign_key="clock.id")
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_by: str = ""


class FigureCount(SQLModel, table=True):
    """By how much a day's count in one part of a figure changed; the sum is the count.

    A change is a row of its own, so that nobody waits for another's; the sweep folds those of a day (``folded`` 1).
    """

    __tablename__ = "figure_count"
    __table_args__ = (
        Index("ix_figure_count_day", "day", "figure", "part", "change"),
        partial_index("ix_figure_count_folded", "day", "figure", "part", where="folded = 1", unique=True),
        partial_index("ix_figure_count_unfolded", "id", where="folded = 0"),
    )

    id: int | None = Field(default=None, primary_key=True)
    day: date
    figure: str
    part: str
    change: int
    folded: int = 0


class FigureTouch(SQLModel, table=True):
    """A contact whose figures have to be counted again: named in the transaction that changed what they count.

    Every transaction adds a row of its own, so that nobody waits for another's and no row speaks for a change that it
    doesn't know of. No foreign key: its check would wait for whoever has the contact locked.
    """

    __tablename__ = "figure_touch"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int


class WeeklyFigures(SQLModel, table=True):
    """Somebody who asked for the week's figures by e-mail. ``done_week``: the Monday of the last week done with."""

    __tablename__ = "weekly_figures"

    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    asked_at: datetime
    done_week: date | None = None
