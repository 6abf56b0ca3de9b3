"""What makes a due moment absurd: each clock is tried on a year of receipts of the book's own calendar.

Besides that year on the days around the longer closures that the calendar knows: dates are rolled over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from rules.errors import BeyondCalendar, Fault
from rules.rulebook import ClockRule, Counting, Limit
from rules.timing import spoken, timescales, working_time
from rules.timing.calendar import Calendar

STARTS_TRIED = 366
# Seconds after midnight: at night, as the office opens, at noon, in the evening, and in the day's last second.
RECEIPTS = (60, 9 * 3600, 12 * 3600, 18 * 3600, 24 * 3600 - 1)
# Weekends and single bank holidays are in every year; a longer time off may not be.
LONG_CLOSURE = 3
ONE_DAY = timedelta(days=1)
# No duty is longer than a childhood and a youth.
LONGEST = timedelta(days=25 * 366)
NO_TIME = timedelta(0)
# Thousands of due moments a limit: kept, as a book is checked several times on its way to be published.
LIMITS_KEPT, CALENDARS_KEPT = 256, 8
REMEDY = "count from day 0, take due_time out, or roll forward"


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """How long a clock ran that started at one receipt; less than none where it was due before it started."""

    length: timedelta
    start: datetime
    due: datetime


def faults_of(clock: ClockRule, first: date, calendar: Calendar) -> Iterator[Fault]:
    """The fault of a clock that can be due when it starts or before, with its shortest and its longest run.

    Tried from the ``first`` day on.
    """
    runs = _bounds(clock.limit, clock.counting, first, calendar) if clock.limit.amount else None
    if runs is None or runs[0].length > NO_TIME:
        return
    shortest, longest = runs
    begin, end = (spoken.moment_words(calendar, moment) for moment in (shortest.start, shortest.due))
    bounds = f"at the earliest {_told(shortest.length)}, at the latest {_told(longest.length)}"
    place = "counting" if clock.counting != Counting() else "limit"
    problem = f"started {begin} it would be due {end}: {bounds}"
    yield Fault(place=f"clocks.{clock.kind}.{place}", problem=problem, remedy=REMEDY)


def too_long(clock: ClockRule) -> Iterator[Fault]:
    """The fault of a limit day and night that nobody can mean; one in other units ends where the calendar does."""
    if clock.limit.amount * timescales.SECONDS[clock.limit.unit] > LONGEST.total_seconds():
        problem = f"{clock.limit} is longer than 25 years"
        yield Fault(place=f"clocks.{clock.kind}.limit", problem=problem, remedy="write the time that is meant")


def _told(length: timedelta) -> str:
    if not length:
        return "at its start"
    return f"{spoken.length_words(abs(length))} {'before' if length < NO_TIME else 'after'} its start"


@lru_cache(maxsize=CALENDARS_KEPT)
def _receipts(first: date, calendar: Calendar) -> Sequence[datetime]:
    """The moments at which each clock is tried: on each day at RECEIPTS, at closing and just after it."""
    last = date(calendar.years[1], 12, 31)
    days = {first + timedelta(days=number) for number in range(min(STARTS_TRIED, (last - first).days + 1))}
    for begin, end in _long_closures(calendar, first, last):
        days |= {begin + timedelta(days=number) for number in range(-1, (end - begin).days + 2)} - {first - ONE_DAY}
    found = []
    for day in sorted(days):
        close = working_time.close_of_day(calendar, day)
        found += [*(calendar.at(day, seconds) for seconds in RECEIPTS), close, close + timedelta(seconds=1)]
    return found


def _long_closures(calendar: Calendar, first: date, last: date) -> Iterable[tuple[date, date]]:
    """The first and the last day of one closure of each length."""
    found: dict[int, tuple[date, date]] = {}
    begin = day = first
    while day <= last:
        if calendar.is_working_day(day):
            length = (day - begin).days
            if length >= LONG_CLOSURE:
                found.setdefault(length, (begin, day - ONE_DAY))
            begin = day + ONE_DAY
        day += ONE_DAY
    return found.values()


@lru_cache(maxsize=LIMITS_KEPT)
def _bounds(limit: Limit, counting: Counting, first: date, calendar: Calendar) -> tuple[Run, Run] | None:
    """The shortest and the longest run; None where the calendar reaches none."""
    runs = sorted(_tried(limit, counting, first, calendar))
    return (runs[0], runs[-1]) if runs else None


def _tried(limit: Limit, counting: Counting, first: date, calendar: Calendar) -> Iterator[Run]:
    for start in _receipts(first, calendar):
        try:
            due = timescales.due_moment(limit, start, calendar, counting)
        except BeyondCalendar:
            continue
        yield Run(due - start, start, due)
