"""How a due moment came about, step by step, from the stages of the very computation that found it.

Each step leads from the moment where the last one ended; the counted amounts of the limit's steps add up to the limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rules.rulebook import Counting, Limit
from rules.timing import spoken, timescales, working_time
from rules.timing.calendar import Calendar
from rules.timing.explain_days import Stretch, stretches
from rules.timing.timescales import LedgerEntry, Stage
from rules.vocabulary import Unit

DEFAULT = Counting()
DUE = "Due "
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: ``kind`` is start, count, closed, close, roll, extension or pause; ``counts`` in whole ``unit``."""

    kind: str
    text: str
    start: datetime
    end: datetime
    counts: int = 0
    unit: str = ""

    def to_terms(self) -> dict[str, Any]:
        """The step as JSON-able terms, moments in UTC."""
        counted = {"counts": {"amount": self.counts, "unit": self.unit}} if self.unit else {}
        return {"kind": self.kind, "text": self.text, "from": utc_text(self.start), "to": utc_text(self.end), **counted}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The steps from the start to the due moment; ``closing`` says when it is due, whatever came before."""

    started_at: datetime
    due_at: datetime
    limit: Limit
    steps: tuple[Step, ...]
    closing: str

    @property
    def sentences(self) -> tuple[str, ...]:
        """The steps in plain English; the last sentence begins with "Due" and names the due moment."""
        told = tuple(step.text for step in self.steps)
        return told if told and told[-1].startswith(DUE) else (*told, self.closing)

    def to_terms(self) -> dict[str, Any]:
        """The explanation as JSON-able terms."""
        return {
            "from": utc_text(self.started_at),
            "limit": {"amount": self.limit.amount, "unit": str(self.limit.unit)},
            "steps": [step.to_terms() for step in self.steps],
            "due": utc_text(self.due_at),
        }


def utc_text(moment: datetime) -> str:
    """2009-04-14T16:00:00Z."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def explain(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    counting: Counting = DEFAULT,
    *,
    ledger: Iterable[LedgerEntry] = (),
    as_at: datetime | None = None,
    event: str = "received",
) -> Explanation:
    """Explains the due moment of ``timescales.due_moment`` with the same arguments; raises as that does."""
    stages: list[Stage] = []
    due_at = timescales.due_moment(limit, started_at, calendar, counting, ledger=ledger, as_at=as_at, trace=stages)
    teller = _Teller(calendar, counting, event.capitalize())
    steps = [step for stage in stages for step in teller.tell(stage, limit)]
    closing = f"{DUE}{spoken.moment_words(calendar, due_at)}."
    return Explanation(started_at=stages[0].start, due_at=due_at, limit=limit, steps=tuple(steps), closing=closing)


