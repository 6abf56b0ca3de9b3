"""The screening list, and what else lists referrals: filtered, sorted, in pages by key.

Each part of the list is read by itself: immediate danger, then the work, then what was imported and waits for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, func, select, union

from rules.pathway import UNDECIDED
from rules.vocabulary import ClockState, State
from storage.list_counts import REFERRALS
from storage.queries import keyset
from storage.queries.keyset import Order, Searched, Segment, Slice
from storage.queries.lists import list_count_rows, sought_rows
from storage.queries.lists.sought_rows import Sought
from storage.queries.plans import Unled
from storage.remembered import once
from storage.tables import Check, Clock, Contact, ListedReferral, Person, Referral, User, Worker
from storage.tables.lists.listed import Part

ENDED = (State.CLOSED, State.SET_ASIDE)


class Sort(StrEnum):
    """How a list of referrals is sorted in each of its parts."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralsWanted:
    """What of the referrals is listed; what is empty narrows nothing, and without ``states`` it is all open ones.

    ``mine``: the user name of whoever logged, screened or holds. ``late``: something is due at or before ``now``.
    ``sought``: None where nothing is searched. ``closed``: children whose record is closed to whoever looks; they are
    left out where a filter would tell what their line hides. ``shows_team``: the line hides no team. ``by_allocation``:
    late is only whose allocation is. ``common``: very many have what is sought.
    """

    states: Collection[str] = ()
    teams: Collection[int] = ()
    workers: Collection[int] = ()
    sources: Collection[str] = ()
    kinds: Collection[str] = ()
    mine: str = ""
    late: bool = False
    undecided: bool = False
    sought: Sought | None = None
    closed: frozenset[int] = frozenset()
    now: datetime | None = None
    sort: Sort = Sort.DUE
    by_allocation: bool = False
    shows_team: bool = False
    common: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """One child on a list; ``clock`` is the strictest running one, None where nothing is owed."""

    referral: Referral
    contact: Contact
    person: Person
    worker: str
    clock: Clock | None


def order(wanted: ReferralsWanted) -> Order:
    """The parts of the list and how each is sorted. Those that ended are a part only where their state is asked for."""
    parts = [part for part in Part if part is not Part.ENDED or not set(ENDED).isdisjoint(wanted.states)]
    keys = [ListedReferral.received_at, ListedReferral.referral_id]
    if wanted.sort is Sort.DUE:
        keys.insert(0, ListedReferral.due_at)
    return Order(
        segments=[Segment(name=str(part.value), where=_part(wanted) == part.value) for part in parts],
        keys=[col(key) for key in keys],
        descending=wanted.sort is Sort.NEWEST,
    )


def _part(wanted: ReferralsWanted) -> Any:
    """The part of the list. Of what is searched, or mine, few rows are left: no index over all of a part helps then."""
    part = col(ListedReferral.part)
    return Unled(part) if wanted.mine or (wanted.sought is not None and not wanted.common) else part


