"""Rounds of a duty: from what has happened, in whatever order it was entered, to when it was owed and when met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from rules.rulebook import NO_CONDITIONS, ClockRule
from rules.vocabulary import Condition, EventKind, MilestoneKind

# What only an accepted referral comes to.
AFTER_ACCEPTANCE = frozenset(
    {
        EventKind.ACCEPTED,
        EventKind.GIVEN_TO_TEAM,
        EventKind.ALLOCATED,
        EventKind.TRANSFERRED,
        EventKind.WORKER_LEFT,
        *(kind.event for kind in MilestoneKind),
    }
)
# What ends a round that is still owed, so that no figure knows it: a corrected decision where it accepts no more.
ENDS = frozenset({EventKind.CLOSED, EventKind.SET_ASIDE, EventKind.DECISION_CORRECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened ``at`` a moment. ``counted_from``: an earlier event from which a clock counts."""

    event: EventKind
    at: datetime
    conditions: frozenset[Condition] = NO_CONDITIONS
    counted_from: tuple[EventKind, datetime] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One time that a duty was owed: counted from ``event`` at ``start``, met at ``end`` (None: still owed)."""

    event: EventKind
    start: datetime
    end: datetime | None = None


def rounds(rule: ClockRule, happenings: Iterable[Happening]) -> tuple[Round, ...]:
    """The rounds of a clock, earliest first; the same for every order of entry.

    While a round runs, what would start the duty again changes nothing. What meets a duty may begin its next round.
    Closing the referral, and the other ``ENDS``, end a round that is still owed; such a round is left out.
    """
    found: list[Round] = []
    owed: Round | None = None
    for one in sorted(happenings, key=lambda one: _order(rule, one)):
        if owed is not None and _meets(rule, one, owed):
            found.append(Round(event=owed.event, start=owed.start, end=one.at))
            owed = None
        elif one.event in ENDS:
            owed = None
        if owed is None and rule.started_by(one.event, one.conditions):
            event, start = _start(one)
            owed = Round(event=event, start=start)
    return tuple(found) if owed is None else (*found, owed)


def _order(rule: ClockRule, one: Happening) -> tuple[datetime, bool, bool]:
    # At one and the same moment a duty begins before it is met, and is met before the referral is closed.
    starts = rule.started_by(one.event, one.conditions)
    return (_start(one)[1] if starts else one.at), not starts, one.event in ENDS


def _start(one: Happening) -> tuple[EventKind, datetime]:
    return one.counted_from or (one.event, one.at)


def _meets(rule: ClockRule, one: Happening, owed: Round) -> bool:
    again = rule.started_by(one.event, one.conditions)
    return rule.stopped_by(one.event, one.conditions) and (one.at > owed.start if again else one.at >= owed.start)
