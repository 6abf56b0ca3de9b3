"""Who looked at one child: by whatever page, list, search, letter, export or command, the newest look first.

Read by key (a look's number), so that the last page of a long log costs what the first one does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, func, or_, select

from storage.queries.children import person_rows
from storage.tables import Access, AccessChild, Contact, Person, PersonMerge, PersonSplit, Referral, User

_FIRST, _NAMED = aliased(Access), aliased(AccessChild)  # once: to make one takes longer than to ask

FIRST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A number under which looks at the child stand, and between which moments; both are open where it is still so."""

    person_id: int
    begins: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLooks:
    """Which looks at a child somebody wants to see: from a moment until before another, of people by user name.

    ``usernames``: None for everybody. ``before``: looks older than the one with this number.
    """

    spans: Sequence[Span]
    since: datetime | None = None
    until: datetime | None = None
    usernames: frozenset[str] | None = None
    before: int = FIRST


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAt:
    """One look that showed the child, the person's name, the record it was about, and how many children it showed.

    ``as_one``: it was a look at a record that was this child's and another's then.
    """

    access: Access
    name: str
    contact_ref: str
    referral_ref: str
    children: int
    as_one: bool = False


def spans(session: Session, person_id: int) -> Sequence[Span]:
    """Every number that the child has or had, those merged into it included.

    Taken apart from another child, both were one record until then, and while two records that were merged by mistake
    were one: whoever looked at it saw this child too.
    """
    own = person_rows.joined_with(session, person_id)
    return [*(Span(person_id=number) for number in sorted(own)), *_apart(session, own), *_merged(session, own)]


def _apart(session: Session, own: Collection[int]) -> Iterator[Span]:
    """Records from which this one was taken, until then; from such a one it may have been taken in turn."""
    seen = set(own)
    waits: list[tuple[int, datetime | None]] = [(number, None) for number in sorted(own)]
    while waits:
        number, ends = waits.pop(0)
        statement = select(PersonSplit.from_id, PersonSplit.split_at).where(
            col(PersonSplit.to_id) == number, col(PersonSplit.undone_at).is_(None)
        )
        for from_id, split_at in session.exec(statement):
            until = split_at if ends is None else min(split_at, ends)
            for other in sorted(person_rows.joined_with(session, from_id) - seen):
                seen.add(other)
                waits.append((other, until))
                yield Span(person_id=other, ends=until)


def _merged(session: Session, own: Collection[int]) -> Iterator[Span]:
    statement = select(PersonMerge.kept_id, PersonMerge.merged_at, PersonMerge.undone_at).where(
        col(PersonMerge.merged_id).in_(own),
        col(PersonMerge.undone_at).is_not(None),
        col(PersonMerge.kept_id).not_in(own),
    )
    for kept_id, merged_at, undone_at in session.exec(statement.order_by(col(PersonMerge.id))):
        yield Span(person_id=kept_id, begins=merged_at, ends=undone_at)


def usernames(session: Session, words: str) -> frozenset[str]:
    """The user names of everybody whose name or user name has these words, and the words themselves.

    An account of this machine, which signs in nowhere, is found by its whole name.
    """
    places = (col(User.name), col(User.username))
    found = select(User.username).where(or_(*(place.icontains(words, autoescape=True) for place in places)))
    return frozenset(session.exec(found)) | {words}


def looks(session: Session, wanted: WantedLooks, *, limit: int) -> Sequence[LookAt]:
    """The newest looks first, ``limit`` of them at most. A look at several records of the child is one."""
    naming = [select(_narrowed(branch, wanted).limit(limit).subquery().c.id) for branch in _naming(wanted)]
    of_records = [_narrowed(branch, wanted) for branch in _of_records(wanted)]
    numbers = union_all(*naming, *of_records).subquery()
    statement = (
        select(Access, User.name, Contact.ref, Referral.ref)
        .outerjoin(User, col(User.username) == col(Access.username))
        .outerjoin(Contact, col(Contact.id) == col(Access.contact_id))
        .outerjoin(Referral, col(Referral.id) == col(Access.referral_id))
        .where(col(Access.id).in_(select(numbers.c.id)))
    )
    rows = session.exec(statement.order_by(col(Access.id).desc()).limit(limit)).all()
    shown = _shown(session, [access.id for access, *_ in rows])
    own = {span.person_id for span in wanted.spans if span.begins is None and span.ends is None}
    return [
        LookAt(
            access=access,
            name=name or access.username,
            contact_ref=contact_ref or "",
            referral_ref=referral_ref or "",
            children=max(1, len(shown.get(access.id or 0, ()))),
            as_one=bool(shown.get(access.id or 0)) and own.isdisjoint(shown[access.id or 0]),
        )
        for access, name, contact_ref, referral_ref in rows
    ]


