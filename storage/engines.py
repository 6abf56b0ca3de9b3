"""How connections are opened: the one place that knows how SQLite and PostgreSQL differ."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts

from storage import folding

if TYPE_CHECKING:
    from psycopg import Connection as PostgreSQLConnection  # slow to import, and not needed on SQLite

# recursive_triggers: without it, INSERT OR REPLACE would delete a row of the history unseen
# mmap_size: pages are read where the system keeps them, without a copy for each connection; what is written is not
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "mmap_size=1073741824",
)
CONNECTIONS = 10
MORE_CONNECTIONS = 20


def sqlite(url: str, *, wait: float) -> tuple[Engine, Engine]:
    """Engines for writing and for reading; a writer waits ``wait`` seconds for other processes.

    A writer takes the write lock when it begins: with a plain BEGIN two of them read the same state, and one loses.
    """
    return _sqlite(url, "BEGIN IMMEDIATE", wait=wait), _sqlite(url, "BEGIN", "query_only=ON", wait=wait)


def postgresql(url: str, *, wait: float) -> tuple[Engine, Engine]:
    """Engines for writing and for reading, over one pool; a lock is waited for ``wait`` seconds.

    A reader sees one state throughout, as it does on SQLite.
    """
    writer = _engine(url, wait=wait, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(wait))})

    @event.listens_for(writer, "connect")
    def set_up(connection: PostgreSQLConnection, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"SET lock_timeout = {round(wait * 1000)}")
        connection.commit()

    return writer, writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _sqlite(url: str, begin: str, *pragmas: str, wait: float) -> Engine:
    engine = _engine(url, wait=wait, pool_pre_ping=False, connect_args={"timeout": wait})
    # Rows of one table go in with one statement, as on PostgreSQL: SQLite numbers them in the order in which they stand
    # there, so that the number tells which row is which object.
    engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.AUTOINCREMENT

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver must not begin by itself
        for pragma in (*SQLITE_PRAGMAS, *pragmas):
            connection.execute(f"PRAGMA {pragma}")
        folding.add_to(connection)

    @event.listens_for(engine, "begin")
    def begin_so(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _engine(url: str, *, wait: float, pool_pre_ping: bool, connect_args: dict[str, float]) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,  # an error's text goes to logs, and the parameters are children's records
        pool_size=CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        pool_timeout=wait,
        pool_pre_ping=pool_pre_ping,
        connect_args=connect_args,
    )
