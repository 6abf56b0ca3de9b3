"""How contacts named a child: what each said, under the person whom the child is taken for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, func, select

from storage.queries.children import person_rows
from storage.tables import FilledField, MergedReferral, NamedChild, PersonMerge, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One referral, and how its contact named the child; None where that is not kept.

    It was not before version 0.2, nor of a child who was added in screening by number.
    """

    referral: Referral
    named: NamedChild | None


def holds() -> Any:
    """Of the rows of one referral the last: how the child was named by what is known now of what was said."""
    later = aliased(NamedChild)
    return ~exists().where(later.referral_id == NamedChild.referral_id, later.id > NamedChild.id)  # type: ignore[arg-type, operator]


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


def by_record(session: Session, person_id: int) -> dict[int, list[Told]]:
    """The referrals of a child, by the record under which each was named: its own, or one that was merged into it."""
    group = person_rows.joined_with(session, person_id)
    kept, homes = person_rows.kept_id(session, person_id), _merged_homes(session, group)
    statement = (
        select(Referral, NamedChild)
        .outerjoin(NamedChild, and_(col(NamedChild.referral_id) == col(Referral.id), holds()))
        .where(col(Referral.person_id) == kept)
        .order_by(col(Referral.id))
    )
    found: dict[int, list[Told]] = {}
    for referral, named in session.exec(statement):
        found.setdefault(homes.get(id_of(referral), kept), []).append(Told(referral=referral, named=named))
    return found


def _merged_homes(session: Session, group: Collection[int]) -> dict[int, int]:
    """Of each referral that came by a merge the record that it stood under first."""
    statement = (
        select(MergedReferral.referral_id, PersonMerge.merged_id)
        .join(PersonMerge, col(PersonMerge.id) == col(MergedReferral.merge_id))
        .where(col(PersonMerge.undone_at).is_(None), col(PersonMerge.merged_id).in_(group))
    )
    return dict(reversed(session.exec(statement.order_by(col(PersonMerge.id))).all()))


def fills(session: Session, person_id: int) -> Sequence[FilledField]:
    """What contacts filled in on a record and has not been taken back, the oldest first."""
    statement = select(FilledField).where(
        col(FilledField.person_id) == person_id, col(FilledField.taken_back_at).is_(None)
    )
    return session.exec(statement.order_by(col(FilledField.id))).all()


def numbers_of_others(session: Session, referral: Referral) -> Sequence[str]:
    """The NHS numbers, as typed, by which the contact of a referral names its other children."""
    statement = (
        select(NamedChild.nhs_number)
        .join(Referral, col(Referral.id) == col(NamedChild.referral_id))
        .where(col(Referral.contact_id) == referral.contact_id, col(Referral.id) != referral.id, holds())
    )
    return session.exec(statement).all()
