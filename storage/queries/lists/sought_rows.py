"""What somebody searches a list for: by the beginnings of words, so that each is looked up in an index.

A word is the child's (as on record or as a contact said) or the referrer's; a date, an age or a number is the child's.
What few referrals fit is found once, and a list asks for their numbers; where very many fit, a list is read in its
order and each row is asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, false, func, literal, or_, select

from rules.likeness import spans as stretches
from rules.likeness.asked import Kind, Question, Term
from storage.queries import keyset
from storage.queries.plans import Among
from storage.remembered import once
from storage.tables import ChildWord, Contact, ListedReferral, Referral, ReferrerWord

MANY = 5_000
_OF_BOTH, _OF_REFERRER = (Kind.WORD,), (Kind.TELEPHONE,)
_ROW = aliased(ListedReferral)
_Side = tuple[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A question, and who asks: no word finds a child whose record is ``closed`` to whoever asks.

    Without ``sees_protected`` no word finds by a referrer whose identity is not to be shared. What more than ``many``
    have is asked of each row.
    """

    question: Question
    closed: Collection[int] = ()
    sees_protected: bool = False
    many: int = MANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The referrals and contacts found; where ``many`` have every part, only whose reference it is."""

    referrals: Collection[int] = ()
    contacts: Collection[int] = ()
    many: bool = False


def listed(session: Session, sought: Sought) -> Any:
    """True for a row of ``listed_referral`` that has every part of the question, or whose reference it is."""
    found = of(session, sought)
    known = _among(col(ListedReferral.referral_id), found.referrals)
    if not found.many:
        return known
    terms = and_(*(_has(term, sought, ListedReferral) for term in sought.question.terms))
    if sought.closed:
        terms = and_(terms, col(ListedReferral.person_id).not_in(sought.closed))
    return or_(known, terms)


def referral(session: Session, sought: Sought, referral_id: Any) -> Any:
    """True where this column names a referral that has every part of the question, or whose reference it is."""
    found = of(session, sought)
    known = _among(referral_id, found.referrals)
    return or_(known, _asked(sought, col(_ROW.referral_id) == referral_id)) if found.many else known


def contact(session: Session, sought: Sought, contact_id: Any) -> Any:
    """True where this column names the contact of such a referral."""
    found = of(session, sought)
    known = _among(contact_id, found.contacts)
    return or_(known, _asked(sought, col(_ROW.contact_id) == contact_id)) if found.many else known


def _among(column: Any, numbers: Collection[int]) -> Any:
    return Among(column, numbers) if numbers else false()


def is_many(session: Session, sought: Sought) -> bool:
    """True where a list is to be read in its order: more are found than it is worth to begin with."""
    found = of(session, sought)
    return found.many or len(found.referrals) > keyset.MOST_COUNTED


def of(session: Session, sought: Sought) -> Found:
    """What a question finds, which is nothing where it asks nothing; asked once a read session."""
    return once(session, sought, lambda: _of(session, sought))


def _of(session: Session, sought: Sought) -> Found:
    rows = {row for statement in _references(sought) for row in session.execute(statement).all()}
    some = _by_terms(session, sought) if sought.question.terms else []
    rows.update(some or [])
    return Found(
        referrals=sorted(number for number, _ in rows),
        contacts=sorted({number for _, number in rows}),
        many=some is None,
    )


def _references(sought: Sought) -> Iterator[Any]:
    refs = sought.question.references
    if refs:
        for column, number, ref in (
            (_ROW.contact_id, Contact.id, Contact.ref),
            (_ROW.referral_id, Referral.id, Referral.ref),
        ):
            yield _open(_numbers().where(col(column).in_(select(number).where(col(ref).in_(refs)))), sought)


def _by_terms(session: Session, sought: Sought) -> Sequence[Any] | None:
    """By the part that the fewest have, each of these asked about the others; None where very many have all."""
    sides = {term: list(_sides(term, sought)) for term in sought.question.terms}
    counts = _counts(session, sides, sought.many)
    lead, *others = sorted(counts, key=counts.__getitem__)
    most = sought.many
    if counts[lead] > most:  # of two that very many have few may have both
        if not others:
            return None
        most = min(most, keyset.MOST_COUNTED)
    each = [_has(term, sought, _ROW) for term in others]
    parts = [_open(_joined(column, numbers).where(*each), sought) for column, numbers in sides[lead]]
    rows = session.execute(union_all(*parts).limit(most + 1)).all()
    return rows if len(rows) <= most else None


def _counts(session: Session, sides: Mapping[Term, Sequence[_Side]], most: int) -> Mapping[Term, int]:
    """How many children or contacts have each part, one more than ``most`` for any more."""
    terms = [term for term, some in sides.items() for _ in some]
    some = [numbers.limit(most + 1).subquery() for both in sides.values() for _, numbers in both]
    counts = session.execute(select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))).one()
    found: dict[Term, int] = {}
    for term, number in zip(terms, counts, strict=True):
        found[term] = max(number, found.get(term, 0))
    return found


def _joined(column: Any, numbers: Any) -> Any:
    """Row after row, twice for two words: a set of all would be made before the first is found."""
    words = numbers.subquery()
    return _numbers().join(words, words.c[0] == column)


def _numbers() -> Any:
    return select(col(_ROW.referral_id), col(_ROW.contact_id))


def _open(statement: Any, sought: Sought) -> Any:
    return statement.where(col(_ROW.person_id).not_in(sought.closed)) if sought.closed else statement


def _asked(sought: Sought, row: Any) -> Any:
    """Each row by its key, and no set of all: a planner would make one for every page of an OR or an EXISTS."""
    terms = [_has(term, sought, _ROW) for term in sought.question.terms]
    fits = _open(select(literal(1)).select_from(_ROW).where(row, *terms), sought)
    return fits.limit(1).scalar_subquery().is_not(None)


def _has(term: Term, sought: Sought, row: Any) -> Any:
    """True for a row of which the child or the referrer has a part of the question."""
    words = [one.limit(1).correlate(row).scalar_subquery().is_not(None) for one in _words(term, sought, row)]
    return or_(*words)


def _words(term: Term, sought: Sought, row: Any) -> Iterator[Any]:
    if term.kind not in _OF_REFERRER:
        yield _word(ChildWord, term).where(col(ChildWord.person_id) == col(row.person_id))
    if term.kind in (*_OF_BOTH, *_OF_REFERRER):
        words = _word(ReferrerWord, term).where(col(ReferrerWord.contact_id) == col(row.contact_id))
        if not sought.sees_protected:
            words = words.join(Contact, col(Contact.id) == col(ReferrerWord.contact_id)).where(_is_shared())
        yield words


def _word(table: Any, term: Term) -> Any:
    within = or_(*(and_(table.word >= one.low, table.word <= one.high) for one in _spans(term)))
    return select(literal(1)).select_from(table).where(within)


def _spans(term: Term) -> Sequence[stretches.Span]:
    return stretches.apart(term.spans(begins=True))


def _is_shared() -> Any:
    return col(Contact.identity_protected).is_(False)


def _sides(term: Term, sought: Sought) -> Iterator[_Side]:
    """By which column a part finds, and the numbers that it finds."""
    if term.kind not in _OF_REFERRER:
        yield col(_ROW.person_id), _each(ChildWord, term, ChildWord.person_id)
    if term.kind in (*_OF_BOTH, *_OF_REFERRER):
        yield col(_ROW.contact_id), _referrers(term, sought)


def _referrers(term: Term, sought: Sought) -> Any:
    found = _each(ReferrerWord, term, ReferrerWord.contact_id)
    if sought.sees_protected:
        return found
    numbers = found.subquery()
    shared = select(Contact.id).where(col(Contact.id) == numbers.c[0], _is_shared())
    return select(numbers.c[0]).where(shared.exists())


def _each(table: Any, term: Term, number: Any) -> Any:
    """Stretch by stretch: of an OR neither database makes stretches of its index."""
    some = [select(number.label("number")).where(table.word >= one.low, table.word <= one.high) for one in _spans(term)]
    whole = union_all(*some).subquery()
    return select(whole.c.number)
