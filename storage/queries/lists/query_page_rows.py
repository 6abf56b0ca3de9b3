"""The list of queries: filtered, in pages by key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session, and_, col, or_, true

from storage.queries import contact_rows, keyset
from storage.queries.children import close_birth_rows, oddity_rows
from storage.queries.children.oddity_rows import Hidden, Line
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import narrowed_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class QueriesWanted:
    """What of the queries is listed; what is empty narrows nothing.

    ``places``: the last part of where a query lies, such as ``nhs_number``. A query is found by all of the ``words`` in
    what it says, or by what is sought ``of`` the referrals of its contact.
    """

    settled: bool = False
    words: str = ""
    places: Collection[str] = ()
    settled_by: str = ""
    of: ReferralsWanted = field(default_factory=ReferralsWanted)
    hidden: Hidden = field(default_factory=Hidden)
    turned: bool = False


def order(wanted: QueriesWanted) -> Order:
    """Open ones the oldest first, settled ones the latest settled first; ``turned`` the other way."""
    keys = [col(Query.settled_at), col(Query.id)] if wanted.settled else [col(Query.id)]
    return Order(segments=[Segment(name="0", where=true())], keys=keys, descending=wanted.settled is not wanted.turned)


def page(session: Session, wanted: QueriesWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as lines."""
    found = keyset.read(session, _statement(session, wanted), order(wanted), page_wanted)
    children = contact_rows.children_of(session, {contact.id or 0 for _, contact, _ in found.rows})
    others = close_birth_rows.others(session, [query for query, *_ in found.rows])
    rows = [
        Line(
            query=query,
            contact=contact,
            referral_ref=ref or "",
            children=children.get(contact.id or 0, frozenset()),
            other=others.get(query.id or 0),
        )
        for query, contact, ref in found.rows
    ]
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: QueriesWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _statement(session, wanted).with_only_columns(col(Query.id)))


def kept_back(session: Session, wanted: QueriesWanted) -> int:
    """How many of them are about a contact of a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.of.closed:
        return 0
    closed = narrowed_rows.kept_back(wanted.of, col(Query.contact_id), narrowed_rows.CONTACT)
    return keyset.count(session, _statement(session, wanted).with_only_columns(col(Query.id)).where(closed))


def _statement(session: Session, wanted: QueriesWanted) -> Any:
    done = col(Query.settled_at)
    statement = oddity_rows.seen(wanted.hidden).where(done.is_not(None) if wanted.settled else done.is_(None))
    return statement.where(*_conditions(session, wanted))


def _conditions(session: Session, wanted: QueriesWanted) -> Sequence[Any]:
    contact_id = col(Query.contact_id)
    found = [*narrowed_rows.conditions(session, replace(wanted.of, sought=None), contact_id, narrowed_rows.CONTACT)]
    if wanted.places:
        found.append(or_(*(col(Query.place).endswith(place, autoescape=True) for place in wanted.places)))
    if wanted.settled_by:
        found.append(col(Query.settled_by) == wanted.settled_by)
    if wanted.words:
        asked = ReferralsWanted(sought=wanted.of.sought, closed=wanted.of.closed)
        by_child = narrowed_rows.conditions(session, asked, contact_id, narrowed_rows.CONTACT)
        said = oddity_rows.says(wanted.words, wanted.hidden)
        found.append(or_(said, and_(*by_child)) if by_child else said)
    if wanted.of.closed and (wanted.places or wanted.settled_by):
        found.append(~narrowed_rows.kept_back(wanted.of, contact_id, narrowed_rows.CONTACT))
    return found