def page(session: Session, wanted: ReferralsWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as lines."""
    found = numbers(session, wanted, page_wanted)
    return Slice(rows=lines(session, found.rows), before=found.before, after=found.after)


def numbers(session: Session, wanted: ReferralsWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as the numbers of the referrals."""
    found = _page(session, wanted, page_wanted)
    return Slice(rows=[number for (number,) in found.rows], before=found.before, after=found.after)


def _page(session: Session, wanted: ReferralsWanted, page_wanted: keyset.Wanted) -> Slice:
    if wanted.sought is not None:
        return _searched(session, wanted, wanted.sought).page(session, page_wanted)
    return keyset.read(session, _numbers(session, wanted), order(wanted), page_wanted)


def _searched(session: Session, wanted: ReferralsWanted, sought: Sought) -> Searched:
    def ask() -> Searched:
        many = sought_rows.is_many(session, sought)
        as_read = replace(wanted, common=many)
        return keyset.searched(session, _all(session, as_read), order(as_read), many=many)

    return once(session, wanted, ask)


def count(session: Session, wanted: ReferralsWanted) -> int:
    """How many there are, as stored; by moment or words as counted, ``AtLeast`` for more than are counted."""
    if wanted.sought is not None:
        return _searched(session, wanted, wanted.sought).count
    if wanted.late or wanted.mine:
        return keyset.count(session, _all(session, wanted))
    alike = {column.key: some for column, some in _among(wanted) if some}
    if wanted.undecided:
        alike["state"] = set(alike.get("state", UNDECIDED)) & set(UNDECIDED)
    alike["part"] = [int(segment.name) for segment in order(wanted).segments]
    return list_count_rows.total(session, REFERRALS, alike) - _left_out(session, wanted)


def _left_out(session: Session, wanted: ReferralsWanted) -> int:
    """How many rows of closed records the stored count holds and the list does not show: few, so counted one by one."""
    if not wanted.closed or not _tells(wanted):
        return 0
    all_of_them = _all(session, replace(wanted, closed=frozenset()))
    theirs = all_of_them.where(col(ListedReferral.person_id).in_(wanted.closed)).subquery()
    return int(session.execute(select(func.count()).select_from(theirs)).scalar_one())


def kept_back(session: Session, wanted: ReferralsWanted, *, closed: Collection[int] | None = None) -> int:
    """How many of them are restricted and closed to whoever looks, 1,001 for any more.

    ``closed``: those children, where they stand on the list whatever it is filtered by.
    """
    closed = wanted.closed if closed is None else closed
    if not closed:
        return 0
    return keyset.count(session, _all(session, wanted).where(col(ListedReferral.person_id).in_(closed)))


def _all(session: Session, wanted: ReferralsWanted) -> Any:
    parts = [int(segment.name) for segment in order(wanted).segments]
    return _numbers(session, wanted).where(_part(wanted).in_(parts))


def lines(session: Session, referral_ids: Sequence[int]) -> Sequence[ReferralLine]:
    """The lines of these referrals, in the same order."""
    statement = (
        select(Referral, Contact, Person, Worker.name)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .outerjoin(Worker, col(Worker.id) == col(Referral.worker_id))
        .where(col(Referral.id).in_(referral_ids))
    )
    found = {row[0].id: row for row in session.exec(statement)}
    clocks = strictest(session, referral_ids)
    rows = [(found[number], clocks.get(number)) for number in referral_ids]
    return [
        ReferralLine(referral=referral, contact=contact, person=person, worker=worker or "", clock=clock)
        for (referral, contact, person, worker), clock in rows
    ]


def strictest(session: Session, referral_ids: Collection[int]) -> Mapping[int, Clock]:
    """The running clock of each referral that runs out first."""
    statement = select(Clock).where(col(Clock.referral_id).in_(referral_ids), col(Clock.state) == ClockState.RUNNING)
    found: dict[int, Clock] = {}
    for clock in session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))):
        found.setdefault(clock.referral_id, clock)
    return found


def _numbers(session: Session, wanted: ReferralsWanted) -> Any:
    return select(ListedReferral.referral_id).where(*conditions(session, wanted))


def conditions(session: Session, wanted: ReferralsWanted) -> Sequence[Any]:
    """What a row must be, but for the parts that are listed."""
    found = [column.in_(some) for column, some in _among(wanted) if some]
    if wanted.undecided:
        found.append(col(ListedReferral.state).in_(UNDECIDED))
    if wanted.late:
        due_at = ListedReferral.allocation_due_at if wanted.by_allocation else ListedReferral.due_at
        found.append(col(due_at) <= wanted.now)
    if wanted.mine:
        found.append(col(ListedReferral.referral_id).in_(_mine(wanted.mine)))
    if wanted.sought is not None:
        found.append(sought_rows.listed(session, wanted.sought))
    if wanted.closed and _tells(wanted):
        found.append(col(ListedReferral.person_id).not_in(wanted.closed))
    return found


def _among(wanted: ReferralsWanted) -> Sequence[tuple[Any, Collection[Any]]]:
    return (
        (col(ListedReferral.state), wanted.states),
        (col(ListedReferral.team_id), wanted.teams),
        (col(ListedReferral.worker_id), wanted.workers),
        (col(ListedReferral.source_code), wanted.sources),
        (col(ListedReferral.kind), wanted.kinds),
    )


def _tells(wanted: ReferralsWanted) -> bool:
    """True where to stand on the list tells what the line of a closed record hides: who has it, and who referred it."""
    teams = wanted.teams and not wanted.shows_team
    return bool(teams or wanted.workers or wanted.sources or wanted.kinds or wanted.mine)


def mine_among(session: Session, username: str, referral_ids: Collection[int]) -> frozenset[int]:
    """Those of these referrals that somebody logged, screened or holds."""
    theirs = _mine(username).subquery()
    found = session.execute(select(theirs.c[0]).where(theirs.c[0].in_(referral_ids))).scalars()
    return frozenset(found)


def _mine(username: str) -> Any:
    held = select(Worker.id).join(User, col(User.id) == col(Worker.user_id)).where(col(User.username) == username)
    number = col(ListedReferral.referral_id)
    # One after the other: of an OR over three columns neither database makes use of an index.
    return union(
        select(number).where(col(ListedReferral.recorded_by) == username),
        select(number).where(col(ListedReferral.worker_id).in_(held)),
        select(col(Check.referral_id)).where(col(Check.recorded_by) == username),
    )
