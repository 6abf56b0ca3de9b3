"""The rows with which every front door of the tests opens: made by the product once, then copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, text

from storage.sessions import Database, WriteSession
from storage.tables import metadata

_KEPT: dict[str, Mapping[str, list[dict[str, Any]]]] = {}
_MOMENTS = ("published_at", "created_at")


def fill(database: Database, key: str, make: Callable[[WriteSession], None], *, now: datetime) -> None:
    """Fills an empty database with what ``make`` writes; the second time for a ``key`` from what it wrote the first."""
    with database.write() as session:
        if key in _KEPT:
            _copy(session, _KEPT[key], now=now)
            return
        make(session)
        session.flush()
        _KEPT[key] = {table.name: _rows(session, table) for table in metadata.sorted_tables}


def _rows(session: WriteSession, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in session.connection().execute(select(table)).mappings()]


def _copy(session: WriteSession, kept: Mapping[str, list[dict[str, Any]]], *, now: datetime) -> None:
    connection = session.connection()
    for name, rows in kept.items():
        if rows:
            connection.execute(insert(metadata.tables[name]), [_at(row, now) for row in rows])
            if connection.dialect.name == "postgresql" and "id" in rows[0]:
                last = max(row["id"] for row in rows)
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {last})"))


def _at(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {name: now if name in _MOMENTS else value for name, value in row.items()}
