"""A proposed book on the stored history: what would have been due, late and told, beside what the own book gives.

Reads only. A replay changes nothing but what is asked: where the proposed book counts by the same calendar, each clock
keeps the version of it that it ran by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from pathway.engine.rulebooks import published_books
from rules.books import check_clock, replay
from rules.books.replay import Case, Change, Duty, Fact, Terms
from rules.errors import TimeError
from rules.rulebook import Limit, Rulebook
from rules.timing import undone, zones
from rules.timing.calendar import Calendar
from rules.timing.zones import LONDON
from rules.vocabulary import Condition, EventKind, NotApplicable, ReferrerKind, Role, Unit
from storage.queries.reports import replay_rows
from storage.queries.reports.replay_rows import Stored, StoredClock, StoredEvent
from storage.sessions import ReadSession

BESIDE = check_clock.OF_THE_ENGINE - {EventKind.ALERT_ACKNOWLEDGED}
_LETTERS = frozenset({EventKind.ACKNOWLEDGED, EventKind.FEEDBACK_GIVEN, EventKind.LETTER_RETURNED})
Progress = Callable[[int, int], object]
TermsByKind = Mapping[str, Sequence[Terms]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The book to try, and a calendar for all of it; None: each clock keeps its own where the names are the same."""

    book: Rulebook
    book_calendar: Calendar
    calendar: Calendar | None = None


@dataclass(slots=True, kw_only=True)
class Count:
    """Duties of one side: how many were late, and how many warnings and alerts there were."""

    breaches: int = 0
    warnings: int = 0
    alerts: int = 0

    def add(self, duties: Sequence[Duty]) -> None:
        """Counts the duties of one referral."""
        self.breaches += sum(duty.breached for duty in duties)
        self.warnings += sum(len(duty.warnings) for duty in duties)
        self.alerts += sum(len(duty.alerts) for duty in duties)


