"""Published rulebooks and calendars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from storage.tables import CalendarVersion, Council, RulebookVersion

Version = tuple[int, str]
"""The number of a published version, and the hash of its text."""


def rulebook(session: Session, name: str, version: str) -> RulebookVersion | None:
    """One published version of one book, or None."""
    statement = select(RulebookVersion).where(
        col(RulebookVersion.name) == name, col(RulebookVersion.version) == version
    )
    return session.exec(statement).one_or_none()


def in_force(session: Session, name: str, day: date) -> tuple[int, str] | None:
    """(id, sha256) of the version of a book in force on a day, or None."""
    statement = (
        select(RulebookVersion.id, RulebookVersion.sha256)
        .where(col(RulebookVersion.name) == name, col(RulebookVersion.effective_from) <= day)
        .order_by(col(RulebookVersion.effective_from).desc(), col(RulebookVersion.id).desc())
    )
    row = session.exec(statement.limit(1)).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


def of_council(session: Session, day: date) -> tuple[Council, Version, Mapping[str, Version]] | None:
    """The council, its own book in force on a day, and the newest version of each calendar; None where any is missing.

    In one statement: each act and each page begins with it.
    """
    rows = session.execute(_OF_COUNCIL, {"day": day}).all()
    if not rows:
        return None
    council, book_id, book_hash = rows[0][:3]
    return council, (book_id, book_hash), {name: (number, sha256) for *_, name, number, sha256 in rows}


def _of_council() -> Any:
    there, newer = aliased(RulebookVersion), aliased(CalendarVersion)
    in_force = (
        select(there.id)
        .where(col(there.name) == col(Council.rulebook), col(there.effective_from) <= bindparam("day"))
        .order_by(col(there.effective_from).desc(), col(there.id).desc())
        .limit(1)
        .correlate(Council)
        .scalar_subquery()
    )
    newest = select(func.max(newer.version)).where(col(newer.name) == col(CalendarVersion.name))
    return (
        select(Council, RulebookVersion.id, RulebookVersion.sha256)
        .add_columns(col(CalendarVersion.name), col(CalendarVersion.id), col(CalendarVersion.sha256))
        .select_from(Council)
        .join(RulebookVersion, col(RulebookVersion.id) == in_force)
        .join(CalendarVersion, col(CalendarVersion.version) == newest.correlate(CalendarVersion).scalar_subquery())
        .where(col(Council.id) == 1)
    )


_OF_COUNCIL = _of_council()


def first(session: Session, name: str) -> tuple[int, str] | None:
    """(id, sha256) of the earliest version of a book, or None."""
    statement = (
        select(RulebookVersion.id, RulebookVersion.sha256)
        .where(col(RulebookVersion.name) == name)
        .order_by(col(RulebookVersion.effective_from), col(RulebookVersion.id))
    )
    row = session.exec(statement.limit(1)).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


def hashes(session: Session, rulebook_version_id: int, calendar_version_id: int) -> tuple[str, str]:
    """The hash of a published rulebook, and that of a published calendar."""
    statement = (
        select(RulebookVersion.sha256, CalendarVersion.sha256)
        .join(CalendarVersion, col(CalendarVersion.id) == calendar_version_id)
        .where(col(RulebookVersion.id) == rulebook_version_id)
    )
    return session.exec(statement).one()


def latest_calendar(session: Session, name: str) -> tuple[int, str] | None:
    """(id, sha256) of the newest version of a calendar, or None."""
    statement = (
        select(CalendarVersion.id, CalendarVersion.sha256)
        .where(col(CalendarVersion.name) == name)
        .order_by(col(CalendarVersion.version).desc())
    )
    row = session.exec(statement.limit(1)).one_or_none()
    return None if row is None or row[0] is None else (row[0], row[1])


def latest_calendar_number(session: Session, name: str) -> int:
    """The number of the newest version of a calendar; 0 where there is none."""
    statement = select(func.max(CalendarVersion.version)).where(col(CalendarVersion.name) == name)
    return session.exec(statement).one() or 0


def names(session: Session) -> Sequence[str]:
    """The names of all published books."""
    return session.exec(select(RulebookVersion.name).distinct().order_by(RulebookVersion.name)).all()


def versions(session: Session, name: str) -> Sequence[str]:
    """The versions of a book, in the order in which they were published."""
    statement = select(RulebookVersion.version).where(col(RulebookVersion.name) == name)
    return session.exec(statement.order_by(col(RulebookVersion.id))).all()


def published(session: Session) -> Sequence[RulebookVersion]:
    """Every published version of every book, by name and then by the day on which it took force."""
    order = (col(RulebookVersion.name), col(RulebookVersion.effective_from), col(RulebookVersion.id))
    return session.exec(select(RulebookVersion).order_by(*order)).all()


def published_by_others(session: Session, username: str) -> set[str]:
    """The names of the books of which somebody else than this user published a version."""
    return set(session.exec(select(RulebookVersion.name).where(col(RulebookVersion.published_by) != username)).all())


def calendar_names(session: Session) -> Sequence[str]:
    """The names of all published calendars."""
    return session.exec(select(CalendarVersion.name).distinct().order_by(CalendarVersion.name)).all()


def calendar_version(session: Session, name: str) -> CalendarVersion | None:
    """The newest version of a calendar, or None."""
    statement = select(CalendarVersion).where(col(CalendarVersion.name) == name)
    return session.exec(statement.order_by(col(CalendarVersion.version).desc()).limit(1)).one_or_none()
