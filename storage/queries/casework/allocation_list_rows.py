"""The allocation list: accepted children whom no worker holds yet, by team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, func, select

from rules.vocabulary import ClockState, State
from storage.tables import Clock, Contact, Person, Referral, Team

IN_DANGER = "Children in immediate danger"
NO_TEAM = "No team yet"
IMPORTED = "Imported history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One child who waits for a worker; ``team`` is empty where none has it, ``clock`` is that of the allocation."""

    referral: Referral
    contact: Contact
    person: Person
    team: str
    clock: Clock | None

    @property
    def section(self) -> str:
        """The part of the list in which the child stands."""
        if self.referral.imported and not (self.clock and self.clock.watched):
            return IMPORTED
        return IN_DANGER if self.contact.immediate_danger else self.team or NO_TEAM


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many children wait in one team; ``team_id`` is None for those whom no team has."""

    team_id: int | None
    team: str
    children: int


def waiting(session: Session, *, team_id: int | None = None, offset: int, limit: int) -> tuple[Sequence[Waiting], int]:
    """A page of the list, and how many there are in all, in sections: danger, by team, imported history.

    Children whom no team has come before those of a team; in each section the longest overdue first. What an old system
    accepted stays below whatever was accepted here, however long it has waited.
    """
    clock = _allocation_clock()
    columns: tuple[Any, ...] = (Referral, Contact, Person, Team.name, clock.c.clock_id)
    statement = (
        rows_of(*columns)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .outerjoin(Team, col(Team.id) == col(Referral.team_id))
        .outerjoin(clock, clock.c.referral_id == col(Referral.id))
        .where(col(Referral.state) == State.AWAITING_ALLOCATION)
    )
    if team_id is not None:
        statement = statement.where(col(Referral.team_id) == team_id)
    count = session.scalar(rows_of(func.count()).select_from(statement.subquery())) or 0
    history = col(Referral.imported) & (func.coalesce(clock.c.watched, 0) == 0)
    ordered = statement.order_by(
        case((history, 2), (col(Contact.immediate_danger), 0), else_=1),
        case((history | col(Contact.immediate_danger), ""), else_=func.coalesce(Team.name, "")),
        clock.c.due_at.is_(None),
        clock.c.due_at,
        col(Referral.id),
    )
    rows = session.execute(ordered.offset(offset).limit(limit)).all()
    clocks = _clocks(session, [clock_id for *_, clock_id in rows if clock_id is not None])
    return [
        Waiting(referral=referral, contact=contact, person=person, team=team or "", clock=clocks.get(clock_id))
        for referral, contact, person, team, clock_id in rows
    ], count


def counts(session: Session) -> Sequence[Count]:
    """How many children wait in each team that has any, those whom no team has first."""
    statement = (
        select(col(Referral.team_id), Team.name, func.count())
        .outerjoin(Team, col(Team.id) == col(Referral.team_id))
        .where(col(Referral.state) == State.AWAITING_ALLOCATION)
        .group_by(col(Referral.team_id), col(Team.name))
    )
    found = [Count(team_id=team_id, team=team or "", children=n) for team_id, team, n in session.exec(statement)]
    return sorted(found, key=lambda count: count.team)


def _allocation_clock() -> Any:
    """For each referral the running clock that its allocation stops."""
    return (
        select(
            col(Clock.referral_id),
            func.min(Clock.id).label("clock_id"),
            func.min(Clock.due_at).label("due_at"),
            func.max(case((col(Clock.watched), 1), else_=0)).label("watched"),
        )
        .where(col(Clock.state) == ClockState.RUNNING, col(Clock.duty) == "allocation")
        .group_by(col(Clock.referral_id))
        .subquery()
    )


def _clocks(session: Session, clock_ids: Sequence[int]) -> dict[int | None, Clock]:
    return {clock.id: clock for clock in session.exec(select(Clock).where(col(Clock.id).in_(clock_ids)))}