@dataclass(slots=True, kw_only=True)
class Week:
    """The referrals received in the week from a Monday on."""

    monday: date
    referrals: int = 0
    differ: int = 0
    own: Count = field(default_factory=Count)
    new: Count = field(default_factory=Count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One referral that would have gone another way."""

    ref: str
    received_at: datetime
    changes: tuple[Change, ...]


@dataclass(slots=True, kw_only=True)
class Replay:
    """What a replay found. ``no_clocks`` were received before any book was in force; ``failed`` says why by reference.

    ``roles`` counts (role, "own" or "new", "warnings" or "alerts").
    """

    book: str
    version: str
    start: date
    end: date
    as_at: datetime
    referrals: int = 0
    no_clocks: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    differ: list[Difference] = field(default_factory=list)
    weeks: dict[date, Week] = field(default_factory=dict)
    roles: Counter[tuple[Role, str, str]] = field(default_factory=Counter)


def quietly(_done: int, _of: int) -> None:
    """Tells nobody how far it is."""


def run(
    session: ReadSession,
    proposal: Proposal,
    *,
    start: date,
    end: date,
    now: datetime,
    progress: Progress = quietly,
) -> Replay:
    """Runs every referral received from ``start`` to ``end``, both days included, under its own book and the proposed.

    What is still owed is judged at ``now``. Takes its session as reading only: it can't write.
    """
    found = Replay(book=proposal.book.name, version=proposal.book.version, start=start, end=end, as_at=now)
    first, after = (zones.localise(datetime.combine(day, datetime.min.time()), LONDON) for day in (start, _next(end)))
    ids = replay_rows.referral_ids(session, start=first, end=after)
    chooser = _Chooser(session, proposal)
    for done, stored in enumerate(replay_rows.stored(session, ids, beside=BESIDE), start=1):
        _one(found, stored, chooser)
        progress(done, len(ids))
    return found


def _next(day: date) -> date:
    return day + timedelta(days=1)


def _one(found: Replay, stored: Stored, chooser: _Chooser) -> None:
    found.referrals += 1
    if not stored.clocks:
        found.no_clocks += 1
        return
    case = _case(stored)
    own_terms, new_terms = chooser.terms(stored)
    try:
        own, new = (replay.run(case, terms, as_at=found.as_at) for terms in (own_terms, new_terms))
    except TimeError as error:
        found.failed[stored.ref] = str(error)
        return
    changes = replay.changes(own, new)
    if changes:
        found.differ.append(Difference(ref=stored.ref, received_at=stored.received_at, changes=changes))
    _count(found, stored.received_at, {"own": own, "new": new}, differs=bool(changes))


def _count(found: Replay, received_at: datetime, sides: Mapping[str, Sequence[Duty]], *, differs: bool) -> None:
    day = received_at.astimezone(zones.zone_named(LONDON)).date()
    monday = day - timedelta(days=day.weekday())
    week = found.weeks.setdefault(monday, Week(monday=monday))
    week.referrals += 1
    week.differ += differs
    week.own.add(sides["own"])
    week.new.add(sides["new"])
    for side, duties in sides.items():
        for told in (one for duty in duties for one in duty.told):
            found.roles[told.role, side, "warnings" if told.warning else "alerts"] += 1


def _case(stored: Stored) -> Case:
    kinds = {clock.id: clock.kind for clock in stored.clocks}
    answers = (event for event in stored.events if event.kind is EventKind.ALERT_ACKNOWLEDGED)
    named = ((_subject(event.details), event.occurred_at) for event in answers)
    return Case(
        ref=stored.ref,
        received_at=stored.received_at,
        facts=tuple(_facts(undone.without(stored.events))),
        exempt=_exempt(stored),
        acknowledged=tuple((kinds[clock_id], at) for clock_id, at in named if clock_id in kinds),
    )


def _facts(events: Sequence[StoredEvent]) -> Iterator[Fact]:
    """What happened, in order. A letter that came back counts only while no other one stands."""
    standing: dict[int, EventKind] = {}
    for event in events:
        undoes = None
        if event.kind in _LETTERS:
            letter = int(json.loads(event.details).get("letter") or 0)
            if event.kind is EventKind.LETTER_RETURNED:
                undoes = standing.pop(letter, None)
                if undoes is None or (undoes is EventKind.FEEDBACK_GIVEN and undoes in standing.values()):
                    continue
            else:
                standing[letter] = event.kind
        if event.kind is not EventKind.ALERT_ACKNOWLEDGED:
            yield Fact(
                event=event.kind,
                at=event.occurred_at,
                conditions=_conditions(event.details),
                undoes=undoes,
                accepts=_accepts(event),
            )


def _subject(details: str) -> int:
    """The number of the clock that an alert is about; 0 for an alert about something else."""
    kind, _, number = str(json.loads(details).get("subject", "")).partition(":")
    return int(number) if kind == "clock" and number.isdigit() else 0


def _accepts(event: StoredEvent) -> bool | None:
    """For a corrected decision whether it accepts the referral."""
    return bool(json.loads(event.details).get("accepted")) if event.kind is EventKind.DECISION_CORRECTED else None


def _conditions(details: str) -> frozenset[Condition]:
    if '"conditions"' not in details:
        return frozenset()
    known = json.loads(details)["conditions"]
    return frozenset(one for one in Condition if one in known)


def _exempt(stored: Stored) -> frozenset[NotApplicable]:
    facts = {
        NotApplicable.ANONYMOUS: stored.referrer_kind == ReferrerKind.ANONYMOUS,
        NotApplicable.UNSAFE_TO_CONTACT: stored.unsafe_to_contact,
        NotApplicable.IMPORTED: stored.imported,
    }
    return frozenset(reason for reason, holds in facts.items() if holds)


class _Chooser:
    """By what each referral is judged, own and proposed; worked out once for all that ran by the same versions."""

    def __init__(self, session: ReadSession, proposal: Proposal) -> None:
        self._session, self._proposal = session, proposal
        self._known: dict[object, tuple[TermsByKind, TermsByKind]] = {}

    def terms(self, stored: Stored) -> tuple[TermsByKind, TermsByKind]:
        """(own, proposed)."""
        key = (
            stored.rulebook_version_id,
            stored.calendar_version_id,
            *((c.kind, c.round, c.rulebook_version_id, c.calendar_version_id) for c in stored.clocks),
            *((c.limit_amount, c.limit_unit, _rated_at(c)) for c in stored.clocks),
        )
        if key not in self._known:
            self._known[key] = (self._own(stored), self._new(stored))
        return self._known[key]

    def _own(self, stored: Stored) -> TermsByKind:
        """The book it came in under; for each clock that began, the very version that it runs by."""
        published = published_books.of(self._session, stored.rulebook_version_id, stored.calendar_version_id)
        terms = {kind: [_terms(published.book, kind, published.calendar)] for kind in published.book.clocks}
        for kind, rounds in _by_kind(stored.clocks).items():
            terms[kind] = [self._of_clock(clock) for clock in rounds]
        return terms

    def _of_clock(self, clock: StoredClock) -> Terms:
        published = published_books.of(self._session, clock.rulebook_version_id, clock.calendar_version_id)
        limit = Limit(clock.limit_amount, Unit(clock.limit_unit))
        return replace(
            _terms(published.book, clock.kind, published.calendar, limit=limit), counted_from=_rated_at(clock)
        )

    def _new(self, stored: Stored) -> TermsByKind:
        """The proposed book, with the calendars that the clocks of the same kinds ran by."""
        book, own_rounds = self._proposal.book, _by_kind(stored.clocks)
        published = published_books.of(self._session, stored.rulebook_version_id, stored.calendar_version_id)
        same = self._proposal.calendar is None and published.book.calendar == book.calendar
        other = self._proposal.calendar or self._proposal.book_calendar
        usual = published.calendar if same else other
        terms: dict[str, list[Terms]] = {kind: [_terms(book, kind, usual)] for kind in book.clocks}
        for kind, rounds in own_rounds.items():
            if kind in book.clocks:
                terms[kind] = [self._proposed(clock, calendar=None if same else other) for clock in rounds]
        return terms

    def _proposed(self, clock: StoredClock, *, calendar: Calendar | None) -> Terms:
        """A limit that was shortened for a reason of the case stays so: the proposed book knows the usual one only."""
        own = published_books.of(self._session, clock.rulebook_version_id, clock.calendar_version_id)
        limit = Limit(clock.limit_amount, Unit(clock.limit_unit))
        rule, proposed = own.book.clocks[clock.kind], self._proposal.book.clocks[clock.kind]
        kept = limit if limit != rule.limit else None
        rated_at = _rated_at(clock)
        if rated_at is not None:
            kept = proposed.limit_by_rating.get(rule.rating_with(limit), limit)
        return replace(
            _terms(self._proposal.book, clock.kind, calendar or own.calendar, limit=kept), counted_from=rated_at
        )


def _rated_at(clock: StoredClock) -> datetime | None:
    """The moment of the rating from which a clock counts, or None."""
    return clock.started_at if clock.started_on == EventKind.RATED else None


def _by_kind(clocks: Sequence[StoredClock]) -> dict[str, list[StoredClock]]:
    found: dict[str, list[StoredClock]] = {}
    for clock in clocks:
        found.setdefault(clock.kind, []).append(clock)
    return found


def _terms(book: Rulebook, kind: str, calendar: Calendar, *, limit: Limit | None = None) -> Terms:
    rule = book.clocks[kind]
    return Terms(rule=rule, calendar=calendar, out_of_hours_role=book.out_of_hours_role, limit=limit or rule.limit)
