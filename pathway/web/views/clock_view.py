"""A clock in words: what is owed, by when, and how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import clocks
from pathway.engine.corrections import receipt
from pathway.engine.rulebooks import published_books
from pathway.web import times
from rules.rulebook import ClockRule, Limit
from rules.timing import explain
from rules.vocabulary import ClockState
from storage.queries import correction_rows
from storage.sessions import ReadSession
from storage.tables import Clock, Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockView:
    """One clock with its rule; ``how`` tells step by step how the due moment came about.

    ``beside`` is what a judged clock would have been by the time of receipt as it was corrected since.
    """

    clock: Clock
    rule: ClockRule
    now: datetime
    how: tuple[str, ...]
    beside: str = ""

    @property
    def title(self) -> str:
        """The clock's title, with its round where there has been more than one."""
        return self.rule.title if self.clock.round == 1 else f"{self.rule.title} (round {self.clock.round})"

    @property
    def limit(self) -> Limit:
        """The limit with which it counts."""
        return clocks.limit_of(self.clock)

    @property
    def is_late(self) -> bool:
        """True when the due moment was missed."""
        return self.clock.breached_at is not None or (self.is_running and self.now >= self.clock.due_at)

    @property
    def is_running(self) -> bool:
        """True while the duty is owed."""
        return self.clock.state == ClockState.RUNNING

    @property
    def state(self) -> str:
        """How it stands, such as ``Overdue by 3 h`` or ``Met in time, with 2 h to spare``."""
        clock = self.clock
        if clock.state == ClockState.NOT_APPLICABLE:
            return f"Not applicable: {clock.not_applicable_because}"
        if clock.stopped_at is not None and clock.not_applicable_because:
            return "Not met when the referral was closed"
        if clock.stopped_at is None:
            return times.due(clock.due_at, now=self.now).capitalize()
        if clock.stopped_at > clock.due_at:
            return f"Met late, by {times.span(clock.stopped_at - clock.due_at)}"
        return f"Met in time, with {times.span(clock.due_at - clock.stopped_at)} to spare"

    @property
    def look(self) -> str:
        """How the page marks it: late, met, off or running."""
        if self.is_late:
            return "late"
        return {ClockState.STOPPED: "met", ClockState.NOT_APPLICABLE: "off"}.get(ClockState(self.clock.state), "")


def views(session: ReadSession, rows: Sequence[Clock], *, now: datetime) -> list[ClockView]:
    """The clocks in the order in which they matter: running ones first, the strictest of them first."""
    ordered = sorted(rows, key=lambda clock: (clock.state != ClockState.RUNNING, clock.due_at, clock.id or 0))
    return [_view(session, clock, now=now) for clock in ordered]


def _view(session: ReadSession, clock: Clock, *, now: datetime) -> ClockView:
    published = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    rule = published.book.clocks[clock.kind]
    limit, event = clocks.limit_of(clock), clock.started_on
    told = explain.explain(limit, clock.started_at, published.calendar, rule.counting, event=event)
    return ClockView(clock=clock, rule=rule, now=now, how=told.sentences, beside=_beside(session, clock))


def _beside(session: ReadSession, clock: Clock) -> str:
    if clock.stopped_at is None or clock.started_on not in receipt.FROM_RECEIPT:
        return ""
    received_at = session.get_one(Contact, clock.contact_id).received_at
    if clock.started_at == received_at or clock.started_at not in correction_rows.receipts(session, clock.contact_id):
        return ""
    due_at = receipt.due_from(session, clock, received_at)
    late = clock.stopped_at > due_at
    gap = times.span(clock.stopped_at - due_at)
    stood = f"late, by {gap}" if late else f"in time, with {gap} to spare"
    return f"By the corrected time of receipt, {times.at(received_at)}, it was due {times.at(due_at)}: {stood}."
