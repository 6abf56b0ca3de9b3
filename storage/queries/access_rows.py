"""The rows of the access log: who looked at which record, which children a look showed, and what was searched for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from storage.queries import sought
from storage.queries.children import person_rows
from storage.tables import Access, AccessChild, Contact, Referral, User

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which looks somebody wants to see: by person, reference or words searched with; at one child; refusals only.

    ``child`` is a referral's reference or a child's number; one that nobody has finds nothing. ``before``: looks older
    than the one with this number, as a search of the log finds itself by its own words. ``closed``: the children whose
    record is closed to the reader; nothing is found by a reference of theirs.
    """

    words: str = ""
    child: str = ""
    refused_only: bool = False
    before: int | None = None
    closed: frozenset[int] = frozenset()


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


def looks(session: Session, wanted: Wanted, *, offset: int, limit: int) -> tuple[Sequence[Look], int]:
    """The newest looks first, ``limit`` of them from ``offset`` on, and how many there are in all."""
    statement = _joined().where(*_filters(session, wanted))
    count = session.exec(select(func.count()).select_from(statement.with_only_columns(col(Access.id)).subquery())).one()
    rows = session.exec(statement.order_by(col(Access.id).desc()).offset(offset).limit(limit)).all()
    children = _children(session, [access.id for access, *_ in rows])
    shut = _shut(session, [access for access, *_ in rows], wanted.closed)
    return [
        Look(
            access=access,
            name=name or access.username,
            contact_ref=contact_ref or "",
            referral_ref=ref or "",
            children=children.get(access.id, {}),
            is_shut=access.id in shut,
        )
        for access, name, contact_ref, ref in rows
    ], count


def _shut(session: Session, rows: Sequence[Access], closed: frozenset[int]) -> frozenset[int | None]:
    """The looks at a record of a child whose record is closed to the reader: its referral, or its contact."""
    about = _records_of(closed)
    statement = select(Access.id).where(col(Access.id).in_([row.id for row in rows]), about)
    return frozenset(session.exec(statement)) if closed and rows else frozenset()


def _records_of(children: Collection[int]) -> Any:
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


def _filters(session: Session, wanted: Wanted) -> Sequence[Any]:
    found: list[Any] = []
    if wanted.refused_only:
        found.append(col(Access.allowed).is_(False))
    if wanted.before is not None:
        found.append(col(Access.id) < wanted.before)
    if wanted.words:
        words = sought.phrase(wanted.words)
        people, refs = (Access.username, User.name, Access.words), (Contact.ref, Referral.ref)
        by_ref = or_(*(col(place).icontains(words, autoescape=True) for place in refs))
        if wanted.closed:
            by_ref = and_(by_ref, or_(~_records_of(wanted.closed), col(Access.contact_id).is_(None)))
        found.append(or_(by_ref, *(col(place).icontains(words, autoescape=True) for place in people)))
    if wanted.child:
        found.append(_at(persons(session, wanted.child)))
    return found


def persons(session: Session, child: str) -> Collection[int]:
    """Every number that a child has or had, by reference or number; none where nobody has it."""
    if child.isdecimal():
        return person_rows.joined_with(session, min(int(child), LARGEST))
    found = session.exec(select(Referral.person_id).where(func.upper(col(Referral.ref)) == child.upper())).one_or_none()
    return () if found is None else person_rows.joined_with(session, found)


def _at(person_ids: Collection[int]) -> Any:
    """Looks that name one of these, or that are about their referrals or whole contacts."""
    named = select(AccessChild.access_id).where(col(AccessChild.person_id).in_(person_ids))
    return or_(col(Access.id).in_(named), _records_of(person_ids))


def _children(session: Session, look_ids: Sequence[int | None]) -> Mapping[int | None, Mapping[int, str]]:
    latest = (
        select(col(Referral.person_id), func.max(col(Referral.id)).label("id"))
        .group_by(col(Referral.person_id))
        .subquery()
    )
    statement = (
        select(AccessChild.access_id, AccessChild.person_id, Referral.ref)
        .outerjoin(latest, latest.c.person_id == AccessChild.person_id)
        .outerjoin(Referral, col(Referral.id) == latest.c.id)
        .where(col(AccessChild.access_id).in_(look_ids))
        .order_by(col(AccessChild.access_id), col(AccessChild.person_id))
    )
    found: dict[int | None, dict[int, str]] = {}
    for look_id, person_id, ref in session.exec(statement):
        found.setdefault(look_id, {})[person_id] = ref or ""
    return found
