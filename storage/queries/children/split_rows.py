"""Records that were taken apart, and the referrals that went."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from rules.errors import NotFound
from storage.tables import PersonSplit, Referral, SplitReferral

LARGEST = 2**31 - 1


def get(session: Session, split_id: int) -> PersonSplit:
    """The split. Raises NotFound."""
    row = session.get(PersonSplit, min(split_id, LARGEST))
    if row is None:
        raise NotFound(f"There are no children taken apart under the number {split_id}; open the referral again.")
    return row


def latest_of(session: Session, referral_id: int) -> PersonSplit | None:
    """The latest split that took a referral off a record, or None."""
    statement = (
        select(PersonSplit)
        .join(SplitReferral, col(SplitReferral.split_id) == col(PersonSplit.id))
        .where(col(SplitReferral.referral_id) == referral_id)
    )
    return session.exec(statement.order_by(col(PersonSplit.id).desc()).limit(1)).first()


def standing_of(session: Session, referral_id: int) -> PersonSplit | None:
    """The same, unless it is undone."""
    row = latest_of(session, referral_id)
    return row if row is not None and row.undone_at is None else None


def between(session: Session, one_id: int, other_id: int) -> PersonSplit | None:
    """The split that stands between two records, or None."""
    ids = (one_id, other_id)
    statement = select(PersonSplit).where(
        col(PersonSplit.from_id).in_(ids), col(PersonSplit.to_id).in_(ids), col(PersonSplit.undone_at).is_(None)
    )
    return session.exec(statement.order_by(col(PersonSplit.id).desc()).limit(1)).first()


def moved(session: Session, split_id: int) -> Sequence[Referral]:
    """The referrals that a split took off a record, by number."""
    statement = (
        select(Referral)
        .join(SplitReferral, col(SplitReferral.referral_id) == col(Referral.id))
        .where(col(SplitReferral.split_id) == split_id)
    )
    return session.exec(statement.order_by(col(Referral.id))).all()


def of_persons(session: Session, person_ids: Collection[int]) -> Sequence[PersonSplit]:
    """The splits that stand between any of these children and another, the oldest first."""
    either = col(PersonSplit.from_id).in_(person_ids) | col(PersonSplit.to_id).in_(person_ids)
    statement = select(PersonSplit).where(either, col(PersonSplit.undone_at).is_(None))
    return session.exec(statement.order_by(col(PersonSplit.id))).all()
