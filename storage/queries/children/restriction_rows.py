"""Restricted records: whose record opens only to people named, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, or_, select

from storage.queries.children import opener_rows
from storage.tables import Person, Referral, Restriction, RestrictionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """One standing restriction with the child and the people named."""

    restriction: Restriction
    person: Person
    names: Sequence[RestrictionName]


def standing(session: Session, person_id: int) -> Restriction | None:
    """The restriction on one child's record that holds now, or None."""
    statement = select(Restriction).where(col(Restriction.person_id) == person_id, col(Restriction.lifted_at).is_(None))
    return session.exec(statement).one_or_none()


def standing_among(session: Session, person_ids: Collection[int]) -> frozenset[int]:
    """Those of these children whose record is restricted now."""
    if not person_ids:
        return frozenset()
    restricted = col(Restriction.person_id).in_(person_ids), col(Restriction.lifted_at).is_(None)
    return frozenset(session.exec(select(Restriction.person_id).where(*restricted)))


def lock_latest(session: Session, person_id: int) -> Restriction | None:
    """The last restriction on one child's record, standing or lifted, locked until the transaction ends, or None."""
    statement = select(Restriction).where(col(Restriction.person_id) == person_id).order_by(col(Restriction.id).desc())
    statement = statement.limit(1).with_for_update().execution_options(populate_existing=True)
    return session.exec(statement).one_or_none()


def names_of(session: Session, restriction_id: int) -> Sequence[RestrictionName]:
    """The people to whom a restricted record opens, by user name."""
    statement = select(RestrictionName).where(col(RestrictionName.restriction_id) == restriction_id)
    return session.exec(statement.order_by(col(RestrictionName.username))).all()


def listed(session: Session) -> Sequence[Restricted]:
    """All standing restrictions, the newest first."""
    statement = (
        select(Restriction, Person)
        .join(Person, col(Person.id) == col(Restriction.person_id))
        .where(col(Restriction.lifted_at).is_(None))
        .order_by(col(Restriction.id).desc())
    )
    return [
        Restricted(restriction=restriction, person=person, names=names_of(session, restriction.id or 0))
        for restriction, person in session.exec(statement)
    ]


def closed_to(session: Session, username: str, *, now: datetime) -> frozenset[int]:
    """The children whose records are closed to this person, those merged with them included.

    Not those whose glass this person has broken, for as long as that lasts.
    """
    named = select(RestrictionName.restriction_id).where(opener_rows.names_somebody(username))
    statement = select(Restriction.person_id).where(
        col(Restriction.lifted_at).is_(None), col(Restriction.id).not_in(named)
    )
    closed = _with_merged(session, frozenset(session.exec(statement)))
    return closed and closed - _with_merged(session, opener_rows.opened_by(session, username, now=now))


def _with_merged(session: Session, ids: frozenset[int]) -> frozenset[int]:
    """The same children under every number that they have; a merged child is restricted whichever record was."""
    found = ids
    while found:
        statement = select(Person.id, Person.merged_into_id).where(
            col(Person.merged_into_id).is_not(None),
            or_(col(Person.id).in_(found), col(Person.merged_into_id).in_(found)),
        )
        more = ids.union(*((one or 0, other or 0) for one, other in session.exec(statement)))
        if more == ids:
            break
        ids = found = more
    return ids


def children_of_contact(session: Session, contact_id: int) -> Collection[int]:
    """The numbers of the children whom a contact is about."""
    return session.exec(select(Referral.person_id).where(col(Referral.contact_id) == contact_id)).all()
