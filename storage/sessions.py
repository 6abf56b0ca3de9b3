"""Sessions on SQLite or PostgreSQL: a read session can't write, and a write session is one transaction."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError as Conflict
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

from rules.errors import Unavailable
from storage import addresses, engines, faults
from storage.fair_lock import FairLock
from storage.faults import ReadOnly
from storage.figures import figure_touching

__all__ = ["Conflict", "Database", "ReadOnly", "ReadSession", "Session", "WriteSession"]

WAIT_SECONDS = 10.0


class ReadSession(Session):
    """Looks at one unmoving state of the database. Adding, deleting, flushing and committing raise ReadOnly."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise ReadOnly(ReadOnly.__doc__)

    add = add_all = delete = merge = flush = commit = _refuse


class WriteSession(Session):
    """One transaction. Commands flush; whoever opened it lets it commit by leaving the block."""

    def savepoint(self) -> SessionTransaction:
        """A block whose failure takes back only what was done inside it."""
        return self.begin_nested()


class Database:
    """One database, for all threads of a process. ``url`` may hold a password; ``place`` is for people and never does.

    ``wait``: seconds before a busy database is given up. Raises InvalidInput for an address that can't be used,
    Unavailable where a file's folder can't be made.
    """

    def __init__(self, url: str, *, wait: float = WAIT_SECONDS) -> None:
        parsed = addresses.parse(url)
        self.url = parsed.render_as_string(hide_password=False)
        self.place = addresses.place(parsed)
        self.dialect = parsed.get_backend_name()
        self._wait = wait
        self._turns = FairLock()
        self.engine, self._reader = self._engines()
        # Whoever opened it disposes of it; what was forgotten is closed when nobody knows it any more.
        weakref.finalize(self, _close, self.engine, self._reader).atexit = False

    def __repr__(self) -> str:
        return f"Database({self.place!r})"

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A session for looking. Rows stay readable afterwards; a row changed inside raises ReadOnly at the end."""
        with (
            faults.in_plain_words(self.place),
            faults.refusing_writes(),
            ReadSession(self._reader, autoflush=False, expire_on_commit=False) as session,
        ):
            session.connection()
            yield session
            if any(session.is_modified(row) for row in session.dirty):
                raise ReadOnly(ReadOnly.__doc__)

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A session for changing: committed when the block ends, rolled back when it raises.

        Rows stay readable afterwards. On SQLite one block at a time, in order of arrival. Raises Conflict, and
        Unavailable when the database is busy.
        """
        with (
            self._turn(),
            faults.in_plain_words(self.place),
            WriteSession(self.engine, expire_on_commit=False) as session,
        ):
            session.connection()  # SQLite: the write lock is taken here, before anything is read
            yield session
            figure_touching.name_touched(session)
            session.commit()

    @contextmanager
    def rehearse(self) -> Iterator[WriteSession]:
        """A session in which everything may be done and nothing is kept: rolled back when the block ends.

        What is wanted of its rows must be copied inside the block.
        """
        with (
            self._turn(),
            faults.in_plain_words(self.place),
            WriteSession(self.engine, expire_on_commit=False) as session,
        ):
            session.connection()
            try:
                yield session
            finally:
                session.rollback()

    def dispose(self) -> None:
        """Close the connections that nobody uses; the next session opens new ones."""
        _close(self.engine, self._reader)

    close = dispose

    def _engines(self) -> tuple[Engine, Engine]:
        if self.dialect == "postgresql":
            return engines.postgresql(self.url, wait=self._wait)
        _make_private(Path(self.place))
        return engines.sqlite(self.url, wait=self._wait)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.dialect == "postgresql":
            yield
            return
        with self._turns.turn(timeout=self._wait) as mine:
            if not mine:
                raise Unavailable(faults.BUSY)
            yield


def _close(*several: Engine) -> None:
    for engine in several:
        engine.dispose()


def _make_private(path: Path) -> None:
    """Records of children: only this user may open folder and file (SQLite's side files take over the file's mode)."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))
    except OSError as error:
        raise faults.unavailable(faults.SQLITE_FAULTS["SQLITE_CANTOPEN"], place=path) from error
