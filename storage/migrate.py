"""Bring a database to this release's tables. Safe when several processes start at once, and quick when current.

For maintainers, after a change of ``storage/tables``: ``python -m storage.migrate NUMBER "what changes"`` writes the
step (0001 writes the first one anew, as long as nothing is released). Then ``ruff format`` it, and read it.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from rules.errors import Unavailable
from storage import faults
from storage.sessions import Database

if TYPE_CHECKING:
    from alembic.config import Config

STEP = re.compile(r"(\d{4})_\w+\.py")
FIRST = "0001"
LOCK = 0x70617468  # any number that no other program takes as an advisory lock of this database
NEWER = (
    "The database is at step {found}, and this release of Pathway knows steps up to {head} only. "
    "Install the newer release again, or restore the backup made before it."
)
NOT_READY = "The database {place} is not ready for this release. Run: pathway migrate"
BROKEN = "The new step leaves {count} rows pointing at nothing (the first in table {table}). Nothing was changed."


def head() -> str:
    """The step that this release's tables need."""
    names = (STEP.fullmatch(file.name) for file in files("storage.migrations.versions").iterdir())
    return max(name[1] for name in names if name)


def current(database: Database) -> str | None:
    """The step that the database is at; None when it is empty."""
    with database.read() as session:
        return _step(session.connection())


def is_current(database: Database) -> bool:
    """True when there is nothing to do."""
    return current(database) == head()


def require_current(database: Database) -> None:
    """Raise Unavailable, with the remedy, unless the database is at this release's step."""
    found = current(database)
    _refuse_newer(found)
    if found != head():
        raise faults.unavailable(NOT_READY, place=database.place)


def upgrade(database: Database) -> None:
    """Take the steps that are missing, all or none. Raises Unavailable when the database is newer than this release."""
    found = current(database)
    _refuse_newer(found)
    if found != head():
        with _alone(database) as connection:
            _take_steps(connection)


def write_step(number: str, message: str) -> Path:
    """Write the step from the last one (for 0001: from nothing) to ``storage.tables``. Needs a source checkout."""
    from alembic import command

    folder = Path(str(files("storage.migrations.versions")))
    for old in folder.glob(f"{number}_*.py"):
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        database = Database(f"sqlite:///{scratch}/empty.db")
        with _alone(database) as connection:
            if number > FIRST:
                _take_steps(connection)
            command.revision(_config(connection), message, autogenerate=True, rev_id=number)
        database.dispose()
    return next(folder.glob(f"{number}_*.py"))


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > head():
        raise Unavailable(NEWER.format(found=found, head=head()))


def _step(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _take_steps(connection: Connection) -> None:
    from alembic import command  # slow to import, and hardly ever needed

    command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(files("storage.migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """One transaction that no other migration runs beside; whoever waited finds the steps taken."""
    locked = _alone_on_sqlite if database.dialect == "sqlite" else _alone_on_postgresql
    with faults.in_plain_words(database.place), database.engine.connect() as connection, locked(connection):
        yield connection


@contextmanager
def _alone_on_postgresql(connection: Connection) -> Iterator[None]:
    with connection.begin():
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another process's long step is worth waiting for
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield


@contextmanager
def _alone_on_sqlite(connection: Connection) -> Iterator[None]:
    """BEGIN IMMEDIATE is the lock. Rebuilding a table drops the old one, which must not count as deleting its rows."""
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys=OFF")  # has no effect once a transaction has begun
        try:
            with connection.begin():
                yield
                _refuse_orphans(connection)
        finally:
            cursor.execute("PRAGMA foreign_keys=ON")


def _refuse_orphans(connection: Connection) -> None:
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        raise Unavailable(BROKEN.format(count=len(orphans), table=orphans[0][0]))


def main() -> None:
    """Write a step from the command line."""
    parser = argparse.ArgumentParser(prog="python -m storage.migrate", description=write_step.__doc__)
    parser.add_argument("number", help="four digits: one more than the last, or 0001 to write the first anew")
    parser.add_argument("what", help='what changes, e.g. "keep the pronouns"')
    chosen = parser.parse_args()
    sys.stdout.write(f"{write_step(chosen.number, chosen.what)}\n")


if __name__ == "__main__":
    main()
