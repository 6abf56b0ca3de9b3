"""The screening list: open referrals by the time left on their strictest running clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case
from sqlmodel import Session, col, func, or_, select

from rules.likeness import search_words
from rules.timing import written
from rules.vocabulary import ClockState, State
from storage.queries import danger_rows, sought
from storage.tables import Check, Clock, Contact, Person, Referral, User, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """``state``: empty for all open ones. ``mine``: a user name. Each word of ``words`` must be found.

    ``closed`` are children whose name must not be found by whoever looks; without ``sees_protected`` neither must a
    referrer whose identity is not to be shared.
    """

    state: str = ""
    mine: str = ""
    words: str = ""
    closed: frozenset[int] = frozenset()
    sees_protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One child on the list; ``clock`` is the strictest running one, None where nothing is owed."""

    referral: Referral
    contact: Contact
    person: Person
    worker: str
    clock: Clock | None


def lines(session: Session, filters: Filters, *, offset: int, limit: int) -> tuple[Sequence[Line], int]:
    """A page of the list, and how many there are in all: immediate danger first, then what is due soonest.

    Imported history comes after the work that came in here, so that its thousands of late days don't bury today's.
    """
    due = _soonest()
    statement = (
        select(Referral, Contact, Person, Worker.name)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .outerjoin(Worker, col(Worker.id) == col(Referral.worker_id))
        .where(*_wanted(filters))
    )
    count = session.exec(
        select(func.count()).select_from(statement.with_only_columns(col(Referral.id)).subquery())
    ).one()
    first = case((danger_rows.of_child(), 0), else_=1)
    ordered = statement.outerjoin(due, due.c.referral_id == Referral.id).order_by(
        first, col(Referral.imported), due.c.due_at.is_(None), due.c.due_at, col(Contact.received_at), col(Referral.id)
    )
    rows = session.exec(ordered.offset(offset).limit(limit)).all()
    clocks = _strictest(session, [referral.id for referral, *_ in rows])
    return [
        Line(referral=referral, contact=contact, person=person, worker=worker or "", clock=clocks.get(referral.id))
        for referral, contact, person, worker in rows
    ], count


def _soonest() -> Any:
    return (
        select(col(Clock.referral_id), func.min(Clock.due_at).label("due_at"))
        .where(col(Clock.state) == ClockState.RUNNING)
        .group_by(col(Clock.referral_id))
        .subquery()
    )


def _strictest(session: Session, referral_ids: Sequence[int | None]) -> dict[int | None, Clock]:
    statement = select(Clock).where(col(Clock.referral_id).in_(referral_ids), col(Clock.state) == ClockState.RUNNING)
    found: dict[int | None, Clock] = {}
    for clock in session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))):
        found.setdefault(clock.referral_id, clock)
    return found


def _wanted(filters: Filters) -> Sequence[Any]:
    ended = (State.CLOSED, State.SET_ASIDE)
    conditions = [col(Referral.state) == filters.state if filters.state else col(Referral.state).not_in(ended)]
    if filters.mine:
        conditions.append(_is_mine(filters.mine))
    if filters.words and filters.closed:
        conditions.append(col(Person.id).not_in(filters.closed))
    if born := written.day(sought.phrase(filters.words), short_years=True):
        return [*conditions, col(Person.birth_date) == born]
    return [*conditions, *(_holds(word, sees_protected=filters.sees_protected) for word in sought.words(filters.words))]


def _is_mine(username: str) -> Any:
    held = select(Worker.id).join(User, col(User.id) == col(Worker.user_id)).where(col(User.username) == username)
    screened = select(Check.referral_id).where(col(Check.recorded_by) == username)
    return or_(
        col(Contact.recorded_by) == username,
        col(Referral.worker_id).in_(held),
        col(Referral.id).in_(screened),
    )


def _holds(word: str, *, sees_protected: bool) -> Any:
    places = (Referral.ref, Person.forename, Person.surname)
    of_child = or_(*(col(place).icontains(word, autoescape=True) for place in places))
    if folded := search_words.asked(word):
        of_child = of_child | col(Person.sought).contains(folded, autoescape=True)
    if born := written.day(word, short_years=True):
        of_child = of_child | (col(Person.birth_date) == born)
    of_referrer = sought.holds(word, Contact.referrer_name, Contact.referrer_agency)
    return or_(of_child, of_referrer if sees_protected else of_referrer & col(Contact.identity_protected).is_(False))
