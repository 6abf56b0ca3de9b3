"""What makes a due moment absurd: each clock is tried on a year of receipts of the book's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.errors import BeyondCalendar, Fault
from rules.rulebook import ClockRule, Counting, Rulebook
from rules.timing import spoken, timescales, working_time
from rules.timing.calendar import Calendar

STARTS_TRIED = 366
# Seconds after midnight: at night, as the office opens, at noon, in the evening, late.
RECEIPTS = (60, 9 * 3600, 12 * 3600, 18 * 3600, 23 * 3600 + 1800)
NO_TIME = timedelta(0)
REMEDY = "count from day 0, take due_time out, or roll forward"


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """How long a clock ran that started at one receipt; less than none where it was due before it started."""

    length: timedelta
    start: datetime
    due: datetime


def faults_of(clock: ClockRule, book: Rulebook, calendar: Calendar) -> Iterator[Fault]:
    """The fault of a clock that can be due when it starts or before, with its shortest and its longest run."""
    runs = sorted(tried(clock, book, calendar))
    if not clock.limit.amount or not runs or runs[0].length > NO_TIME:
        return
    shortest, longest = runs[0], runs[-1]
    begin, end = (spoken.moment_words(calendar, moment) for moment in (shortest.start, shortest.due))
    bounds = f"at the earliest {_told(shortest.length)}, at the latest {_told(longest.length)}"
    place = "counting" if clock.counting != Counting() else "limit"
    problem = f"started {begin} it would be due {end}: {bounds}"
    yield Fault(place=f"clocks.{clock.kind}.{place}", problem=problem, remedy=REMEDY)


def _told(length: timedelta) -> str:
    if not length:
        return "at its start"
    return f"{spoken.length_words(abs(length))} {'before' if length < NO_TIME else 'after'} its start"


def tried(clock: ClockRule, book: Rulebook, calendar: Calendar) -> Iterator[Run]:
    """Receipts of each day of the book's first year: at RECEIPTS, at closing and just after it."""
    first = max(book.effective_from, date(calendar.years[0], 1, 1))
    for day in (first + timedelta(days=number) for number in range(STARTS_TRIED)):
        close = working_time.close_of_day(calendar, day)
        for start in (*(calendar.at(day, seconds) for seconds in RECEIPTS), close, close + timedelta(seconds=1)):
            try:
                due = timescales.due_moment(clock.limit, start, calendar, clock.counting)
            except BeyondCalendar:
                return
            yield Run(due - start, start, due)
