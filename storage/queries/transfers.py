"""Transfers of children between workers and teams."""

from __future__ import annotations

from sqlmodel import Session, col, select

from storage.tables import Transfer


def open_of(session: Session, referral_id: int) -> Transfer | None:
    """The transfer of a referral that is neither complete nor refused, or None."""
    statement = select(Transfer).where(
        col(Transfer.referral_id) == referral_id,
        col(Transfer.completed_at).is_(None),
        col(Transfer.refused_at).is_(None),
    )
    return session.exec(statement).one_or_none()
