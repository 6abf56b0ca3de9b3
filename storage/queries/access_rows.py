"""The rows of the access log: who looked at which record, which children a look showed, and what was searched for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from storage.queries.children import person_rows
from storage.tables import Access, AccessChild, Contact, Referral, User

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One row of the access log, with the references and the person's name.

    ``children``: the number of each child whom it showed, with the reference of the child's latest referral.
    ``is_shut``: it was about a child whose record is closed to the reader, so that no reference is given.
    """

    access: Access
    name: str
    contact_ref: str
    referral_ref: str
    children: Mapping[int, str]
    is_shut: bool = False


def children_of(session: Session, look_id: int) -> frozenset[int]:
    """The children whom a look is known to have shown."""
    return frozenset(session.exec(select(AccessChild.person_id).where(col(AccessChild.access_id) == look_id)))


def begins_visit(session: Session, look_id: int, username: str, what: str, *, after: datetime) -> bool:
    """True for a look of this person at this page that is not too old."""
    look = session.get(Access, min(look_id, LARGEST))
    return look is not None and look.allowed and (look.username, look.what) == (username, what) and look.at > after


def shown_since(session: Session, look_id: int, children: Collection[int]) -> frozenset[int]:
    """Those of the children whom the same person's looks at the same page have shown, from this look on."""
    begun = session.get_one(Access, look_id)
    statement = (
        select(AccessChild.person_id)
        .join(Access, col(Access.id) == col(AccessChild.access_id))
        .where(
            col(AccessChild.person_id).in_(children),
            col(AccessChild.access_id) >= look_id,
            col(Access.username) == begun.username,
            col(Access.what) == begun.what,
        )
    )
    return frozenset(session.exec(statement))


def among(session: Session, look_ids: Sequence[int], closed: frozenset[int]) -> Sequence[Look]:
    """These looks, in the same order; ``closed`` are the children whose record is closed to the reader."""
    rows = {row[0].id: row for row in session.exec(_joined().where(col(Access.id).in_(look_ids)))}
    children, shut = _children(session, look_ids), _shut(session, look_ids, closed)
    return [
        Look(
            access=access,
            name=name or access.username,
            contact_ref=contact_ref or "",
            referral_ref=ref or "",
            children=children.get(number, {}),
            is_shut=number in shut,
        )
        for number in look_ids
        for access, name, contact_ref, ref in [rows[number]]
    ]


def _shut(session: Session, look_ids: Sequence[int], closed: frozenset[int]) -> frozenset[int | None]:
    """The looks at a record of a child whose record is closed to the reader: its referral, or its contact."""
    statement = select(Access.id).where(col(Access.id).in_(look_ids), at_records_of(closed))
    return frozenset(session.exec(statement)) if closed and look_ids else frozenset()


def at_records_of(children: Collection[int]) -> Any:
    """The condition that a look was about a referral of one of these children, or about a whole contact of theirs."""
    theirs = col(Referral.person_id).in_(children)
    of_contact = and_(
        col(Access.referral_id).is_(None), col(Access.contact_id).in_(select(Referral.contact_id).where(theirs))
    )
    return or_(col(Access.referral_id).in_(select(Referral.id).where(theirs)), of_contact)


def _joined() -> Any:
    return (
        select(Access, User.name, Contact.ref, Referral.ref)
        .outerjoin(User, col(User.username) == col(Access.username))
        .outerjoin(Contact, col(Contact.id) == col(Access.contact_id))
        .outerjoin(Referral, col(Referral.id) == col(Access.referral_id))
    )


def persons(session: Session, child: str) -> Collection[int]:
    """Every number that a child has or had, by reference or number; none where nobody has it."""
    if child.isdecimal():
        return person_rows.joined_with(session, min(int(child), LARGEST))
    found = session.exec(select(Referral.person_id).where(func.upper(col(Referral.ref)) == child.upper())).one_or_none()
    return () if found is None else person_rows.joined_with(session, found)


def _children(session: Session, look_ids: Sequence[int]) -> Mapping[int, Mapping[int, str]]:
    of_child = select(func.max(Referral.id)).where(col(Referral.person_id) == col(AccessChild.person_id))
    latest = of_child.correlate(AccessChild).scalar_subquery()
    statement = (
        select(AccessChild.access_id, AccessChild.person_id, Referral.ref)
        .outerjoin(Referral, col(Referral.id) == latest)
        .where(col(AccessChild.access_id).in_(look_ids))
        .order_by(col(AccessChild.access_id), col(AccessChild.person_id))
    )
    found: dict[int, dict[int, str]] = {}
    for look_id, person_id, ref in session.exec(statement):
        found.setdefault(look_id, {})[person_id] = ref or ""
    return found
