"""Merges of two persons into one child, and what each of them moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from rules.errors import NotFound
from storage.tables import Contact, MergedReferral, Person, PersonMerge, Referral

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One merge that stands, with both persons."""

    merge: PersonMerge
    kept: Person
    merged: Person


def get(session: Session, merge_id: int) -> PersonMerge:
    """The merge. Raises NotFound."""
    merge = session.get(PersonMerge, min(merge_id, LARGEST))
    if merge is None:
        raise NotFound(f"There is no merge {merge_id}; open it again from the list of possible matches.")
    return merge


def standing_of(session: Session, merged_id: int) -> PersonMerge | None:
    """The merge by which a person is merged now, or None."""
    statement = select(PersonMerge).where(col(PersonMerge.merged_id) == merged_id, col(PersonMerge.undone_at).is_(None))
    return session.exec(statement).one_or_none()


def into(session: Session, person_ids: Collection[int]) -> Sequence[PersonMerge]:
    """The standing merges of any of these persons with another, the oldest first."""
    kept, merged = col(PersonMerge.kept_id).in_(person_ids), col(PersonMerge.merged_id).in_(person_ids)
    statement = select(PersonMerge).where(or_(kept, merged), col(PersonMerge.undone_at).is_(None))
    return session.exec(statement.order_by(col(PersonMerge.id))).all()


def contacts_of(session: Session, person_ids: Collection[int]) -> Sequence[int]:
    """The numbers of the contacts in which any of these persons has a referral, in order."""
    statement = select(Referral.contact_id).where(col(Referral.person_id).in_(person_ids)).distinct()
    return sorted(session.exec(statement).all())


def lock_persons(session: Session, person_ids: Collection[int]) -> Sequence[Person]:
    """The persons, locked in the order of their numbers: nobody can open a referral of theirs meanwhile."""
    statement = select(Person).where(col(Person.id).in_(person_ids)).order_by(col(Person.id)).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).all()


def referrals_of(session: Session, person_id: int) -> Sequence[Referral]:
    """Every referral that this person has now, by number, as it stands in the database."""
    statement = select(Referral).where(col(Referral.person_id) == person_id).order_by(col(Referral.id))
    return session.exec(statement.execution_options(populate_existing=True)).all()


def beside(session: Session, person_id: int) -> set[int]:
    """The children whom a contact names together with this one."""
    mine = select(Referral.contact_id).where(col(Referral.person_id) == person_id)
    return set(session.exec(select(Referral.person_id).where(col(Referral.contact_id).in_(mine))).all())


def moved(session: Session, merge_id: int) -> Sequence[Referral]:
    """The referrals that a merge moved, by number."""
    statement = (
        select(Referral)
        .join(MergedReferral, col(MergedReferral.referral_id) == col(Referral.id))
        .where(col(MergedReferral.merge_id) == merge_id)
    )
    return session.exec(statement.order_by(col(Referral.id)).execution_options(populate_existing=True)).all()


def shared_contacts(session: Session, one_id: int, other_id: int) -> Sequence[str]:
    """The references of contacts in which both have a referral that is not set aside."""
    standing = col(Referral.set_aside_at).is_(None)
    mine = select(Referral.contact_id).where(col(Referral.person_id) == one_id, standing)
    theirs = select(Referral.contact_id).where(col(Referral.person_id) == other_id, standing)
    statement = select(Contact.ref).where(col(Contact.id).in_(mine), col(Contact.id).in_(theirs))
    return session.exec(statement.order_by(col(Contact.id))).all()
