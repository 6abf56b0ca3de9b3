"""What the databases' own errors mean, and what to do about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, TimeoutError

from rules.errors import Unavailable

BUSY = "The database is busy: somebody else has been writing for too long. Nothing was saved; try again in a moment."
SQLITE_FAULTS = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": "The disk that holds {place} is full. Nothing was saved; make room and try again.",
    "SQLITE_READONLY": "{place} can't be written. Give this user the right to write the file and its folder.",
    "SQLITE_CANTOPEN": "{place} can't be opened. Check that the folder exists and that this user may write there.",
    "SQLITE_IOERR": "{place} can't be read or written: the disk failed. Nothing was saved; check the disk.",
    "SQLITE_NOTADB": "{place} is not a SQLite database. Check PATHWAY_DATABASE_URL.",
    "SQLITE_CORRUPT": "{place} is damaged. Stop Pathway and restore the file from the last backup.",
}
POSTGRESQL_FAULTS = {
    "40001": BUSY,
    "40P01": BUSY,
    "55P03": BUSY,
    "53100": "The disk of the database server is full. Nothing was saved; make room and try again.",
    "25006": "The database {place} takes no changes: it is a standby or set to read only. Connect to the main server.",
}
UNREACHABLE = (
    "The database {place} can't be reached ({reason}). Check that PostgreSQL is running and that PATHWAY_DATABASE_URL "
    "names the right host, user, password and database."
)
TOO_MANY = "The database is busy: all connections are in use. Nothing was saved; try again in a moment."


@contextmanager
def in_plain_words(place: str) -> Iterator[None]:
    """Turn what an operator can put right into Unavailable; faults of ours pass unchanged. ``place`` names the database."""
    try:
        yield
    except TimeoutError as error:
        raise Unavailable(TOO_MANY) from error
    except DBAPIError as error:
        words = _sqlite_words(error) or _postgresql_words(error)
        if words is None:
            raise
        raise Unavailable(words.format(place=place, reason=_first_line(error))) from error


def _sqlite_words(error: DBAPIError) -> str | None:
    cause = error.orig
    if not isinstance(cause, sqlite3.Error):
        return None
    # Extended codes are named like SQLITE_IOERR_WRITE: the first two words are the code proper.
    name = str(getattr(cause, "sqlite_errorname", ""))
    return SQLITE_FAULTS.get("_".join(name.split("_")[:2]))


def _postgresql_words(error: DBAPIError) -> str | None:
    state = getattr(error.orig, "sqlstate", None)
    if state in POSTGRESQL_FAULTS:
        return POSTGRESQL_FAULTS[state]
    never_connected = error.statement is None and not isinstance(error.orig, sqlite3.Error)
    return UNREACHABLE if error.connection_invalidated or never_connected else None


def _first_line(error: DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")
