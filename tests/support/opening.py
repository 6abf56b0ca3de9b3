"""The rows with which every front door of the tests opens: made by the product once, then copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text

from storage.sessions import Database, WriteSession
from storage.tables import metadata
from support import whole
from support.whole import Rows

_KEPT: dict[str, Rows] = {}
_MOMENTS = ("published_at", "created_at")


def fill(database: Database, key: str, make: Callable[[WriteSession], None], *, now: datetime) -> None:
    """Fills an empty database with what ``make`` writes; the second time for a ``key`` from what it wrote the first."""
    with database.write() as session:
        if key in _KEPT:
            _copy(session, {name: [_at(row, now) for row in rows] for name, rows in _KEPT[key].items()})
            return
        make(session)
        session.flush()
        _KEPT[key] = whole.rows(session)


def copy(database: Database, empty: Database) -> None:
    """Copies all rows of a database into an empty one, which may be of the other kind."""
    with empty.write() as session:
        _copy(session, whole.contents(database))


def _copy(session: WriteSession, kept: Rows) -> None:
    connection = session.connection()
    numbered = connection.dialect.name == "postgresql"
    if numbered:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # some rows point at later ones
    for name, rows in kept.items():
        if rows:
            connection.execute(insert(metadata.tables[name]), rows)
            if numbered and "id" in rows[0]:
                last = max(row["id"] for row in rows)
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))


def _at(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: now if name in _MOMENTS else value for name, value in row.items()}
