"""What would have become of a referral under other rules: its facts run again in memory, with ideal sweeps.

Ideal means: each warning and each rung at its own moment, as if somebody held every role. Values in, values out; who
reads the facts and who prints the result is somebody else's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rules import escalation
from rules.escalation import AlertProgress
from rules.rulebook import NO_CONDITIONS, ClockRule, Limit
from rules.timing import rounds, timescales, working_time
from rules.timing.calendar import Calendar
from rules.timing.rounds import Happening, Round
from rules.vocabulary import Condition, EventKind, NotApplicable, Role

# Whoever has not answered an alert for so long is not counted on: a rung that repeats itself ends there.
LADDER_ENDS = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened to a referral, at the moment when it happened.

    ``undoes`` is, for a letter that came back, what handing it over had met: only that duty is owed again.
    ``accepts`` is, for a corrected decision, whether the referral is accepted by it.
    """

    event: EventKind
    at: datetime
    conditions: frozenset[Condition] = NO_CONDITIONS
    undoes: EventKind | None = None
    accepts: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one referral. ``acknowledged`` holds (kind of clock, moment) of each acknowledged alert."""

    ref: str
    received_at: datetime
    facts: tuple[Fact, ...]
    exempt: frozenset[NotApplicable] = frozenset()
    acknowledged: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what one round of a clock is judged. ``limit`` is the rule's own, unless something shortened the round.

    ``counted_from`` is the moment of the rating that set its limit; None where no rating did.
    """

    rule: ClockRule
    calendar: Calendar
    out_of_hours_role: Role | None
    limit: Limit
    counted_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One telling of one role; a warning before the due moment, or an alert."""

    at: datetime
    role: Role
    warning: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One round of one clock as it would have gone. Without a due moment it was not applicable."""

    kind: str
    round: int
    due_at: datetime | None
    breached: bool = False
    told: tuple[Told, ...] = ()

    @property
    def warnings(self) -> tuple[Told, ...]:
        """Who would have been warned, and when."""
        return tuple(one for one in self.told if one.warning)

    @property
    def alerts(self) -> tuple[Told, ...]:
        """Who would have been alerted, and when."""
        return tuple(one for one in self.told if not one.warning)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One duty that would have gone another way; ``own`` or ``new`` is None where that book owes nothing such."""

    own: Duty | None
    new: Duty | None

    @property
    def kind(self) -> str:
        """The clock's name in its book."""
        return self._any.kind

    @property
    def round(self) -> int:
        """Which round of it."""
        return self._any.round

    @property
    def _any(self) -> Duty:
        found = self.own or self.new
        assert found is not None
        return found


def run(case: Case, terms: Mapping[str, Sequence[Terms]], *, as_at: datetime) -> tuple[Duty, ...]:
    """Every duty of a referral under these terms, judged ``as_at``; ``terms`` has one entry a round, the last for more.

    Raises what ``timescales.due_moment`` raises.
    """
    found: list[Duty] = []
    for of_rounds in terms.values():
        for number, (one, closed_at) in enumerate(_rounds(case, of_rounds[0].rule), start=1):
            chosen = of_rounds[min(number, len(of_rounds)) - 1]
            found.append(_duty(case, chosen, one, number=number, closed_at=closed_at, as_at=as_at))
    return tuple(found)


def changes(own: Iterable[Duty], new: Iterable[Duty]) -> tuple[Change, ...]:
    """The duties that are not the same in both, in the order of their kinds and rounds."""
    before, after = ({(duty.kind, duty.round): duty for duty in duties} for duties in (own, new))
    keys = [*before, *(key for key in after if key not in before)]
    pairs = (Change(own=before.get(key), new=after.get(key)) for key in keys)
    return tuple(pair for pair in pairs if pair.own != pair.new)


def _rounds(case: Case, rule: ClockRule) -> Iterator[tuple[Round, datetime | None]]:
    """The rounds of a clock, each with the moment at which the referral was closed while it was owed, or None."""
    part: list[Happening] = []
    for fact in sorted(case.facts, key=lambda fact: fact.at):
        closes = _ends(rule, fact)
        if fact.event in rule.events and fact.undoes in (None, rule.stops_on):
            part.append(_happening(case, rule, fact))
        if closes:
            yield from _of_part(rule, part, closed_at=fact.at)
            part = []
        elif fact.event is EventKind.DANGER_WITHDRAWN and rule.starts_on is EventKind.DANGER_MARKED:
            # However late it was, it is neither met nor missed.
            yield from ((one, closed_at) for one, closed_at in _of_part(rule, part, closed_at=None) if one.end)
            part = []
    yield from _of_part(rule, part, closed_at=None)


