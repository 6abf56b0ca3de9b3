"""Keeps ``list_count``: how many rows of each list are alike, so that a million is counted as fast as ten.

By triggers on ``listed_referral`` and ``listed_letter``, in the transaction of the change. A change is a row of its
own, so that nobody waits for another's counter; the sweep folds them (``storage.queries.lists.list_count_rows``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from storage.follow_up import Trigger
from storage.triggers import Operations

REFERRALS, LETTERS = "referrals", "letters"
# By what rows of a list are alike: the column of ``list_count``, and that of the list or what stands for it.
Alike = Mapping[str, str]
LISTS: Mapping[str, tuple[str, Alike]] = {
    REFERRALS: (
        "listed_referral",
        {name: name for name in ("part", "state", "team_id", "worker_id", "source_code", "kind")},
    ),
    LETTERS: ("listed_letter", {"part": "0", "state": "stage", "source_code": "''", "kind": "kind"}),
}


def keep(op: Operations) -> None:
    """In a step: counts what there is, and keeps the counts from then on."""
    dialect = op.get_context().dialect.name
    for statement in (*filling(), *(one for name in LISTS for one in _triggers(name, dialect))):
        op.execute(statement)


def filling() -> Sequence[str]:
    """The statements that count everything into an empty table."""
    return [_counted(name, table, alike) for name, (table, alike) in LISTS.items()]


def names() -> frozenset[str]:
    """The names of the triggers."""
    return frozenset(f"list_count_{name}_{what}" for name in LISTS for what in ("more", "other"))


def _counted(name: str, table: str, alike: Alike) -> str:
    by = ", ".join(f"listed.{column}" for column in alike.values() if column.isidentifier())
    shown = ", ".join(_of("listed", column) for column in alike.values())
    return (
        f"INSERT INTO list_count (list, {', '.join(alike)}, change, folded) "  # noqa: S608 - names of our own
        f"SELECT '{name}', {shown}, count(*), 1 FROM {table} listed GROUP BY {by}"
    )


def _triggers(name: str, dialect: str) -> Iterator[str]:
    table, alike = LISTS[name]
    columns = [column for column in alike.values() if column.isidentifier()]
    other = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    more, less = _change(name, "NEW", 1), _change(name, "OLD", -1)
    made = Trigger(name=f"list_count_{name}_more", on=f"INSERT ON {table}", body=more)
    changed = Trigger(
        name=f"list_count_{name}_other",
        on=f"UPDATE OF {', '.join(columns)} ON {table}",
        when=" OR ".join(f"NEW.{column} {other} OLD.{column}" for column in columns),
        body=f"{less}; {more}",
    )
    yield from (*made.statements(dialect), *changed.statements(dialect))


def _change(name: str, row: str, by: int) -> str:
    alike = LISTS[name][1]
    values = ", ".join(_of(row, column) for column in alike.values())
    return f"INSERT INTO list_count (list, {', '.join(alike)}, change, folded) VALUES ('{name}', {values}, {by}, 0)"  # noqa: S608


def _of(row: str, column: str) -> str:
    return f"{row}.{column}" if column.isidentifier() else column
