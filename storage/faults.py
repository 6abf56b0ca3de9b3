"""What the databases' own errors mean, and what to do about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from rules.errors import NotFound, Unavailable

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
    "42501": (
        "This account of the database {place} may not do that ({reason}). Run `pathway migrate` as the owner of the "
        "tables, whose address PATHWAY_OWNER_URL names: it brings them to this release and grants what is needed."
    ),
    "25006": "The database {place} takes no changes: it is a standby or set to read only. Connect to the main server.",
}
REFUSED_WRITES = {"SQLITE_READONLY", "25006"}
UNREACHABLE = (
    "The database {place} can't be reached ({reason}). Check that PostgreSQL is running and that PATHWAY_DATABASE_URL "
    "names the right host, user, password and database."
)
STARTING = "The database {place} is starting up or recovering ({reason}). Wait a moment and try again."
_NOT_YET = ("the database system is starting up", "not yet accepting connections", "in recovery mode")
TOO_MANY = "The database is busy: all connections are in use. Nothing was saved; try again in a moment."


TOO_LARGE = "There is no record with so large a number."
SQLITE, OUT_OF_RANGE = "SQLite", "22003"
OUT_OF_ORDER = (
    "The database can't be used at the moment. Nothing was recorded. Tell the system owner; the log says what is wrong."
)
SHOWN_STARTING = "The database is starting up. Nothing was recorded; try again in a moment."


class StartingUp(Unavailable):
    """The database server is there and takes no connections yet: whoever can wait, waits."""


class ReadOnly(RuntimeError):
    """A read session can't write: open ``database.write()`` for that."""


@contextmanager
def in_plain_words(place: str) -> Iterator[None]:
    """Turn what an operator can put right into Unavailable, naming ``place``; faults of ours pass unchanged."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Unavailable(TOO_MANY) from error
    except OverflowError as error:
        if SQLITE not in str(error):
            raise
        raise NotFound(TOO_LARGE) from error
    except exc.DBAPIError as error:
        if _code(error) == OUT_OF_RANGE:
            raise NotFound(TOO_LARGE) from error
        if any(sign in str(error.orig) for sign in _NOT_YET):
            told = STARTING.format(place=place, reason=_first_line(error))
            raise StartingUp(told, shown=SHOWN_STARTING) from error
        words = _words(error)
        if words is None:
            raise
        raise unavailable(words, place=place, reason=_first_line(error)) from error


def unavailable(words: str, *, place: object, reason: str = "") -> Unavailable:
    """The error in words for whoever can put it right; where they name the place, people on the pages read others."""
    return Unavailable(words.format(place=place, reason=reason), shown=OUT_OF_ORDER if "{place}" in words else "")


@contextmanager
def refusing_writes() -> Iterator[None]:
    """Turn the database's refusal of a change in a read session into ReadOnly."""
    try:
        yield
    except exc.DBAPIError as error:
        if _code(error) not in REFUSED_WRITES:
            raise
        raise ReadOnly(ReadOnly.__doc__) from error


def _code(error: exc.DBAPIError) -> str:
    if isinstance(error.orig, sqlite3.Error):
        # Extended codes are named like SQLITE_IOERR_WRITE: the first two words are the code proper.
        return "_".join(str(getattr(error.orig, "sqlite_errorname", "")).split("_")[:2])
    return str(getattr(error.orig, "sqlstate", None) or "")


def _words(error: exc.DBAPIError) -> str | None:
    if isinstance(error.orig, sqlite3.Error):
        return SQLITE_FAULTS.get(_code(error))
    never_connected = error.statement is None
    return POSTGRESQL_FAULTS.get(_code(error)) or (
        UNREACHABLE if error.connection_invalidated or never_connected else None
    )


def _first_line(error: exc.DBAPIError) -> str:
    return str(error.orig).strip().partition("\n")[0].rstrip(".")
