"""What ended late and of which nobody has said why: filtered, in pages by key, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select, true

from storage.queries import keyset, late_rows
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import narrowed_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Clock, Contact, Person, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class LateWanted:
    """What of it is listed; what is empty narrows nothing. ``kinds``: of the clocks.

    Of a child whose record is closed nothing is listed, but where a file counts what it leaves out.
    """

    since: datetime
    kinds: Collection[str] = ()
    of: ReferralsWanted = field(default_factory=ReferralsWanted)
    oldest_first: bool = False
    counts_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LateLine:
    """One duty with its child."""

    clock: Clock
    referral: Referral
    contact: Contact
    person: Person


def order(wanted: LateWanted) -> Order:
    """By the moment that was missed."""
    return Order(
        segments=[Segment(name="0", where=true())],
        keys=[col(Clock.breached_at), col(Clock.id)],
        descending=not wanted.oldest_first,
    )


def page(session: Session, wanted: LateWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as lines."""
    found = keyset.read(session, _statement(session, wanted), order(wanted), page_wanted)
    rows = [
        LateLine(clock=clock, referral=referral, contact=contact, person=person)
        for clock, referral, contact, person in found.rows
    ]
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: LateWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _statement(session, wanted).with_only_columns(col(Clock.id)))


def kept_back(session: Session, wanted: LateWanted) -> int:
    """How many a file leaves out, 1,001 for any more: those of closed records, where no filter could tell of them."""
    if not wanted.of.closed or narrowed_rows.narrows(wanted.of) or wanted.kinds:
        return 0
    closed = col(Person.id).in_(wanted.of.closed)
    found = _joined(late_rows.unanswered(since=wanted.since)).where(closed)
    return keyset.count(session, found.with_only_columns(col(Clock.id)))


def _statement(session: Session, wanted: LateWanted) -> Any:
    narrowed = narrowed_rows.conditions(session, wanted.of, col(Clock.referral_id), narrowed_rows.REFERRAL)
    found: list[Any] = [*late_rows.unanswered(since=wanted.since), *narrowed]
    if wanted.kinds:
        found.append(col(Clock.kind).in_(wanted.kinds))
    if wanted.of.closed and (wanted.kinds or not wanted.counts_closed):
        found.append(col(Person.id).not_in(wanted.of.closed))
    return _joined(found)


def _joined(conditions: Sequence[Any]) -> Any:
    statement = (
        select(Clock, Referral, Contact, Person)
        .join(Referral, col(Referral.id) == col(Clock.referral_id))
        .join(Contact, col(Contact.id) == col(Clock.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
    )
    return statement.where(*conditions)
