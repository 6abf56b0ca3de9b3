"""What an answer says of each child whom a search has found, for a page of them in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import nulls_last
from sqlmodel import Session, col, func, or_, select

from storage.queries.children import found_rows, named_rows
from storage.queries.decisions import undone_rows
from storage.tables import Contact, Decision, HouseholdLink, NamedChild, Person, Referral, Worker


class Sort(StrEnum):
    """In which order children are shown. Likeliest: as a search has ranked them."""

    LIKELIEST = "likeliest"
    NAME = "name"
    YOUNGEST = "youngest"
    OLDEST = "oldest"


_ORDERS: Mapping[Sort, Sequence[Any]] = {
    Sort.NAME: (func.lower(col(Person.surname)), func.lower(col(Person.forename))),
    Sort.YOUNGEST: (nulls_last(col(Person.birth_date).desc()),),
    Sort.OLDEST: (nulls_last(col(Person.birth_date)),),
}


def ordered(session: Session, person_ids: Sequence[int], sort: Sort) -> Sequence[int]:
    """The numbers of these children in another order; as they are for the likeliest."""
    if sort is Sort.LIKELIEST:
        return person_ids
    found = session.exec(
        select(Person.id).where(col(Person.id).in_(person_ids)).order_by(*_ORDERS[sort], col(Person.id))
    )
    return [number for number in found if number is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest referral of a child, with the worker's name where one holds it."""

    ref: str
    state: str
    received_at: datetime
    worker: str


@dataclass(slots=True, kw_only=True)
class ChildFacts:
    """``contacts``: how many, without what was set aside. ``household``: the others, by number.

    ``decision`` is the last that holds of any referral that is not set aside, with the referral's book.
    """

    person: Person
    contacts: int = 0
    latest: Latest | None = None
    worker: str = ""
    decision: Decision | None = None
    book_id: int = 0
    household: list[Person] = field(default_factory=list)
    other_names: tuple[str, ...] = ()


def facts(session: Session, person_ids: Sequence[int], *, closed: Collection[int] = ()) -> Mapping[int, ChildFacts]:
    """What is to be said of these children, who are merged into nobody. Of a household nobody who is ``closed``."""
    persons = session.exec(select(Person).where(col(Person.id).in_(person_ids))).all()
    found = {person.id or 0: ChildFacts(person=person) for person in persons}
    merged = _merged(session, person_ids)
    _referrals(session, found)
    _names(session, found, merged)
    _households(session, found, merged, closed)
    return found


def _merged(session: Session, person_ids: Collection[int]) -> Mapping[int, int]:
    """Every number that these children have, with the one under which each goes on."""
    numbers, newest = {number: number for number in person_ids}, set(person_ids)
    while newest:
        rows = select(Person.id, Person.merged_into_id).where(col(Person.merged_into_id).in_(newest))
        more = {one: numbers[into] for one, into in session.exec(rows) if one is not None and into is not None}
        newest = more.keys() - numbers.keys()
        numbers |= more
    return numbers


def _referrals(session: Session, found: Mapping[int, ChildFacts]) -> None:
    rows = (
        select(Referral, Contact.received_at, Worker.name)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .outerjoin(Worker, col(Worker.id) == col(Referral.worker_id))
        .where(col(Referral.person_id).in_(found), col(Referral.set_aside_at).is_(None))
        .order_by(col(Contact.received_at), col(Referral.id))
    )
    contacts, referrals = defaultdict[int, set[int]](set), dict[int, Referral]()
    for referral, received_at, worker in session.exec(rows):
        facts = found[referral.person_id]
        contacts[referral.person_id].add(referral.contact_id)
        held = worker if worker and referral.closed_at is None else ""
        facts.latest = Latest(ref=referral.ref, state=referral.state, received_at=received_at, worker=held)
        facts.worker, facts.contacts = held or facts.worker, len(contacts[referral.person_id])
        referrals[referral.id or 0] = referral
    decided = select(Decision).where(col(Decision.referral_id).in_(referrals), undone_rows.stands())
    last = {decision.referral_id: decision for decision in session.exec(decided.order_by(col(Decision.id)))}
    for decision in sorted(last.values(), key=lambda one: (one.decided_at, one.id or 0)):
        referral = referrals[decision.referral_id]
        facts = found[referral.person_id]
        facts.decision, facts.book_id = decision, referral.rulebook_version_id


def _names(session: Session, found: Mapping[int, ChildFacts], merged: Mapping[int, int]) -> None:
    """The names under which others know a child: those of records merged into one, and as contacts named it."""
    own = select(Person.id, Person.forename, Person.surname).where(col(Person.id).in_(merged))
    said = (
        select(Referral.person_id, NamedChild.forename, NamedChild.surname)
        .join(NamedChild, col(NamedChild.referral_id) == col(Referral.id))
        .where(col(Referral.person_id).in_(found), named_rows.holds())
    )
    names = defaultdict[int, dict[str, None]](dict)
    for number, forename, surname in [*session.exec(own), *session.exec(said)]:
        names[merged[number or 0]][f"{forename} {surname}".strip()] = None
    for number, facts in found.items():
        mine = f"{facts.person.forename} {facts.person.surname}".strip().casefold()
        facts.other_names = tuple(name for name in names[number] if name and name.casefold() != mine)


def _households(
    session: Session, found: Mapping[int, ChildFacts], merged: Mapping[int, int], closed: Collection[int]
) -> None:
    lower, higher = col(HouseholdLink.person_id), col(HouseholdLink.other_person_id)
    pairs = session.exec(select(lower, higher).where(or_(lower.in_(merged), higher.in_(merged)))).all()
    if not pairs:
        return
    ends = found_rows.kept(session, {number for pair in pairs for number in pair})
    people = {person.id or 0: person for person in _persons(session, set(ends.values()) - set(closed))}
    for mine, theirs in {*pairs, *((other, one) for one, other in pairs)}:
        facts, other = found.get(merged.get(mine, 0)), people.get(ends[theirs])
        if facts and other and other is not facts.person and other not in facts.household:
            facts.household.append(other)
    for facts in found.values():
        facts.household.sort(key=lambda person: (str(person.birth_date or ""), person.id or 0))


def _persons(session: Session, numbers: Collection[int]) -> Sequence[Person]:
    return session.exec(select(Person).where(col(Person.id).in_(numbers))).all()
