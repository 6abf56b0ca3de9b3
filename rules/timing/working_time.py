"""Counting working time: hours while a calendar is open, and working days.

Everything is computed in whole UTC microseconds from tables of the calendar's months, so that it is exact over clock
changes; only the tables know local time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from rules.errors import BeyondCalendar, EndBeforeStart, NegativeAmount, NeverOpens
from rules.rulebook import Counting
from rules.timing import zones
from rules.timing.calendar import FULL_DAY, Calendar, Month, number_of
from rules.timing.calendar_terms import calendar_from_terms, calendar_to_terms, seconds_of_day
from rules.timing.zones import existed, localise

__all__ = [
    "Calendar",
    "add_working_days",
    "add_working_seconds",
    "add_working_time",
    "calendar_from_terms",
    "calendar_to_terms",
    "close_of_day",
    "day_counted_from",
    "existed",
    "is_open",
    "is_working_day",
    "localise",
    "moment_on",
    "next_opening",
    "next_working_day",
    "nth_working_day",
    "previous_working_day",
    "working_seconds_between",
    "working_time_between",
]

DEFAULT = Counting()


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """True from each opening up to, but not at, its closing; raises NaiveMoment, BeyondCalendar."""
    at = zones.to_microseconds(moment)
    table = calendar.month(calendar.locate(at))
    index = bisect_right(table.starts, at) - 1
    return index >= 0 and at < table.ends[index]


def next_opening(calendar: Calendar, moment: datetime) -> datetime:
    """The first moment from ``moment`` on at which the calendar is open; raises NaiveMoment, NeverOpens."""
    return zones.from_microseconds(_next_opening(calendar, zones.to_microseconds(moment)))


def _next_opening(calendar: Calendar, at: int) -> int:
    number = calendar.locate(at)
    while True:
        table = _table(calendar, number)
        index = bisect_right(table.ends, at)
        if index < len(table.ends):
            return max(at, table.starts[index])
        number += 1


def _table(calendar: Calendar, number: int) -> Month:
    try:
        return calendar.month(number)
    except BeyondCalendar:
        if number // 12 <= calendar.years[1]:
            raise
        if any(calendar.month(earlier).days for earlier in range(number - 120, number)):
            raise
        raise NeverOpens(f"This calendar does not open again before the end of {number // 12 - 1}.") from None


def add_working_seconds(calendar: Calendar, moment: datetime, seconds: int, *, at_close: str = "close") -> datetime:
    """The UTC moment at which ``seconds`` of open time have passed since ``moment``.

    Time that runs out exactly at closing is due at closing (time line 3), or with ``at_close="next opening"`` when the
    calendar opens again. Raises NegativeAmount, NaiveMoment, NeverOpens, BeyondCalendar.
    """
    return add_working_time(calendar, moment, timedelta(seconds=seconds), at_close=at_close)


def add_working_time(calendar: Calendar, moment: datetime, time: timedelta, *, at_close: str = "close") -> datetime:
    """As ``add_working_seconds``, exact to the microsecond."""
    amount = time // zones.MICROSECOND
    if amount < 0:
        raise NegativeAmount("An amount of working time can't be negative; give a whole number from 0 up.")
    at = zones.to_microseconds(moment)
    if amount == 0 and at_close == "close" and _closes_at(calendar, at):
        return moment.astimezone(UTC)
    if amount == 0:
        return zones.from_microseconds(_next_opening(calendar, at))
    find = bisect_left if at_close == "close" else bisect_right
    return zones.from_microseconds(_advance(calendar, at, amount, find=find))


def _closes_at(calendar: Calendar, at: int) -> bool:
    table = calendar.month(calendar.locate(at - 1))
    return at in table.ends


def _advance(calendar: Calendar, at: int, amount: int, *, find: Callable[[list[int], int], int]) -> int:
    number = calendar.locate(at)
    while True:
        table = _table(calendar, number)
        target = table.counted_until(at) + amount
        index = find(table.through, target)
        if index < len(table.through):
            return table.starts[index] + target - table.before[index]
        amount = target - table.total
        number += 1
        at = table.end


def working_seconds_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole seconds of open time from ``start`` to ``end``; raises EndBeforeStart, NaiveMoment, BeyondCalendar."""
    return working_time_between(calendar, start, end) // timedelta(seconds=1)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """As ``working_seconds_between``, exact to the microsecond."""
    low, high = zones.to_microseconds(start), zones.to_microseconds(end)
    if high < low:
        raise EndBeforeStart(f"{end.isoformat()} lies before {start.isoformat()}; check both moments.")
    first, last = calendar.locate(low), calendar.locate(high)
    counted = calendar.month(last).counted_until(high) - calendar.month(first).counted_until(low)
    counted += sum(calendar.month(number).total for number in range(first, last))
    return timedelta(microseconds=counted)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """True when the calendar opens at all on the local ``day``."""
    return calendar.is_working_day(day)