def _ends(rule: ClockRule, fact: Fact) -> bool:
    """True where what happened ends a duty of this kind unmet: the referral, or that part of it, was over."""
    if fact.event is EventKind.CLOSED:
        return rule.stops_on is not EventKind.CLOSED
    if fact.event is EventKind.SET_ASIDE:
        # What a restored referral owes counts on from its receipt.
        return EventKind.RESTORED not in rule.again_on
    if fact.event is not EventKind.DECISION_CORRECTED:
        return False
    only_by_the_wrong_one = EventKind.SHOULD_BE_CLOSED if fact.accepts else None
    return rule.starts_on in (EventKind.SENT_ONWARD, only_by_the_wrong_one) or (
        not fact.accepts and rule.starts_on in rounds.AFTER_ACCEPTANCE
    )


def _of_part(
    rule: ClockRule, part: list[Happening], *, closed_at: datetime | None
) -> Iterator[tuple[Round, datetime | None]]:
    for one in rounds.rounds(rule, part) if part else ():
        yield one, closed_at if one.end is None else None


def _happening(case: Case, rule: ClockRule, fact: Fact) -> Happening:
    counted_from = None
    if (
        rule.counts_from is not None
        and fact.event not in rule.again_on
        and rule.started_by(fact.event, fact.conditions)
    ):
        origins = (rule.counts_from, EventKind.REOPENED)
        earlier = [(one.at, one.event) for one in case.facts if one.event in origins and one.at <= fact.at]
        if earlier:
            at, event = max(earlier)
            counted_from = (event, at)
    return Happening(event=fact.event, at=fact.at, conditions=fact.conditions, counted_from=counted_from)


def _duty(case: Case, terms: Terms, one: Round, *, number: int, closed_at: datetime | None, as_at: datetime) -> Duty:
    rule, kind = terms.rule, terms.rule.kind
    if case.exempt & rule.not_applicable_when:
        return Duty(kind=kind, round=number, due_at=None)
    start = terms.counted_from or one.start
    due_at = timescales.due_moment(terms.limit, start, terms.calendar, counting=rule.counting)
    if closed_at is not None and closed_at < due_at:
        return Duty(kind=kind, round=number, due_at=None)
    ended_at = one.end or closed_at
    breached = one.end > due_at if one.end else (closed_at or as_at) >= due_at
    until = min(ended_at or as_at + timedelta.resolution, due_at + LADDER_ENDS)
    told = (*_warnings(terms, start, due_at, until), *_alerts(case, terms, due_at, until=until))
    return Duty(kind=kind, round=number, due_at=due_at, breached=breached, told=told)


def _warnings(terms: Terms, start: datetime, due_at: datetime, until: datetime) -> Iterator[Told]:
    for rung in terms.rule.ladder.warnings:
        at = max(due_at + rung.offset, start)
        if at < until:
            yield from (Told(at=at, role=role, warning=True) for role in _reached(terms, rung.role, at))


def _alerts(case: Case, terms: Terms, due_at: datetime, *, until: datetime) -> Iterator[Told]:
    """Each step of the ladder at its moment; an acknowledgement holds it where there is an alert to hold."""
    ladder, progress = terms.rule.ladder, AlertProgress(anchor_at=due_at)
    answers = sorted(at for name, at in case.acknowledged if name == terms.rule.kind and at >= due_at)
    moment: datetime | None = due_at
    while moment is not None and moment < until:
        while answers and answers[0] <= moment:
            progress = replace(progress, held_until=answers.pop(0) + ladder.hold)
        decision = escalation.decide(ladder, progress, moment)
        for step in decision.steps:
            yield from (Told(at=moment, role=role, warning=False) for role in _reached(terms, step.role, moment))
        progress = decision.progress
        moment = min((at for at in (decision.next_at, *answers[:1]) if at is not None), default=None)


def _reached(terms: Terms, role: Role, at: datetime) -> tuple[Role, ...]:
    """Out of hours whoever stands in for the duty manager hears of it as well (ADR 0005)."""
    instead = terms.out_of_hours_role
    if role is Role.DUTY_MANAGER and instead and not working_time.is_open(terms.calendar, at):
        return (instead, role)
    return (role,)
