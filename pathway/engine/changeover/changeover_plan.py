"""Moving what is open to a new version of a book or a calendar: a deliberate act, with a preview, a reason and a name.

A contact at a time, each in a transaction of its own under its lock, so that pages stay usable, and a move that was
interrupted goes on where it stopped. What is judged never changes: a duty that was met, or whose moment has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pathway.engine import clocks, locking
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.rulebook import ClockRule, Limit
from rules.timing import timescales
from rules.vocabulary import EventKind
from storage.queries import clock_rows, referral_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Clock, Referral, id_of

Progress = Callable[[int, int], object]
JUDGED = "its moment has passed; what is judged never changes"


def quietly(_done: int, _of: int) -> None:
    """Tells nobody how far it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMove:
    """What becomes of one running clock. ``stays`` says why it stays as it is, and is empty where it moves."""

    clock_id: int
    kind: str
    round: int
    title: str
    old_due: datetime
    new_due: datetime
    stays: str = ""
    limit: Limit
    rule: ClockRule | None = None
    published: Published | None = None

    @property
    def moves(self) -> bool:
        """True where the clock counts by the new version from now on."""
        return not self.stays

    @property
    def deadline_moves(self) -> bool:
        """True where the due moment itself changes."""
        return self.moves and self.old_due != self.new_due


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralMove:
    """What becomes of one open referral. ``stays`` says why it stays as it is, and is empty where it moves."""

    referral_id: int
    ref: str
    clocks: tuple[ClockMove, ...] = ()
    stays: str = ""

    @property
    def deadlines(self) -> tuple[ClockMove, ...]:
        """The clocks whose due moments change."""
        return tuple(clock for clock in self.clocks if clock.deadline_moves)


class Plan(Protocol):
    """What to move where: read-only, so that the preview and the move itself ask the very same questions."""

    @property
    def event(self) -> EventKind:
        """How the history names such a move."""
        ...

    @property
    def words(self) -> str:
        """Which version takes the place of which."""
        ...

    def contacts(self, session: ReadSession) -> Sequence[int]:
        """The contacts to look at."""
        ...

    def of(self, session: ReadSession | WriteSession, referral: Referral, *, now: datetime) -> ReferralMove | None:
        """What becomes of a referral; None where nothing does."""
        ...

    def rebook(self, referral: Referral) -> bool:
        """Lets the referral itself keep the new version; True when that changed it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who ordered a move, and why; ``through`` is the account that typed it."""

    reason: str
    actor: Actor
    through: str = ""


def preview(database: Database, plan: Plan, *, now: datetime, progress: Progress = quietly) -> list[ReferralMove]:
    """What the move would do, read in one unmoving state of the database. Writes nothing."""
    found: list[ReferralMove] = []
    with database.read() as session:
        contact_ids = plan.contacts(session)
        for done, contact_id in enumerate(contact_ids, start=1):
            found += _planned(session, plan, contact_id, now=now)
            progress(done, len(contact_ids))
    return found


def carry_out(
    database: Database,
    plan: Plan,
    order: Order,
    *,
    now: datetime,
    progress: Progress = quietly,
) -> list[ReferralMove]:
    """Moves contact by contact; what it returns is what ``preview`` said, but for what changed in between."""
    moved: list[ReferralMove] = []
    with database.read() as session:
        contact_ids = [number for number in plan.contacts(session) if _planned(session, plan, number, now=now)]
    for done, contact_id in enumerate(contact_ids, start=1):
        with database.write() as writing:
            act = Act(writing, order.actor, now)
            act.hold(contact_id)
            found = _planned(act.session, plan, contact_id, now=now)
            for move in found:
                _move(act, plan, move, order)
        moved += found
        progress(done, len(contact_ids))
    return moved


def _planned(session: ReadSession | WriteSession, plan: Plan, contact_id: int, *, now: datetime) -> list[ReferralMove]:
    rows = referral_rows.of_contact(session, contact_id)
    open_ones = (row for row in rows if row.closed_at is None and row.set_aside_at is None)
    moves = (plan.of(session, referral, now=now) for referral in open_ones)
    return [move for move in moves if move is not None]


def clock_move(
    session: ReadSession | WriteSession,
    clock: Clock,
    rule: ClockRule | None,
    published: Published,
    *,
    stays: str = "",
    now: datetime,
) -> ClockMove:
    """What becomes of a running clock under this rule and calendar; ``rule`` None or a reason: it stays."""
    if clock.breached_at is not None or now >= clock.due_at:
        stays = JUDGED
    old = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id).book.clocks[clock.kind]
    limit, new_due = clocks.limit_of(clock), clock.due_at
    if rule is not None and not stays:
        limit = _new_limit(clock, old, rule)
        new_due = timescales.due_moment(limit, clock.started_at, published.calendar, counting=rule.counting)
    return ClockMove(
        clock_id=id_of(clock),
        kind=clock.kind,
        round=clock.round,
        title=(rule or old).title,
        old_due=clock.due_at,
        new_due=new_due,
        stays=stays,
        limit=limit,
        rule=rule,
        published=published,
    )


def _new_limit(clock: Clock, old: ClockRule, new: ClockRule) -> Limit:
    """That of its rating where one set it; else one that is not its rule's own was set for a reason, and stays."""
    limit = clocks.limit_of(clock)
    if clock.started_on == EventKind.RATED:
        return new.limit_by_rating.get(old.rating_with(limit), limit)
    return new.limit if limit == old.limit else limit


def _move(act: Act, plan: Plan, move: ReferralMove, order: Order) -> None:
    if move.stays:
        return
    referral = act.session.get_one(Referral, move.referral_id)
    if plan.rebook(referral):
        summary = f"{plan.words}: {order.reason}"
        act.note(plan.event, summary, about=referral, reason=order.reason, through=order.through)
    for clock in move.clocks:
        if clock.moves:
            _move_clock(act, plan, clock, order)
    locking.changed(act.session, referral)


def _move_clock(act: Act, plan: Plan, move: ClockMove, order: Order) -> None:
    if move.rule is None or move.published is None:  # only what stays has none
        return
    clock = clock_rows.fresh(act.session, move.clock_id)
    clock.limit_amount, clock.limit_unit = move.limit.amount, move.limit.unit
    clock.duty = move.rule.duty
    clock.rulebook_version_id = move.published.rulebook_version_id
    clock.calendar_version_id = move.published.calendar_version_id
    clock.due_at = move.new_due
    # The next sweep looks at once: it knows which warnings are due under the new moment, and says when to look again.
    clock.attention_at = act.now if clock.watched else None
    due = "same due moment" if not move.deadline_moves else "new due moment"
    summary, old_due_at = f"{move.title}: {due}. {plan.words}: {order.reason}", move.old_due.isoformat()
    act.note(plan.event, summary, about=clock, old_due_at=old_due_at, reason=order.reason, through=order.through)
    if act.now < clock.due_at:
        because = f"{move.title}: no longer late. {order.reason}"
        ladders.close_for(act, f"clock:{clock.id}", because=because)


def running(session: ReadSession | WriteSession, referral: Referral) -> Sequence[Clock]:
    """The running clocks of a referral, the soonest due first."""
    return clock_rows.running(session, id_of(referral))
