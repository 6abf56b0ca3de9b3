"""A whole database as values, to see that nothing was written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from storage.sessions import Database
from storage.tables import metadata


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with database.read() as session:
        connection = session.connection()
        return {
            table.name: sorted(
                (tuple(row) for row in connection.execute(text(f"SELECT * FROM {table.name}"))), key=repr
            )
            for table in metadata.sorted_tables
        }
