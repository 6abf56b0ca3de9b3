"""What somebody searches a list for, as conditions: by the beginnings of words, so that each is looked up in an index.

A word is the child's (as on record or as a contact said) or the referrer's; a date, an age or a number is the child's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import union_all
from sqlmodel import Session, and_, col, false, or_, select

from rules.likeness import spans as stretches
from rules.likeness.asked import Kind, Question, Term
from storage.queries import keyset
from storage.tables import ChildWord, Contact, Referral, ReferrerWord

FEW, MANY = 400, 5_000
_OF_BOTH, _OF_REFERRER = (Kind.WORD,), (Kind.TELEPHONE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A question, and who asks: no word finds a child whose record is ``closed`` to whoever asks.

    Without ``sees_protected`` no word finds by a referrer whose identity is not to be shared.
    """

    question: Question
    closed: Collection[int] = ()
    sees_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the list that is searched keeps the numbers of child, contact and, where it has one, referral."""

    person_id: Any
    contact_id: Any
    referral_id: Any = None


def condition(session: Session, sought: Sought, columns: Columns) -> Any:
    """True for the rows that have every part of the question, or whose reference it is; false where it asks nothing."""
    question = sought.question
    by_reference = list(_references(question.references, columns))
    by_terms = and_(*_terms(session, sought, columns)) if question.terms else false()
    found = or_(by_terms, *by_reference) if by_reference else by_terms
    return found & columns.person_id.not_in(sought.closed) if sought.closed else found


def _references(refs: Sequence[str], columns: Columns) -> Iterator[Any]:
    if not refs:
        return
    yield columns.contact_id.in_(select(Contact.id).where(col(Contact.ref).in_(refs)))
    if columns.referral_id is not None:
        yield columns.referral_id.in_(select(Referral.id).where(col(Referral.ref).in_(refs)))


def _terms(session: Session, sought: Sought, columns: Columns) -> Iterator[Any]:
    for term in sought.question.terms:
        sides = [one for of, numbers in _sides(term, sought) for one in _side(session, getattr(columns, of), numbers)]
        yield or_(*sides) if sides else false()


def _sides(term: Term, sought: Sought) -> Iterator[tuple[str, Any]]:
    """By which column a term finds, and the numbers that it finds."""
    if term.kind not in _OF_REFERRER:
        yield "person_id", _children(term)
    if term.kind in (*_OF_BOTH, *_OF_REFERRER):
        yield "contact_id", _referrers(term, sought)


def is_common(session: Session, sought: Sought) -> bool:
    """True where one word is asked for that very many have, as "school": a list is read in its order then."""
    terms = sought.question.terms
    return len(terms) == 1 and any(
        keyset.count(session, numbers, most=MANY) > MANY for _, numbers in _sides(terms[0], sought)
    )


def _side(session: Session, column: Any, numbers: Any) -> Sequence[Any]:
    """The condition that a column is among these numbers; none where there is none.

    What few have is written out, so that the list is read by their numbers; else it is read in order, and each asked.
    """
    found = session.execute(numbers.limit(FEW + 1)).scalars().all()
    if not found:
        return []
    return [column.in_(sorted(set(found)) if len(found) <= FEW else numbers)]


def _children(term: Term) -> Any:
    return _each(ChildWord, term, ChildWord.person_id)


def _referrers(term: Term, sought: Sought) -> Any:
    found = _each(ReferrerWord, term, ReferrerWord.contact_id)
    if sought.sees_protected:
        return found
    numbers = found.subquery()
    shared = select(Contact.id).where(col(Contact.id) == numbers.c[0], col(Contact.identity_protected).is_(False))
    return select(numbers.c[0]).where(shared.exists())


def _each(table: Any, term: Term, number: Any) -> Any:
    """Stretch by stretch: of an OR neither database makes stretches of its index."""
    spans = stretches.apart(term.spans(begins=True))
    some = [select(number.label("number")).where(table.word >= one.low, table.word <= one.high) for one in spans]
    whole = union_all(*some).subquery()
    return select(whole.c.number)
