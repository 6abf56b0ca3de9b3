"""The list of what is odd on records and waits for a person to look into it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, and_, col, or_, select

from rules.errors import NotFound
from storage.queries import keyset, sought
from storage.queries.children import close_birth_rows
from storage.tables import Contact, Person, Query, Referral

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One query with its contact; ``referral_ref`` where it is about one child, ``children`` whom the contact names.

    ``other``: the child of another record whom it is about as well.
    """

    query: Query
    contact: Contact
    referral_ref: str
    children: frozenset[int]
    other: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """What somebody must not see: places of a protected referrer's facts, and children whose record is closed."""

    places: Collection[str] = ()
    children: Collection[int] = ()


def get(session: Session, query_id: int) -> Query:
    """The query. Raises NotFound."""
    query = session.get(Query, min(query_id, LARGEST))
    if query is None:
        raise NotFound(f"There is no query {query_id}; open the list of queries again.")
    return query


def open_about(session: Session, referral: Referral, *, said: str) -> Sequence[Query]:
    """The queries of a referral's contact that nobody has settled and that begin so."""
    begins = col(Query.problem).startswith(said, autoescape=True)
    statement = select(Query).where(Query.contact_id == referral.contact_id, col(Query.settled_at).is_(None), begins)
    return session.exec(statement.order_by(col(Query.id))).all()


def says(words: str, hidden: Hidden) -> Any:
    """True for the queries that have all of the words: what is hidden of children is found by none but a reference."""
    return and_(*(_finds(word, hidden) for word in sought.words(words)))


def _finds(word: str, hidden: Hidden) -> Any:
    asked = sought.holds(word, Query.problem, Query.value)
    if hidden.children:
        theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(hidden.children))
        asked = asked & col(Contact.id).not_in(theirs)
    return or_(col(Contact.ref).icontains(word, autoescape=True), asked)


def seen(hidden: Hidden) -> Any:
    """The queries that may be seen, settled or not, each with its contact and the reference of its referral.

    What is ``hidden`` of referrers is left out, and so is another's query that tells of a hidden child.
    """
    statement = (
        select(Query, Contact, Referral.ref)
        .join(Contact, col(Contact.id) == col(Query.contact_id))
        .outerjoin(Referral, col(Referral.id) == col(Query.referral_id))
    )
    if hidden.places:
        statement = statement.where(~(col(Contact.identity_protected) & col(Query.place).in_(hidden.places)))
    if hidden.children:
        statement = statement.where(~close_birth_rows.about(hidden.children))
    return statement


def count_open(session: Session, hidden: Hidden) -> int:
    """How many are open, counted to a thousand; one more stands for any more."""
    return keyset.count(session, seen(hidden).where(col(Query.settled_at).is_(None)))