def nth_working_day(calendar: Calendar, day: date, n: int) -> date:
    """The nth working day after ``day``; ``day`` itself for 0. Raises NegativeAmount, NeverOpens, BeyondCalendar."""
    if n < 0:
        raise NegativeAmount("A number of working days can't be negative; give a whole number from 0 up.")
    if n == 0:
        return day
    number = number_of(day)
    table = _table(calendar, number)
    index = bisect_right(table.days, day.toordinal()) + n - 1
    while index >= len(table.days):
        index -= len(table.days)
        number += 1
        table = _table(calendar, number)
    return date.fromordinal(table.days[index])


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day after ``day``."""
    return nth_working_day(calendar, day, 1)


def previous_working_day(calendar: Calendar, day: date) -> date:
    """The last working day before ``day``; raises BeyondCalendar."""
    number = number_of(day)
    days = calendar.month(number).days
    index = bisect_left(days, day.toordinal()) - 1
    while index < 0:
        number -= 1
        days = calendar.month(number).days
        index = len(days) - 1
    return date.fromordinal(days[index])


def close_of_day(calendar: Calendar, day: date) -> datetime:
    """The UTC moment of the last closing on the local ``day``; on a day off the midnight that ends it."""
    close = calendar.close_on(day)
    return calendar.at(day, FULL_DAY) if close is None else zones.from_microseconds(close)


def moment_on(calendar: Calendar, day: date, due_time: str = "") -> datetime:
    """The UTC moment of ``due_time`` (HH:MM) on the local ``day``; without one the close of that day."""
    return calendar.at(day, seconds_of_day(due_time)) if due_time else close_of_day(calendar, day)


def day_counted_from(calendar: Calendar, moment: datetime, *, counting: Counting = DEFAULT) -> date:
    """Day 0: the local day of ``moment``, or the next working day where it is off or closed by then (time line 4)."""
    day = calendar.local(moment).date()
    if counting.day_off_receipt == "that day":
        return day
    close = calendar.close_on(day)
    if close is not None and zones.to_microseconds(moment) <= close:
        return day
    return next_working_day(calendar, day)


def add_working_days(calendar: Calendar, moment: datetime, n: int, *, counting: Counting = DEFAULT) -> datetime:
    """The UTC close (or ``counting.due_time``) of the nth working day after day 0, ``first_day=1`` counting day 0 as 1.

    Raises NegativeAmount, NaiveMoment, NeverOpens, BeyondCalendar.
    """
    return moment_on(calendar, working_day_due(calendar, moment, n, counting=counting), counting.due_time)


def working_day_due(calendar: Calendar, moment: datetime, n: int, *, counting: Counting = DEFAULT) -> date:
    """The local day on which ``add_working_days`` ends."""
    start = day_counted_from(calendar, moment, counting=counting)
    if counting.first_day and n > 0 and calendar.is_working_day(start):
        n -= 1
    return nth_working_day(calendar, start, n)
