"""Fresh, migrated databases, quickly: each session migrates once, each test starts from that."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from storage import migrate
from storage.sessions import Database
from storage.tables import metadata
from support import postgres

EMPTY_EVERYTHING = """
SET session_replication_role = replica;  -- the history's triggers don't fire, foreign keys don't check
DO $$ DECLARE name text; filled boolean; BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$;
"""
CLOSE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
ALL_ROWS = " UNION ALL ".join(
    f"""SELECT '"{table}"', json_agg(rows)::text FROM "{table}" rows""" for table in metadata.tables
)
NUMBERS = """
SELECT format('SELECT setval(%L, %s);', quote_ident(sequencename), last_value) FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


def migrated_file(path: Path) -> Path:
    """A SQLite file at head, to be copied."""
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.dispose()
    return path


@contextmanager
def sqlite_copy(template: Path, path: Path) -> Iterator[Database]:
    """A database of its own, copied from the template."""
    shutil.copyfile(template, path)
    with disposed(Database(f"sqlite:///{path}")) as database:
        yield database


class SqliteStage:
    """Rows of a SQLite database are its whole file."""

    def __init__(self, database: Database, template: Path) -> None:
        self._database, self._path, self._empty = database, Path(database.place), template.read_bytes()

    def taken(self) -> bytes:
        """The file as it is, with what lies beside it."""
        with closing(sqlite3.connect(self._path)) as connection:
            return connection.serialize()

    def put(self, rows: bytes | None) -> None:
        """The file anew; the engine stays, so that its compiled statements serve test after test."""
        self._database.dispose()
        for beside in ("-wal", "-shm"):
            self._path.with_name(self._path.name + beside).unlink(missing_ok=True)
        self._path.write_bytes(rows or self._empty)


class PostgresqlStage:
    """Rows of a PostgreSQL database, as the statements that insert them, over a connection of its own."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def taken(self) -> str:
        """The rows of each table as JSON, and how far the numbers have come."""
        filled = (found for found in self._connection.execute(ALL_ROWS.encode()) if found[1] is not None)
        inserted = [
            f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, {sql.quote(rows)});"
            for table, rows in filled
        ]
        return "".join([*inserted, *(found[0] for found in self._connection.execute(NUMBERS))])

    def put(self, rows: str | None) -> None:
        """These rows and no others; with none, all numbers start from 1 again."""
        self._connection.execute(CLOSE_OTHERS)  # a thread that a failed test left behind must not block the next one
        self._connection.execute(f"BEGIN;{EMPTY_EVERYTHING}{rows or ''}COMMIT".encode())


def new_postgresql(folder: str) -> str:
    """The address of a new PostgreSQL database without tables."""
    name = f"pathway_{secrets.token_hex(6)}"
    postgres.run(folder, f"CREATE DATABASE {name}")
    return postgres.url(folder, name)


def migrated_postgresql(folder: str) -> str:
    """The address of a PostgreSQL database at head, to be emptied before each test."""
    url = new_postgresql(folder)
    with disposed(Database(url)) as database:
        migrate.upgrade(database)
    return url


@contextmanager
def disposed(database: Database) -> Iterator[Database]:
    """The database, its connections closed at the end."""
    try:
        yield database
    finally:
        database.dispose()
