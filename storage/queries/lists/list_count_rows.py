"""The stored counts of the lists (``storage.list_counts``): summed for a page, and folded by the sweep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, insert, text
from sqlmodel import Session, col, func, select

from storage.tables import ListCount, metadata

LOOSE = 2_000
_TABLE = metadata.tables["list_count"]
_ALIKE = ("list", "part", "state", "team_id", "worker_id", "source_code", "kind")


def total(session: Session, name: str, alike: Mapping[str, Collection[Any]]) -> int:
    """How many rows of a list have, in each of these columns, one of these values."""
    statement = select(func.coalesce(func.sum(ListCount.change), 0)).where(col(ListCount.list) == name)
    for column, some in alike.items():
        statement = statement.where(_TABLE.c[column].in_(some))
    return int(session.exec(statement).one())


def fold(session: Session, *, loose: int = LOOSE) -> int:
    """Where more than ``loose`` changes lie about, makes one row of all that are alike; returns how many it took.

    What another transaction folds or adds at this moment is left as it is: the sum is the same.
    """
    some = select(ListCount.id).where(text("folded = 0")).limit(loose + 1).subquery()  # as its index says it
    if session.exec(select(func.count()).select_from(some)).one() <= loose:
        return 0
    taken = _TABLE.select().order_by(_TABLE.c.id).with_for_update(skip_locked=True)
    rows = session.connection().execute(taken).mappings().all()
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        sums[tuple(row[name] for name in _ALIKE)] += row["change"]
    session.connection().execute(
        delete(_TABLE).where(_TABLE.c.id == bindparam("gone")), [{"gone": row["id"]} for row in rows]
    )
    folded = [dict(zip(_ALIKE, key, strict=True)) | {"change": sums[key], "folded": 1} for key in sums if sums[key]]
    if folded:
        session.connection().execute(insert(_TABLE), folded)
    return len(rows)
