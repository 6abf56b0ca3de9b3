"""Whom words find among all children, open and closed, and the referrers through whom; each look-up is on an index."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, exists, func, literal, or_, select

from rules.likeness.asked import Span
from storage.queries.children import named_rows
from storage.tables import ChildWord, Contact, NamedChild, Person, Referral, ReferrerWord

Spans = Sequence[Span]
MOST = 200
COUNTED = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a child must have: a word of each of ``words``; a referral with a reference; a referrer whom spans name.

    ``made_by``: a word of each must be of one referrer, in one contact. ``closed`` are never found; without
    ``sees_protected`` nobody is found by a referrer whose identity is not to be shared.
    """

    words: Sequence[Spans] = ()
    made_by: Sequence[Spans] = ()
    refs: Collection[str] = ()
    closed: Collection[int] = ()
    sees_protected: bool = False


def persons(session: Session, wanted: Wanted) -> Sequence[int]:
    """The numbers of those who have everything, the newest on record first, two hundred at most."""
    if wanted.refs:
        start = _of_refs(wanted.refs)
        others, made_by = wanted.words, wanted.made_by
    elif wanted.words:
        rarest, *others = sorted(wanted.words, key=lambda spans: _count(session, spans))
        start = select(col(ChildWord.person_id).label("person_id")).where(_among(col(ChildWord.word), rarest))
        made_by = wanted.made_by
    elif wanted.made_by:
        start, others, made_by = _by_referrer(wanted), [], ()
    else:
        return []
    person_id = start.selected_columns[0]
    needed = [_has(person_id, spans) for spans in others]
    if made_by:
        needed.append(person_id.in_(_by_referrer(wanted)))
    if wanted.closed:
        needed.append(person_id.not_in(wanted.closed))
    found = session.connection().execute(start.where(*needed).distinct().order_by(person_id.desc()).limit(MOST))
    return found.scalars().all()


def _of_refs(refs: Collection[str]) -> Select[Any]:
    contacts = select(Contact.id).where(col(Contact.ref).in_(refs))
    either = or_(col(Referral.ref).in_(refs), col(Referral.contact_id).in_(contacts))
    return _person_id().where(either)


def _by_referrer(wanted: Wanted) -> Select[Any]:
    first, *others = wanted.made_by
    statement = (
        _person_id()
        .join(ReferrerWord, col(ReferrerWord.contact_id) == col(Referral.contact_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(_among(col(ReferrerWord.word), first), *(_names(spans) for spans in others))
    )
    return statement if wanted.sees_protected else statement.where(col(Contact.identity_protected).is_(False))


def _person_id() -> Select[Any]:
    return sa_select(col(Referral.person_id).label("person_id"))


def _names(spans: Spans) -> Any:
    other: Any = ReferrerWord.__table__.alias()  # type: ignore[attr-defined]
    return exists().where(other.c.contact_id == col(Referral.contact_id), _among(other.c.word, spans))


def _has(person_id: Any, spans: Spans) -> Any:
    other: Any = ChildWord.__table__.alias()  # type: ignore[attr-defined]
    return exists().where(other.c.person_id == person_id, _among(other.c.word, spans))


def _among(word: Any, spans: Spans) -> Any:
    equal = [span.low for span in spans if span.low == span.high]
    ranges = [and_(word >= span.low, word <= span.high) for span in spans if span.low != span.high]
    if len(equal) == 1:
        return or_(word == equal[0], *ranges)
    return or_(*([word.in_(equal)] if equal else []), *ranges)


def _count(session: Session, spans: Spans) -> int:
    """How many rows the spans have, two thousand standing for any more."""
    some = select(literal(1)).select_from(ChildWord).where(_among(col(ChildWord.word), spans)).limit(COUNTED).subquery()
    return session.connection().execute(select(func.count()).select_from(some)).scalar_one()


def are_common(session: Session, spans: Spans) -> bool:
    """True for words that two thousand children or more have: they tell nobody from anybody."""
    return _count(session, spans) >= COUNTED


def words_of(session: Session, person_ids: Collection[int]) -> dict[int, set[str]]:
    """All words of these persons."""
    found: dict[int, set[str]] = {number: set() for number in person_ids}
    rows = select(ChildWord.person_id, ChildWord.word).where(col(ChildWord.person_id).in_(person_ids))
    for person_id, word in session.connection().execute(rows):
        found[person_id].add(word)
    return found


def kept(session: Session, person_ids: Collection[int]) -> dict[int, int]:
    """Under which number each of these persons goes on: their own, or after merges another's."""
    found = {number: number for number in person_ids}
    while True:
        merged = select(Person.id, Person.merged_into_id).where(
            col(Person.id).in_(set(found.values())), col(Person.merged_into_id).is_not(None)
        )
        into: dict[int, int] = dict(iter(session.connection().execute(merged)))
        if not into:
            return found
        found = {number: into.get(one, one) for number, one in found.items()}


def count(session: Session, closed: Collection[int] = ()) -> int:
    """How many children there are, those merged counted once, and those ``closed`` left out."""
    known = or_(Person.forename != "", Person.surname != "", col(Person.birth_date).is_not(None), Person.address != "")
    standing = select(func.count()).select_from(Person).where(col(Person.merged_into_id).is_(None), known)
    return session.exec(standing.where(col(Person.id).not_in(closed)) if closed else standing).one()


def names_of(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """The name on each of these records, folded by nobody."""
    rows = select(Person.id, Person.forename, Person.surname).where(col(Person.id).in_(person_ids))
    return {number or 0: f"{forename} {surname}".strip() for number, forename, surname in session.exec(rows)}


def records(session: Session, person_ids: Collection[int]) -> Sequence[tuple[int, Person | NamedChild]]:
    """The records of these persons, and what contacts said of them, each with the person's number."""
    own = session.exec(select(Person).where(col(Person.id).in_(person_ids))).all()
    said = select(Referral.person_id, NamedChild).join(Referral, col(Referral.id) == col(NamedChild.referral_id))
    named = session.exec(said.where(col(Referral.person_id).in_(person_ids), named_rows.holds())).all()
    return [*((person.id or 0, person) for person in own), *named]
