"""Clocks of milestones, brought into line with everything that has happened, in whatever order it was entered.

A milestone entered late stops its clock at the moment when it happened; one that was forgotten between two others makes
the rounds that there would have been had it been entered in time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.rulebooks import published_books
from rules.rulebook import ClockRule
from rules.timing import rounds, undone
from rules.timing.rounds import Happening, Round
from rules.vocabulary import ClockState, Condition, EventKind, NotApplicable
from storage.queries import clock_rows, event_rows
from storage.tables import Clock, Contact, Event, Referral, id_of

_OVER = (NotApplicable.CLOSED, NotApplicable.SET_ASIDE, NotApplicable.CORRECTED, NotApplicable.UNDONE)
AFTERWARDS = "Something that began it earlier was entered afterwards."


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One referral's clocks being brought into line."""

    act: Act
    referral: Referral
    contact: Contact


def rules_touched(child: Child, event: EventKind, *, at: datetime) -> list[ClockRule]:
    """The rules of the clocks that an event starts or stops: for those that exist their own, else the book in force."""
    own = {clock.kind: clocks.rule_of(child.act.session, clock) for clock in _clocks(child)}
    book = published_books.in_force_for(child.act.session, child.referral, at=at).book
    return [rule for rule in ({**book.clocks, **own}).values() if event in rule.events]


def bring_into_line(child: Child, rule: ClockRule) -> None:
    """Makes the clocks of one kind say what has happened: starts rounds, stops them, corrects their moments."""
    rows = [clock for clock in _clocks(child) if clock.kind == rule.kind]
    paired = _paired(rounds.rounds(rule, _happenings(child, rule)), rows)
    for one, row in paired:
        if row is not None and row.state != ClockState.NOT_APPLICABLE:
            _correct(child, one, row)
    # Only when those that are over have been stopped: one clock of a kind runs at a time.
    child.act.session.flush()
    for one, row in paired:
        if row is None:
            _begin(child, rule, one)


def _clocks(child: Child) -> Sequence[Clock]:
    return sorted(clock_rows.of_referral(child.act.session, id_of(child.referral)), key=lambda clock: clock.round)


def _happenings(child: Child, rule: ClockRule) -> list[Happening]:
    found = event_rows.of_kinds(
        child.act.session, id_of(child.referral), rule.events | rounds.ENDS | {EventKind.DECISION_UNDONE}
    )
    standing = (event for event in undone.without(found) if event.kind != EventKind.DECISION_UNDONE)
    return [_happening(child, rule, event) for event in standing if not _goes_on(event)]


def _goes_on(event: Event) -> bool:
    """True for a corrected decision that accepts the referral as the wrong one did: what was owed is owed on."""
    return event.kind == EventKind.DECISION_CORRECTED and bool(json.loads(event.details).get("accepted"))


def _happening(child: Child, rule: ClockRule, event: Event) -> Happening:
    kind, known = EventKind(event.kind), json.loads(event.details).get("conditions", [])
    conditions = frozenset(one for one in Condition if one in known)
    counted_from = None
    if rule.started_by(kind, conditions):
        counted_from = clocks.counted_from(child.act.session, child.referral, rule, kind, occurred_at=event.occurred_at)
    return Happening(event=kind, at=event.occurred_at, conditions=conditions, counted_from=counted_from)


def _paired(wanted: Sequence[Round], rows: Sequence[Clock]) -> list[tuple[Round, Clock | None]]:
    """Each round with its clock: the one that began at the same moment, else the first that no other round claims.

    What ended with the referral's closing, with its being set aside or with its decision is over, and no round's.
    """
    rows = [row for row in rows if row.not_applicable_because not in _OVER]
    by_start = {row.started_at: row for row in rows}
    starts = {one.start for one in wanted}
    free = iter(sorted((row for row in rows if row.started_at not in starts), key=lambda row: row.started_at))
    return [(one, by_start[one.start] if one.start in by_start else next(free, None)) for one in wanted]


def _begin(child: Child, rule: ClockRule, one: Round) -> None:
    published = published_books.in_force_for(child.act.session, child.referral, at=one.start)
    if rule.kind not in published.book.clocks:
        return
    clocks.start(
        child.act,
        child.referral,
        child.contact,
        published.book.clocks[rule.kind],
        number=clock_rows.rounds(child.act.session, id_of(child.referral), rule.kind) + 1,
        started_on=one.event,
        started_at=one.start,
        published=published,
        watched=True,
        met_at=one.end,
    )
    child.act.session.flush()


def _correct(child: Child, one: Round, clock: Clock) -> None:
    rule = clocks.rule_of(child.act.session, clock)
    moved = clock.started_at != one.start
    if moved:
        clocks.count_from(
            child.act,
            clock,
            rule,
            started_on=one.event,
            started_at=one.start,
            because=AFTERWARDS,
        )
    if one.end is not None and clock.stopped_at != one.end:
        clocks.stop(child.act, clock, rule, occurred_at=one.end)
    elif one.end is not None and moved:
        clocks.judge(child.act.by_itself, clock, rule)