def all_looks(session: Session, wanted: WantedLooks, *, most: int, batch: int = 1000) -> Iterator[LookAt]:
    """The same, page after page, ``most`` at most."""
    while most > 0 and (page := looks(session, wanted, limit=min(batch, most))):
        yield from page
        most -= len(page)
        wanted = replace(wanted, before=page[-1].access.id or 0)


def _naming(wanted: WantedLooks) -> Iterator[Any]:
    """Looks that name the child: a statement for each span, which an index gives in the order of their numbers."""
    for span in wanted.spans:
        statement = (
            select(AccessChild.access_id.label("id"))  # type: ignore[attr-defined]
            .join(Access, col(Access.id) == col(AccessChild.access_id))
            .where(col(AccessChild.person_id) == span.person_id, col(AccessChild.access_id) < wanted.before)
            .order_by(col(AccessChild.access_id).desc())
        )
        yield statement.where(*_between(span.begins, span.ends))


def _of_records(wanted: WantedLooks) -> Iterator[Any]:
    """Looks from before children were named, by the referral or the whole contact that they were about.

    A look at several records names the children with its first row only: what one such row names is not said again.
    """
    own = [span.person_id for span in wanted.spans if span.begins is None and span.ends is None]
    theirs = col(Referral.person_id).in_(own)
    first, named = _FIRST, _NAMED
    said = (
        select(named.access_id)
        .join(first, col(first.id) == col(named.access_id))
        .where(
            col(first.at) == col(Access.at),
            col(first.username) == col(Access.username),
            col(first.what) == col(Access.what),
            col(named.person_id).in_(own),
        )
    )
    referrals, contacts = select(Referral.id).where(theirs), select(Referral.contact_id).where(theirs)
    # Most looks are about no one referral: SQLite would find them all by the index, where it could.
    whole = func.coalesce(col(Access.referral_id), 0) == 0
    for about in (col(Access.referral_id).in_(referrals), and_(whole, col(Access.contact_id).in_(contacts))):
        yield select(Access.id).where(about, col(Access.id) < wanted.before, ~said.correlate(Access).exists())


def _narrowed(statement: Any, wanted: WantedLooks) -> Any:
    statement = statement.where(*_between(wanted.since, wanted.until))
    if wanted.usernames is not None:
        statement = statement.where(col(Access.username).in_(wanted.usernames))
    return statement


def _between(begins: datetime | None, ends: datetime | None) -> Sequence[Any]:
    return [
        *([] if begins is None else [col(Access.at) >= begins]),
        *([] if ends is None else [col(Access.at) < ends]),
    ]


def _shown(session: Session, look_ids: Sequence[int | None]) -> Mapping[int, frozenset[int]]:
    """The children whom each of these looks showed."""
    found: dict[int, frozenset[int]] = {}
    statement = select(AccessChild.access_id, AccessChild.person_id).where(col(AccessChild.access_id).in_(look_ids))
    for look_id, person_id in session.exec(statement):
        found[look_id] = found.get(look_id, frozenset()) | {person_id}
    return found


def person_of(session: Session, child: str) -> int | None:
    """The child with this number, or of the referral with this reference, as its record goes on; None for nobody."""
    if child.isascii() and child.isdecimal():
        number = session.exec(select(Person.id).where(col(Person.id) == min(int(child[:12]), FIRST))).one_or_none()
    else:
        statement = select(Referral.person_id).where(func.upper(col(Referral.ref)) == child.upper())
        number = session.exec(statement).one_or_none()
    return None if number is None else person_rows.kept_id(session, number)
