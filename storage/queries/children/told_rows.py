"""Which contacts stand under which record of a child, what each said, and what it filled in there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, and_, col, select

from storage.queries.children import named_rows, person_rows
from storage.tables import FilledField, MergedReferral, NamedChild, PersonMerge, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One referral, and how its contact named the child; None where that is not kept.

    It was not before version 0.2, nor of a child who was added in screening by number.
    """

    referral: Referral
    named: NamedChild | None


def by_record(session: Session, person_id: int) -> dict[int, list[Told]]:
    """The referrals of a child, by the record under which each was named: its own, or one that was merged into it."""
    group = person_rows.joined_with(session, person_id)
    kept, homes = person_rows.kept_id(session, person_id), _merged_homes(session, group)
    statement = (
        select(Referral, NamedChild)
        .outerjoin(NamedChild, and_(col(NamedChild.referral_id) == col(Referral.id), named_rows.holds()))
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
        .where(col(Referral.contact_id) == referral.contact_id, col(Referral.id) != referral.id, named_rows.holds())
    )
    return session.exec(statement).all()
