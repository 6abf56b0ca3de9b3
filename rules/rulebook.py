"""A rulebook as data: outcomes, clocks, ladders, checks, limits, permissions. ``rules.books.parse`` reads one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from rules import late_reasons
from rules.vocabulary import (
    Action,
    CheckKind,
    Condition,
    Effect,
    EventKind,
    NotApplicable,
    RestrictedAnswer,
    Role,
    Unit,
)

NO_CONDITIONS: frozenset[Condition] = frozenset()


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a clock runs: a positive whole amount of a unit."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        name = str(self.unit).removesuffix("s") if self.amount == 1 else str(self.unit)
        return f"{self.amount} {name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Where systems differ in how they count; the defaults are ours (``docs/rulebook.md``)."""

    at_close: str = "close"
    day_off_receipt: str = "next working day"
    first_day: int = 0
    roll: str = "stay"
    due_time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One step of a ladder: ``offset`` is measured from the due moment (negative: a warning)."""

    offset: timedelta
    role: Role
    repeat: timedelta | None = None
    local: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Who is told, and when. ``hold`` is how long an acknowledgement holds it.

    ``not_to``: the user name of somebody who may not answer the matter, such as whoever asked, and is told on no rung.
    """

    name: str
    rungs: tuple[Rung, ...]
    hold: timedelta = timedelta(hours=4)
    not_to: str = ""

    @property
    def warnings(self) -> tuple[Rung, ...]:
        """The rungs before the due moment, earliest first; they belong to the clock."""
        return tuple(rung for rung in self.rungs if rung.offset < timedelta(0))

    @property
    def alerts(self) -> tuple[Rung, ...]:
        """The rungs at or after the due moment, earliest first; they belong to the alert."""
        return tuple(rung for rung in self.rungs if rung.offset >= timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """A duty with a limit.

    ``duty`` is one word for what is owed (several clocks may run on one duty), ``owed`` a sentence; ``source`` names
    guidance or plan action; ``local`` marks a number that no source gives.
    ``limit_by_rating`` counts from the rating.
    ``again_on`` brings the duty back in a new round, ``counts_from`` names an earlier moment from which the limit
    counts, and with ``reason_when_late`` whoever meets the duty late must say why.
    """

    kind: str
    title: str
    duty: str
    starts_on: EventKind
    stops_on: EventKind
    limit: Limit
    ladder: Ladder
    starts_when: Condition | None = None
    stops_when: Condition | None = None
    again_on: frozenset[EventKind] = frozenset()
    counts_from: EventKind | None = None
    reason_when_late: bool = False
    limit_by_rating: Mapping[str, Limit] = field(default_factory=dict)
    counting: Counting = Counting()
    not_applicable_when: frozenset[NotApplicable] = frozenset()
    source: str = ""
    local: bool = False
    owed: str = ""

    def limit_for(self, rating: str) -> Limit:
        """The limit for a referral with this rating (empty: not rated)."""
        return self.limit_by_rating.get(rating, self.limit)

    def rating_with(self, limit: Limit) -> str:
        """The rating that has this limit; empty where none has."""
        return next((rating for rating, own in self.limit_by_rating.items() if own == limit), "")

    @property
    def with_each_limit(self) -> tuple[ClockRule, ...]:
        """The clock once for each limit that it can run with."""
        return (self, *(replace(self, limit=limit) for limit in self.limit_by_rating.values()))

    @property
    def events(self) -> frozenset[EventKind]:
        """Every event that starts or stops it."""
        return frozenset({self.starts_on, self.stops_on}) | self.again_on

    def started_by(self, event: EventKind, conditions: frozenset[Condition] = NO_CONDITIONS) -> bool:
        """True when this event, with these facts, starts the clock or a new round of it."""
        if event in self.again_on:
            return True
        return event is self.starts_on and (self.starts_when is None or self.starts_when in conditions)

    def stopped_by(self, event: EventKind, conditions: frozenset[Condition] = NO_CONDITIONS) -> bool:
        """True when this event, with these facts, meets the duty."""
        return event is self.stops_on and (self.stops_when is None or self.stops_when in conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a manager may decide. Professional referrers read ``paragraph``; ``imported_as`` are old systems' words."""

    code: str
    title: str
    effect: Effect
    paragraph: str
    next_steps: str
    required: frozenset[str] = frozenset()
    imported_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRule:
    """A check that must be recorded before a decision, as made or as not made and why."""

    kind: CheckKind
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactKind:
    """A kind of contact, and the checks that it needs beside those that every contact needs."""

    code: str
    title: str
    checks: frozenset[CheckKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadRule:
    """The limit of open children for a full-time worker, and the ladder when a manager goes over it."""

    limit: int
    ladder: Ladder
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """Who may open a restricted record without being named, for how long, and within what time another reviews it."""

    role: Role = Role.DUTY_MANAGER
    lasts: timedelta = timedelta(hours=4)
    review: timedelta = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """One version of one book. ``ratings``: how urgent a referral can be, the most urgent first; empty: none.

    ``checks`` are needed for every child, ``further_checks`` where the kind of contact asks for them.
    ``late_reasons``: why something can be late, by code.
    """

    name: str
    version: str
    title: str
    notes: str
    effective_from: date
    effective_to: date | None
    calendar: str
    outcomes: Mapping[str, Outcome]
    levels_of_need: Mapping[str, str]
    clocks: Mapping[str, ClockRule]
    checks: tuple[CheckRule, ...]
    caseload: CaseloadRule
    permissions: Mapping[Action, frozenset[Role]]
    out_of_hours_role: Role | None = Role.EMERGENCY_DUTY_TEAM
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    ratings: Mapping[str, str] = field(default_factory=dict)
    further_checks: tuple[CheckRule, ...] = ()
    contact_kinds: Mapping[str, ContactKind] = field(default_factory=dict)
    break_glass: BreakGlass = BreakGlass()
    restricted: RestrictedAnswer = RestrictedAnswer.TOLD
    late_reasons: Mapping[str, str] = field(default_factory=lambda: late_reasons.SHIPPED)

    @property
    def deciders(self) -> frozenset[Role]:
        """The roles that may open a record and decide."""
        return self.permissions.get(Action.DECIDE, frozenset()) & self.permissions.get(Action.READ_RECORD, frozenset())

    def checks_for(self, kind: str) -> tuple[CheckRule, ...]:
        """The checks that a contact of this kind needs; of a kind that the book does not know only the usual ones."""
        asked = self.contact_kinds[kind].checks if kind in self.contact_kinds else frozenset()
        return (*self.checks, *(rule for rule in self.further_checks if rule.kind in asked))

    def clocks_started_by(self, event: EventKind) -> tuple[ClockRule, ...]:
        """The clocks that ``event`` starts, whatever else may be asked of it, in the book's order."""
        return tuple(clock for clock in self.clocks.values() if event is clock.starts_on or event in clock.again_on)

    def clocks_stopped_by(self, event: EventKind) -> tuple[ClockRule, ...]:
        """The clocks that ``event`` stops, in the book's order."""
        return tuple(clock for clock in self.clocks.values() if clock.stops_on is event)

    def outcome_imported_as(self, words: str) -> Outcome | None:
        """The outcome that an old system called ``words``, or None."""
        wanted = words.strip().casefold()
        return next((o for o in self.outcomes.values() if wanted in map(str.casefold, (o.code, *o.imported_as))), None)
