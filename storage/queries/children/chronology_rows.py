"""Everything dated that is on record about one child, over all its referrals."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from rules.vocabulary import EventKind
from storage.tables import (
    Allocation,
    Check,
    Contact,
    Decision,
    Event,
    Handover,
    Letter,
    LetterCancellation,
    LetterReferral,
    Milestone,
    Referral,
    Worker,
)


def referrals(session: Session, person_id: int) -> Sequence[tuple[Referral, Contact]]:
    """All referrals of a child with their contacts, the earliest received first; those set aside too."""
    statement = (
        select(Referral, Contact)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id) == person_id)
    )
    return session.exec(statement.order_by(col(Contact.received_at), col(Referral.id))).all()


def checks(session: Session, referral_ids: Collection[int]) -> Sequence[Check]:
    """The checks of these referrals."""
    return session.exec(select(Check).where(col(Check.referral_id).in_(referral_ids)).order_by(col(Check.id))).all()


def decisions(session: Session, referral_ids: Collection[int]) -> Sequence[Decision]:
    """The decisions about these referrals, corrected ones and those that followed."""
    statement = select(Decision).where(col(Decision.referral_id).in_(referral_ids))
    return session.exec(statement.order_by(col(Decision.id))).all()


def milestones(session: Session, referral_ids: Collection[int]) -> Sequence[Milestone]:
    """The milestones of these referrals."""
    statement = select(Milestone).where(col(Milestone.referral_id).in_(referral_ids))
    return session.exec(statement.order_by(col(Milestone.id))).all()


def allocations(session: Session, referral_ids: Collection[int]) -> Sequence[tuple[Allocation, Worker]]:
    """The allocations of these referrals with their workers."""
    statement = (
        select(Allocation, Worker)
        .join(Worker, col(Worker.id) == col(Allocation.worker_id))
        .where(col(Allocation.referral_id).in_(referral_ids))
    )
    return session.exec(statement.order_by(col(Allocation.id))).all()


def letters(
    session: Session, referral_ids: Collection[int]
) -> Sequence[tuple[int, Letter, Handover | None, LetterCancellation | None]]:
    """(referral, letter, hand-over, cancellation) for each letter about these referrals and each time that it left."""
    statement = (
        select(LetterReferral.referral_id, Letter, Handover, LetterCancellation)
        .join(Letter, col(Letter.id) == col(LetterReferral.letter_id))
        .outerjoin(Handover, col(Handover.letter_id) == col(Letter.id))
        .outerjoin(LetterCancellation, col(LetterCancellation.letter_id) == col(Letter.id))
        .where(col(LetterReferral.referral_id).in_(referral_ids))
    )
    return session.exec(statement.order_by(col(Letter.id), col(Handover.id))).all()


def events(session: Session, referral_ids: Collection[int], kinds: Collection[EventKind]) -> Sequence[Event]:
    """The events of these kinds about these referrals, in the order in which they were recorded."""
    statement = select(Event).where(col(Event.referral_id).in_(referral_ids), col(Event.kind).in_(kinds))
    return session.exec(statement.order_by(col(Event.id))).all()
