"""What a move of open work to new rules or a new calendar looks at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, or_, select

from rules.vocabulary import ClockState
from storage.tables import CalendarVersion, Clock, Referral, RulebookVersion


def version_ids(session: Session, book: str, version: str | None) -> Sequence[int]:
    """The numbers of all versions of a book, or of the one version."""
    statement = select(RulebookVersion.id).where(col(RulebookVersion.name) == book)
    if version is not None:
        statement = statement.where(col(RulebookVersion.version) == version)
    return [number for number in session.exec(statement.order_by(col(RulebookVersion.id))) if number is not None]


def calendar_ids(session: Session, name: str) -> Sequence[int]:
    """The numbers of all versions of a calendar."""
    statement = select(CalendarVersion.id).where(col(CalendarVersion.name) == name)
    return [number for number in session.exec(statement.order_by(col(CalendarVersion.id))) if number is not None]


def contacts_under(session: Session, rulebook_version_ids: Collection[int]) -> Sequence[int]:
    """The contacts with an open referral, or a running clock of one, under one of these versions; oldest first."""
    running = select(Clock.referral_id).where(
        col(Clock.state) == ClockState.RUNNING, col(Clock.rulebook_version_id).in_(rulebook_version_ids)
    )
    statement = select(Referral.contact_id).where(
        col(Referral.closed_at).is_(None),
        col(Referral.set_aside_at).is_(None),
        or_(col(Referral.rulebook_version_id).in_(rulebook_version_ids), col(Referral.id).in_(running)),
    )
    return session.exec(statement.distinct().order_by(col(Referral.contact_id))).all()


def contacts_counted_by(session: Session, calendar_version_ids: Collection[int]) -> Sequence[int]:
    """The contacts with a clock that runs by one of these versions of a calendar, oldest first."""
    statement = select(Clock.contact_id).where(
        col(Clock.state) == ClockState.RUNNING, col(Clock.calendar_version_id).in_(calendar_version_ids)
    )
    return session.exec(statement.distinct().order_by(col(Clock.contact_id))).all()
