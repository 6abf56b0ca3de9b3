"""Fresh, migrated databases, quickly: each session migrates once, each test starts from that."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from storage import migrate
from storage.sessions import Database
from support import postgres

EMPTY_EVERYTHING = """
DO $$ DECLARE name text; filled boolean; BEGIN
    SET LOCAL session_replication_role = replica;  -- the history's triggers don't fire, foreign keys don't check
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
    PERFORM setval(quote_ident(sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
CLOSE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
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


@contextmanager
def restored(database: Database, template: Path) -> Iterator[Database]:
    """The same database, its file copied from the template once more: its compiled statements serve test after test."""
    database.dispose()
    path = Path(database.place)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    shutil.copyfile(template, path)
    yield database


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


def emptied(database: Database, beside: psycopg.Connection[Any]) -> Database:
    """The same migrated database without rows, its numbers starting from 1 again."""
    beside.execute(CLOSE_OTHERS)  # a thread that a failed test left behind must not block the next one
    beside.execute(EMPTY_EVERYTHING.encode())
    return database


@contextmanager
def disposed(database: Database) -> Iterator[Database]:
    """The database, its connections closed at the end."""
    try:
        yield database
    finally:
        database.dispose()
