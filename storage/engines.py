"""How connections are opened: the one place that knows how SQLite and PostgreSQL differ."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def sqlite(url: str, *, wait: float) -> tuple[Engine, Engine]:
    """Engines for writing and for reading; a writer waits ``wait`` seconds for other processes.

    A writer takes the write lock when it begins: with a plain BEGIN two of them read the same state and one change is lost.
    """
    return _sqlite(url, "BEGIN IMMEDIATE", wait=wait), _sqlite(url, "BEGIN", "query_only=ON", wait=wait)


def postgresql(url: str) -> tuple[Engine, Engine]:
    """Engines for writing and for reading, over one pool. A reader sees one state throughout, as it does on SQLite."""
    writer = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: str, begin: str, *pragmas: str, wait: float) -> Engine:
    # hide_parameters: an error's text goes to logs, and the parameters are children's records.
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": wait}, pool_size=10, max_overflow=20, pool_timeout=wait
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        for pragma in (*SQLITE_PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin_so(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
