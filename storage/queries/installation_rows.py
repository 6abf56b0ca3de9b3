"""The row of the installation, and where it lies on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session, select

from storage.tables import Event, Installation

# The transaction that wrote the row, which no dump keeps, in a database that is no copy of its neighbour, on a server
# whose number no other has.
_WRITTEN_NOW = "SELECT (pg_current_xact_id()::xid)::text"
_WRITTEN = "SELECT xmin::text FROM installation WHERE id = 1"
_SERVER_MAY_BE_ASKED = "SELECT has_function_privilege('pg_control_system()', 'execute')"
_SERVER = "SELECT system_identifier::text FROM pg_control_system()"
_DATABASE = "SELECT oid::text FROM pg_database WHERE datname = current_database()"


def installation(session: Session) -> Installation | None:
    """The row, or None where no release that knows of it has been started on this database."""
    return session.get(Installation, 1)


def lock(session: Session) -> Installation | None:
    """The same, locked and read anew."""
    statement = select(Installation).with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).one_or_none()


def has_work(session: Session) -> bool:
    """True where anything has happened in this database."""
    return session.exec(select(Event.id).limit(1)).first() is not None


def place_if_written_now(session: Session) -> str:
    """Where the row lies if this very transaction writes it, outside of any savepoint. PostgreSQL only."""
    return "/".join([*_around(session), _one(session, _WRITTEN_NOW)])


def place(session: Session) -> str:
    """Where the row lies. PostgreSQL only."""
    return "/".join([*_around(session), _one(session, _WRITTEN)])


def _around(session: Session) -> tuple[str, str]:
    server = _one(session, _SERVER) if _one(session, _SERVER_MAY_BE_ASKED) == "True" else ""
    return server, _one(session, _DATABASE)


def _one(session: Session, statement: str) -> str:
    return str(session.connection().execute(text(statement)).scalar_one())