class _Teller:
    """Tells stages in words, on one calendar."""

    def __init__(self, calendar: Calendar, counting: Counting, event: str) -> None:
        self.calendar, self.counting, self.event = calendar, counting, event

    def tell(self, stage: Stage, limit: Limit) -> Iterator[Step]:
        if stage.pause is not None:
            yield self._pause(stage, stage.pause, limit)
        elif stage.amount is not None and stage.kind == "extension":
            yield self._extension(stage, stage.amount)
        elif limit.unit in timescales.ELAPSED:
            yield from self._elapsed(stage, limit)
        elif limit.unit in timescales.WORKING:
            yield from self._working_time(stage, limit)
        elif limit.unit is Unit.WORKING_DAYS:
            yield from self._working_days(stage, limit)
        else:
            yield from self._dates(stage, limit)

    def _at(self, moment: datetime) -> str:
        return spoken.moment_words(self.calendar, moment)

    def _began(self, stage: Stage) -> Step:
        return Step(kind="start", text=f"{self.event} {self._at(stage.start)}.", start=stage.start, end=stage.start)

    def _elapsed(self, stage: Stage, limit: Limit) -> Iterator[Step]:
        yield self._began(stage)
        text = f"{limit}, counted day and night: due {self._at(stage.end)}.{self._clock_change(stage)}"
        seconds = limit.amount * timescales.SECONDS[limit.unit]
        yield Step(kind="count", text=text, start=stage.start, end=stage.end, counts=seconds, unit=str(Unit.SECONDS))

    def _clock_change(self, stage: Stage) -> str:
        before, after = (self.calendar.local(moment).utcoffset() for moment in (stage.start, stage.end))
        if before is None or after is None or before == after:
            return ""
        change = spoken.length_words(abs(after - before))
        return f" The clocks went {'forward' if after > before else 'back'} by {change} meanwhile."

    def _working_time(self, stage: Stage, limit: Limit) -> Iterator[Step]:
        yield self._began(stage)
        left = timedelta(seconds=limit.amount * timescales.SECONDS[limit.unit])
        for stretch in stretches(self.calendar, stage.start, stage.end):
            left -= stretch.counted
            yield self._stretch(stretch, left, due_at=stage.end)

    def _stretch(self, stretch: Stretch, left: timedelta, *, due_at: datetime) -> Step:
        begin, end = self._at(stretch.start), self._at(stretch.end)
        seconds = int(stretch.counted.total_seconds())
        if not stretch.counted:
            why = f" ({reasons})" if (reasons := spoken.reasons_words(self.calendar, stretch.days_off)) else ""
            then = f"counts again from {end}" if left else f"due at the next opening, {end}"
            text = f"Closed from {begin}: {then}{why}."
            return Step(kind="closed", text=text, start=stretch.start, end=stretch.end, unit="working seconds")
        if self.calendar.local(stretch.start).date() == self.calendar.local(stretch.end).date():
            end = spoken.clock_words(self.calendar, stretch.end)
        counted = f"{begin} to {end}: {spoken.length_words(stretch.counted)} of office hours"
        text = (
            f"{counted}, {spoken.length_words(left)} left."
            if left
            else f"{counted}; {self._run_out(stretch.end, due_at)}."
        )
        return Step(
            kind="count", text=text, start=stretch.start, end=stretch.end, counts=seconds, unit="working seconds"
        )

    def _run_out(self, at: datetime, due_at: datetime) -> str:
        if at == due_at:
            return f"the time has run out: due {self._at(at)}"
        return "the time has run out as the office closes, and what runs out then is due at the next opening"

    def _working_days(self, stage: Stage, limit: Limit) -> Iterator[Step]:
        first = working_time.day_counted_from(self.calendar, stage.start, counting=self.counting)
        last = working_time.working_day_due(self.calendar, stage.start, limit.amount, counting=self.counting)
        at = max(stage.start, self.calendar.at(first, 0))
        yield Step(kind="start", text=self._receipt(stage.start, first), start=stage.start, end=at)
        day = first if self.counting.first_day and limit.amount else first + ONE_DAY
        number = 0
        for run in _runs(self.calendar, day, last):
            end = working_time.close_of_day(self.calendar, run[-1])
            works = self.calendar.is_working_day(run[0])
            count = len(run) if works else 0
            text = self._run(run, number, count)
            end = max(at, min(end, stage.end))
            yield Step(
                kind="count" if works else "closed", text=text, start=at, end=end, counts=count, unit="working days"
            )
            number, at = number + count, end
        yield self._close(at, stage.end)

    def _receipt(self, moment: datetime, first: date) -> str:
        local = self.calendar.local(moment).date()
        told = f"{self.event} {self._at(moment)}"
        if first == local:
            return f"{told}: {self._first_day(local)}."
        off = [local + timedelta(days=n) for n in range((first - local).days)]
        if self.calendar.is_working_day(local):
            closing = working_time.close_of_day(self.calendar, local)
            told += f", after closing at {spoken.clock_words(self.calendar, closing)}"
            off = off[1:]
        why = f" ({spoken.reasons_words(self.calendar, off)})" if off else ""
        day = "day 1" if self.counting.first_day else "day 0"
        return f"{told}: counts as {spoken.day_words(first)}, {day}{why}."

    def _first_day(self, day: date) -> str:
        if not self.counting.first_day:
            return "this is day 0"
        return (
            "this day counts as day 1"
            if self.calendar.is_working_day(day)
            else "a day off, so the next working day is day 1"
        )

    def _run(self, run: list[date], number: int, count: int) -> str:
        days = spoken.days_words(run[0], run[-1])
        if not count:
            verb = "does" if len(run) == 1 else "do"
            return f"{days} {verb} not count ({spoken.reasons_words(self.calendar, run)})."
        which = f"day {number + 1}" if count == 1 else f"days {number + 1} to {number + count}"
        return f"{days}: {which}."

    def _close(self, at: datetime, due_at: datetime) -> Step:
        what = f"at {self.counting.due_time}" if self.counting.due_time else "when the office closes"
        return Step(kind="close", text=f"Due {what}: {self._at(due_at)}.", start=at, end=due_at)

    def _dates(self, stage: Stage, limit: Limit) -> Iterator[Step]:
        yield self._began(stage)
        begun = self.calendar.local(stage.start).date()
        day = timescales.calendar_date_due(limit, begun, counting=self.counting)
        at = max(stage.start, self.calendar.at(day, 0))
        text = f"{limit} from {spoken.day_words(begun)}: {spoken.day_words(day)}."
        yield Step(kind="count", text=text, start=stage.start, end=at, counts=limit.amount, unit=str(limit.unit))
        moved = timescales.rolled(self.calendar, day, self.counting.roll)
        if moved != day:
            why = spoken.reason_words(self.calendar, day)
            text = f"{spoken.day_words(day)} is a day off ({why}): moved to {spoken.day_words(moved)}."
            end = self.calendar.at(moved, 0)
            yield Step(kind="roll", text=text, start=at, end=end)
            at = end
        yield self._end_of_date(at, stage.end, moved)

    def _end_of_date(self, at: datetime, due_at: datetime, day: date) -> Step:
        if self.counting.due_time or self.calendar.is_working_day(day):
            return self._close(at, due_at)
        text = f"The office is closed that day, so it is due when the day ends: {self._at(due_at)}."
        return Step(kind="close", text=text, start=at, end=due_at)

    def _extension(self, stage: Stage, amount: Limit) -> Step:
        text = f"Extended by {amount}: due {self._at(stage.end)} instead of {self._at(stage.start)}."
        unit = str(amount.unit)
        return Step(kind="extension", text=text, start=stage.start, end=stage.end, counts=amount.amount, unit=unit)

    def _pause(self, stage: Stage, pause: tuple[datetime, datetime], limit: Limit) -> Step:
        always = limit.unit in timescales.ELAPSED | timescales.DATES
        given = f"{spoken.length_words(stage.given_back)} of {'counted time' if always else 'office hours'} given back"
        moved = f"{given}, due {self._at(stage.end)} instead of {self._at(stage.start)}"
        paused = f"Paused from {self._at(pause[0])} to {self._at(pause[1])}"
        text = f"{paused}: {moved if stage.given_back else 'outside office hours, so nothing is given back'}."
        unit = str(Unit.SECONDS if always else Unit.WORKING_SECONDS)
        seconds = int(stage.given_back.total_seconds())
        return Step(kind="pause", text=text, start=stage.start, end=stage.end, counts=seconds, unit=unit)


def _runs(calendar: Calendar, first: date, last: date) -> Iterator[list[date]]:
    """The days from ``first`` to ``last`` in runs of working days and of days off."""
    run: list[date] = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if run and calendar.is_working_day(run[-1]) != calendar.is_working_day(day):
            yield run
            run = []
        run.append(day)
    if run:
        yield run
