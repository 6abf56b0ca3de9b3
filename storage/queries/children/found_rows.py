"""Whom words find among all children, open and closed, and the referrers through whom; each look-up is on an index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import Any

from sqlalchemy import Integer, Select, cast, null, union_all
from sqlalchemy import select as sa_select
from sqlmodel import Session, and_, col, exists, func, literal, or_, select, union

from rules.likeness import spans as stretches
from rules.likeness.spans import Span
from storage.queries.children import named_rows
from storage.tables import ChildWord, Contact, NamedChild, Person, Referral, ReferrerWord

Spans = Sequence[Span]
Words = type[ChildWord] | type[ReferrerWord]
Counted = Sequence[tuple[int, Spans]]
Needed = Callable[[Any], Any]
MOST, MOST_OF_ANY = 200, 100
COMMON, MANY = 2000, 30_000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of what was typed: all words that fit it, and those that do exactly."""

    spans: Spans
    exact: Spans


def persons(session: Session, wanted: Wanted) -> Sequence[int]:
    """The numbers of those who have everything, the newest on record first, two hundred at most."""
    words, made_by = _counted(session, ChildWord, wanted.words), _counted(session, ReferrerWord, wanted.made_by)
    rows = [count for count, _ in (*words, *made_by)]
    if not all(rows) or not (rows or wanted.refs):
        return []  # somebody asked for a word that nobody has
    start, needed = _start(wanted, words, made_by)
    person_id = start.selected_columns[0]
    conditions = [one(person_id) for one in needed]
    if wanted.closed:
        conditions.append(person_id.not_in(wanted.closed))
    found = session.connection().execute(start.where(*conditions).distinct().order_by(person_id.desc()).limit(MOST))
    return found.scalars().all()


def _counted(session: Session, table: Words, words: Sequence[Spans]) -> Counted:
    """Words with how many rows they have, the rarest first; counted on only where all of them are common."""
    found: Counted = []
    for most in (COMMON, MANY):
        found = sorted(zip(_counts(session, table, words, most), words, strict=True), key=itemgetter(0))
        if not found or found[0][0] < most:
            break
    return found


def _start(wanted: Wanted, words: Counted, made_by: Counted) -> tuple[Select[Any], Sequence[Needed]]:
    """Where the look-up begins, and what is still asked of each: with the rarest, so that it reads the fewest rows.

    What very many have is found soonest by going through the persons, the newest first.
    """
    has = [partial(_is_among if COMMON <= words[0][0] <= count < MANY else _has, spans=spans) for count, spans in words]
    is_named = [partial(_is_named, wanted=wanted, made_by=made_by)] if made_by else []
    if wanted.refs:
        return _of_refs(wanted.refs), [*has, *is_named]
    if made_by and made_by[0][0] < min([COMMON, *(count for count, _ in words)]):
        return _by_referrer(wanted, made_by), has
    if words and words[0][0] < MANY:
        return _persons_with(words[0][1]), [*has[1:], *is_named]
    return sa_select(col(Person.id).label("person_id")), [*has, *is_named]


def _is_named(person_id: Any, *, wanted: Wanted, made_by: Counted) -> Any:
    of_person = _by_referrer(wanted, made_by).where(col(Referral.person_id) == person_id)
    return of_person.correlate(person_id.table).exists()


def _persons_with(spans: Spans) -> Select[Any]:
    found = union_all(*_each(ChildWord, spans, col(ChildWord.person_id).label("person_id"))).subquery()
    return sa_select(found.c.person_id)


def _of_refs(refs: Collection[str]) -> Select[Any]:
    ours = _person_id().where(col(Referral.ref).in_(refs))
    of_contact = (
        _person_id().join(Contact, col(Contact.id) == col(Referral.contact_id)).where(col(Contact.ref).in_(refs))
    )
    either = union(ours, of_contact).subquery()  # an OR over two tables would read all referrals
    return sa_select(either.c.person_id)


