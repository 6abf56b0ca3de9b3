"""The changes of a day's counts folded into one row, so that a sheet reads days and not what happened on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, insert, text, update
from sqlmodel import Session, col, select

from storage.tables import FigureCount, id_of, metadata

MOST = 2_000
Key = tuple[date, str, str]
LOOSE = text("folded = 0")  # as its index says it: of a value that is bound SQLite can't know that the index serves
_TABLE = metadata.tables["figure_count"]


def any_unfolded(session: Session) -> bool:
    """True where there is something to fold."""
    return session.exec(select(FigureCount.id).where(LOOSE).limit(1)).first() is not None


def fold(session: Session, *, limit: int = MOST) -> int:
    """Folds the oldest changes, ``limit`` at most, into the rows of their days; returns how many there were.

    What another process is folding is left to it. Raises Conflict where two begin the same day at one moment.
    """
    statement = select(FigureCount).where(LOOSE).order_by(col(FigureCount.id)).limit(limit)
    loose = session.exec(statement.with_for_update(skip_locked=True)).all()
    sums: Counter[Key] = Counter()
    for row in loose:
        sums[row.day, row.figure, row.part] += row.change
    there = _folded(session, {day for day, _, _ in sums})
    _add(session, [{"of": there[key], "by": sums[key]} for key in sorted(sums) if key in there])
    _begin(session, [key for key in sorted(sums) if key not in there], sums)
    _run(session, delete(_TABLE).where(_TABLE.c.id.in_([row.id for row in loose])))
    return len(loose)


def _folded(session: Session, days: Collection[date]) -> Mapping[Key, int]:
    """The numbers of the rows into which changes of these days go. They are locked in one order."""
    statement = select(FigureCount).where(col(FigureCount.folded) == 1, col(FigureCount.day).in_(days))
    rows = session.exec(statement.order_by(col(FigureCount.id)).with_for_update())
    return {(row.day, row.figure, row.part): id_of(row) for row in rows}


def _add(session: Session, changes: Sequence[Mapping[str, int]]) -> None:
    if changes:
        more = _TABLE.c.change + bindparam("by")
        _run(session, update(_TABLE).where(_TABLE.c.id == bindparam("of")).values(change=more), changes)


def _begin(session: Session, keys: Sequence[Key], sums: Mapping[Key, int]) -> None:
    if keys:
        rows = [{"day": key[0], "figure": key[1], "part": key[2], "change": sums[key], "folded": 1} for key in keys]
        _run(session, insert(_TABLE), rows)


def _run(session: Session, statement: Any, *rows: Any) -> None:
    session.connection().execute(statement, *rows)
