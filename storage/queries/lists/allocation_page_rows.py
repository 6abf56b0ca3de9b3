"""The allocation list: accepted children whom no worker holds yet, in sections, in pages by key.

Immediate danger first, then by team, those whom no team has before them all; what an old system accepted comes below
whatever was accepted here, however long it has waited. In each section the longest overdue first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, select

from rules.vocabulary import ClockState, State
from storage.queries import keyset
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Clock, Contact, ListedReferral, Person, Referral, Team
from storage.tables.lists.listed import Part

IN_DANGER = "Children in immediate danger"
NO_TEAM = "No team yet"
IMPORTED = "Imported history"
ALLOCATION = "allocation"
_SECTIONS = {Part.DANGER: IN_DANGER, Part.HISTORY: IMPORTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationLine:
    """One child who waits for a worker; ``team`` is empty where none has it, ``clock`` is that of the allocation."""

    referral: Referral
    contact: Contact
    person: Person
    team: str
    clock: Clock | None
    section: str


def order(session: Session, wanted: ReferralsWanted) -> Order:
    """The sections that have somebody."""
    return Order(
        segments=list(_segments(session, wanted)),
        keys=[col(ListedReferral.allocation_due_at), col(ListedReferral.referral_id)],
    )


def _segments(session: Session, wanted: ReferralsWanted) -> Iterator[Segment]:
    part = col(ListedReferral.part)
    yield Segment(name="danger", where=part == Part.DANGER.value)
    if not wanted.teams:
        yield Segment(name="none", where=(part == Part.WORK.value) & col(ListedReferral.team_id).is_(None))
    for number in _teams(session, wanted):
        yield Segment(name=f"team{number}", where=(part == Part.WORK.value) & (col(ListedReferral.team_id) == number))
    yield Segment(name="history", where=part == Part.HISTORY.value)


def _teams(session: Session, wanted: ReferralsWanted) -> Sequence[int]:
    """The teams that have somebody who waits, by name."""
    waits = select(ListedReferral.referral_id).where(
        col(ListedReferral.team_id) == col(Team.id),
        col(ListedReferral.state) == State.AWAITING_ALLOCATION,
        col(ListedReferral.part) == Part.WORK.value,
    )
    statement = select(Team.id).where(waits.exists()).order_by(col(Team.name), col(Team.id))
    if wanted.teams:
        statement = statement.where(col(Team.id).in_(wanted.teams))
    return [number or 0 for number in session.exec(statement)]


def page(session: Session, wanted: ReferralsWanted, page_wanted: keyset.Wanted, within: Order) -> Slice:
    """A page of the list, its rows as lines."""
    statement = _waiting(session, wanted).add_columns(col(ListedReferral.part))
    found = keyset.read(session, statement, within, page_wanted)
    return Slice(rows=_lines(session, dict(found.rows)), before=found.before, after=found.after)


def count(session: Session, wanted: ReferralsWanted) -> int:
    """How many there are (``referral_list_rows.count``)."""
    return referral_list_rows.count(session, replace(wanted, states=(State.AWAITING_ALLOCATION,)))


def kept_back(session: Session, wanted: ReferralsWanted) -> int:
    """How many of them are restricted and closed to whoever looks, 1,001 for any more."""
    if not wanted.closed:
        return 0
    return keyset.count(session, _waiting(session, wanted).where(col(ListedReferral.person_id).in_(wanted.closed)))


def _waiting(session: Session, wanted: ReferralsWanted) -> Any:
    conditions = [col(ListedReferral.state) == State.AWAITING_ALLOCATION]
    conditions += referral_list_rows.conditions(session, wanted)
    return select(ListedReferral.referral_id).where(*conditions)


def _lines(session: Session, parts: Mapping[int, int]) -> Sequence[AllocationLine]:
    statement = (
        select(Referral, Contact, Person, Team.name)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .outerjoin(Team, col(Team.id) == col(Referral.team_id))
        .where(col(Referral.id).in_(list(parts)))
    )
    found = {row[0].id: row for row in session.exec(statement)}
    clocks = _clocks(session, list(parts))
    rows = [(found[number], clocks.get(number), Part(part)) for number, part in parts.items()]
    return [
        AllocationLine(
            referral=referral,
            contact=contact,
            person=person,
            team=team or "",
            clock=clock,
            section=_SECTIONS.get(part) or team or NO_TEAM,
        )
        for (referral, contact, person, team), clock, part in rows
    ]


def _clocks(session: Session, referral_ids: Sequence[int]) -> Mapping[int, Clock]:
    """The running clock of each referral that its allocation stops."""
    running = (col(Clock.state) == ClockState.RUNNING, col(Clock.duty) == ALLOCATION)
    statement = select(Clock).where(col(Clock.referral_id).in_(referral_ids), *running)
    found: dict[int, Clock] = {}
    for clock in session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))):
        found.setdefault(clock.referral_id, clock)
    return found
