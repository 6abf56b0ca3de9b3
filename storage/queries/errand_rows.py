"""Which of the sweep's errands wait, asked in one statement: mostly none does, and a sweep comes every five seconds.

Each question is the condition by which the errand itself finds its rows, so that none is passed over.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Exists, bindparam
from sqlmodel import Session, select

from storage.figures import figure_folding
from storage.queries import due_rows, hold_rows
from storage.queries.alerts import notice_rows
from storage.queries.hold_rows import Held
from storage.tables import FigureCount, FigureTouch, Notice, User, WeeklyFigures

_NOW: Any = bindparam("now")
_TODAY: Any = bindparam("today")


class Errands(NamedTuple):
    """What holds Pathway back, and what waits: to be caught up, judged, told, counted and sent."""

    is_copy: bool
    in_doubt: bool
    behind: bool
    graces: bool
    clocks: bool
    alerts: bool
    links: bool
    drafts: bool
    touched: bool
    unfolded: bool
    notices: bool
    digests: bool
    weekly: bool

    @property
    def held(self) -> Held:
        """Whether anything may be done at all."""
        return hold_rows.why_held(is_copy=self.is_copy, in_doubt=self.in_doubt)

    @property
    def to_judge(self) -> bool:
        """True where a moment has come at which somebody's duty is judged."""
        return self.behind or self.graces or self.clocks or self.alerts

    @property
    def to_count(self) -> bool:
        """True where a figure is not true yet."""
        return self.touched or self.unfolded

    @property
    def to_tell(self) -> bool:
        """True where somebody is told now, or will be by what else waits."""
        return self.notices or self.links or self.drafts


def _any(table: type[Any], *where: Any) -> Exists:
    return select(table.id).where(*where).exists()


def _question() -> Any:
    due = {name: due_rows.is_due(column, _NOW) for name, column in due_rows.MOMENTS.items()}
    asked = {
        "is_copy": hold_rows.COPIED,
        "in_doubt": hold_rows.DOUBTED,
        "behind": select(1).where(*hold_rows.BEHIND).exists(),
        **{name: select(1).where(where).exists() for name, where in due.items()},
        "touched": _any(FigureTouch),
        "unfolded": _any(FigureCount, figure_folding.LOOSE),
        "notices": _any(Notice, *notice_rows.may_go(_NOW)),
        "digests": _any(User, *notice_rows.wants_digest(), notice_rows.digest_owed(_TODAY)),
        "weekly": select(WeeklyFigures.user_id).exists(),
    }
    return select(*(asked[name].label(name) for name in Errands._fields))


# Written once: it is asked more often than anything else, and writing it takes as long as asking.
_QUESTION = _question()


def waiting(session: Session, *, now: datetime, today: date) -> Errands:
    """What waits at ``now``; ``today`` is the day on the wall, for what comes once a day."""
    return Errands(*session.execute(_QUESTION, {"now": now, "today": today}).one())