def _by_referrer(wanted: Wanted, made_by: Counted) -> Select[Any]:
    first, *others = (spans for _, spans in made_by)
    statement = (
        _person_id()
        .join(ReferrerWord, col(ReferrerWord.contact_id) == col(Referral.contact_id))
        .where(_among(col(ReferrerWord.word), first), *(_names(spans) for spans in others))
    )
    if wanted.sees_protected:
        return statement
    shared = col(Contact.identity_protected).is_(False)
    return statement.join(Contact, col(Contact.id) == col(Referral.contact_id)).where(shared)


def _person_id() -> Select[Any]:
    return sa_select(col(Referral.person_id).label("person_id"))


def _names(spans: Spans) -> Any:
    other: Any = ReferrerWord.__table__.alias()  # type: ignore[attr-defined]
    return exists().where(other.c.contact_id == col(Referral.contact_id), _among(other.c.word, spans))


def _has(person_id: Any, spans: Spans) -> Any:
    other: Any = ChildWord.__table__.alias()  # type: ignore[attr-defined]
    fitting = sa_select(literal(1)).where(other.c.person_id == person_id, _among(other.c.word, spans))
    return fitting.offset(
        0
    ).exists()  # an offset keeps PostgreSQL from joining the whole stretch, of whose rows it knows little


def _is_among(person_id: Any, spans: Spans) -> Any:
    """The same as ``_has`` for many persons: the stretches are read once, and nobody is asked one by one."""
    return person_id.in_(union_all(*_each(ChildWord, spans, col(ChildWord.person_id))))


def _among(word: Any, spans: Spans) -> Any:
    apart = stretches.apart(spans)
    equal = [span.low for span in apart if span.low == span.high]
    ranges = [and_(word >= span.low, word <= span.high) for span in apart if span.low != span.high]
    if len(equal) == 1:
        return or_(word == equal[0], *ranges)
    return or_(*([word.in_(equal)] if equal else []), *ranges)


def _each(table: Words, spans: Spans, *what: Any) -> Sequence[Select[Any]]:
    """The rows of each stretch after the other: of an OR neither database makes stretches of its index."""
    word = col(table.word)
    return [sa_select(*what).where(_among(word, [span])) for span in stretches.apart(spans)]


def _counts(session: Session, table: Words, parts: Sequence[Spans], most: int) -> Sequence[int]:
    """How many rows the spans of each part have, ``most`` standing for any more; asked all at once."""
    if not parts:
        return []
    some = [union_all(*_each(table, spans, literal(1))).limit(most).subquery() for spans in parts]
    counts = [select(func.count()).select_from(rows).scalar_subquery() for rows in some]
    return list(session.connection().execute(sa_select(*counts)).one())


def of_any(session: Session, parts: Sequence[Part], closed: Collection[int] = ()) -> Sequence[int]:
    """Whoever fits one part or more: most parts first, then the part that the fewest have; a hundred at most.

    Of a part that two thousand children or more have it is only asked who of the others fits it too.
    """
    counts = _counts(session, ChildWord, [part.spans for part in parts], COMMON)
    by_count = sorted(zip(counts, parts, strict=True), key=itemgetter(0))
    rare = [part for count, part in by_count if count < COMMON]
    if not rare:
        return []
    rows = union_all(*(rows for number, part in enumerate(rare) for rows in _rows_of(part, number))).subquery()
    fits = (cast(_has(rows.c.person_id, part.spans), Integer) for _, part in by_count[len(rare) :])
    closest = [
        sum(fits, start=func.count(rows.c.part.distinct())).desc(),
        func.min(rows.c.part),
        func.count(rows.c.exact.distinct()).desc(),
        rows.c.person_id.desc(),
    ]
    found = sa_select(rows.c.person_id).where(rows.c.person_id.not_in(closed)).group_by(rows.c.person_id)
    return session.connection().execute(found.order_by(*closest).limit(MOST_OF_ANY)).scalars().all()


def _rows_of(part: Part, number: int) -> Iterator[Select[Any]]:
    for exact, spans in ((cast(null(), Integer), part.spans), (literal(number), part.exact)):
        person_id: Any = col(ChildWord.person_id).label("person_id")
        yield from _each(ChildWord, spans, person_id, literal(number).label("part"), exact.label("exact"))


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
