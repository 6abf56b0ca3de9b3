"""A whole database as values: to see that nothing was written, or to copy it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from storage.sessions import Database, Session
from storage.tables import metadata

Rows = Mapping[str, list[dict[str, Any]]]


def rows(session: Session) -> Rows:
    """Every row of every table, tables that others point at first."""
    connection = session.connection()
    return {
        table.name: [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]
        for table in metadata.sorted_tables
    }


def contents(database: Database) -> Rows:
    """Every row of every table."""
    with database.read() as session:
        return rows(session)
