"""Who said "I am on it" of which contact."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from storage.tables import OnIt


def standing(session: Session, contact_id: int) -> OnIt | None:
    """The word that nobody has taken back, whether it holds still or has lapsed. Only under the contact's lock."""
    statement = select(OnIt).where(col(OnIt.contact_id) == contact_id, col(OnIt.ended_at).is_(None))
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def holding(session: Session, contact_ids: Collection[int], *, now: datetime) -> Mapping[int, OnIt]:
    """Who is on which of these contacts now, by the contact's number."""
    statement = select(OnIt).where(
        col(OnIt.contact_id).in_(contact_ids),
        col(OnIt.ended_at).is_(None),
        col(OnIt.taken_at) <= now,
        col(OnIt.until) > now,
    )
    return {one.contact_id: one for one in session.exec(statement)}
