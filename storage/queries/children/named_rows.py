"""How contacts named a child: what each said, under the person whom the child is taken for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, and_, col, func, select

from storage.tables import MergedReferral, NamedChild, PersonMerge, Referral


def with_several(session: Session) -> Sequence[int]:
    """The numbers of the persons with more than one referral."""
    person = col(Referral.person_id)
    return session.exec(select(Referral.person_id).group_by(person).having(func.count() > 1).order_by(person)).all()


def under(session: Session, person_id: int) -> Sequence[tuple[Referral, NamedChild | None]]:
    """The referrals of a person, as each contact named the child, in their order; without what a person has merged."""
    merged = select(MergedReferral.referral_id).join(
        PersonMerge, and_(col(PersonMerge.id) == col(MergedReferral.merge_id), col(PersonMerge.undone_at).is_(None))
    )
    statement = (
        select(Referral, NamedChild)
        .outerjoin(NamedChild, col(NamedChild.referral_id) == col(Referral.id))
        .where(col(Referral.person_id) == person_id, col(Referral.id).not_in(merged))
    )
    return session.exec(statement.order_by(col(Referral.id))).all()
