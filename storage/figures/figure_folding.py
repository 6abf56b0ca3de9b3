"""The changes of a day's counts folded into one row, so that a sheet reads days and not what happened on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from storage.tables import FigureCount

MOST = 2_000
Key = tuple[date, str, str]


def any_unfolded(session: Session) -> bool:
    """True where there is something to fold."""
    return session.exec(select(FigureCount.id).where(col(FigureCount.folded) == 0).limit(1)).first() is not None


def fold(session: Session, *, limit: int = MOST) -> int:
    """Folds the oldest changes, ``limit`` at most, into the rows of their days; returns how many there were.

    What another process is folding is left to it. Raises Conflict where two begin the same day at one moment.
    """
    statement = select(FigureCount).where(col(FigureCount.folded) == 0).order_by(col(FigureCount.id)).limit(limit)
    loose = session.exec(statement.with_for_update(skip_locked=True)).all()
    sums: Counter[Key] = Counter()
    for row in loose:
        sums[row.day, row.figure, row.part] += row.change
    for key in sorted(sums):
        _add(session, key, sums[key])
    _drop(session, loose)
    return len(loose)


def _add(session: Session, key: Key, change: int) -> None:
    day, figure, part = key
    statement = select(FigureCount).where(
        col(FigureCount.folded) == 1,
        col(FigureCount.day) == day,
        col(FigureCount.figure) == figure,
        col(FigureCount.part) == part,
    )
    there = session.exec(statement.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if there is None:
        session.add(FigureCount(day=day, figure=figure, part=part, change=change, folded=1))
    else:
        there.change += change


def _drop(session: Session, loose: Sequence[FigureCount]) -> None:
    for row in loose:
        session.delete(row)
    session.flush()
