"""How contacts named a child: what each said, under the person whom the child is taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, func, select

from storage.tables import MergedReferral, NamedChild, PersonMerge, Referral

_LATER = aliased(NamedChild)  # once: to make one takes longer than to ask


def holds() -> Any:
    """Of the rows of one referral the last: how the child was named by what is known now of what was said."""
    return ~exists().where(_LATER.referral_id == NamedChild.referral_id, _LATER.id > NamedChild.id)  # type: ignore[arg-type, operator]


def of_referral(session: Session, referral_id: int) -> NamedChild | None:
    """How a contact named the child of a referral; None for what was logged before that was kept."""
    statement = select(NamedChild).where(col(NamedChild.referral_id) == referral_id, holds())
    return session.exec(statement).one_or_none()


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
        .outerjoin(NamedChild, and_(col(NamedChild.referral_id) == col(Referral.id), holds()))
        .where(col(Referral.person_id) == person_id, col(Referral.id).not_in(merged))
    )
    return session.exec(statement.order_by(col(Referral.id))).all()
