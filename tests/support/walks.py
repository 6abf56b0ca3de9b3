"""Working time the slow way, minute by minute and day by day. Shares no code with ``rules``, which must agree."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from rules.timing.calendar import Calendar

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def opens_on(calendar: Calendar, day: date) -> bool:
    """True when the calendar has hours on this date that no holiday or closure takes away."""
    closed = day in calendar.holidays or day in calendar.closed or (day.month, day.day) in calendar.closed_every_year
    return bool(calendar.week[day.weekday()]) and (day in calendar.opened or not closed)


def is_open(calendar: Calendar, moment: datetime) -> bool:
    """Looks at the local clock on the wall, and at the hours on the door."""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    second = local.hour * 3600 + local.minute * 60 + local.second
    hours = calendar.week[local.weekday()]
    return opens_on(calendar, local.date()) and any(begin <= second < end for begin, end in hours)


@cache
def open_minutes(calendar: Calendar, start: datetime, length: int) -> list[bool]:
    """Whether the calendar is open in each of the minutes from ``start`` on."""
    return [is_open(calendar, start + MINUTE * count) for count in range(length)]


def add_minutes(minutes: list[bool], start: int, amount: int) -> int | None:
    """The minute after the one in which the last of ``amount`` open minutes passes; None where the list ends first."""
    at = start
    while amount:
        if at == len(minutes):
            return None
        amount -= minutes[at]
        at += 1
    return at


def add_working_days(calendar: Calendar, moment: datetime, n: int) -> datetime:
    """Day 0 is the day of receipt, or the next day that opens; then day after day until n have been counted."""
    local = moment.astimezone(ZoneInfo(calendar.zone))
    day = local.date()
    after_closing = opens_on(calendar, day) and moment > closing(calendar, day)
    if after_closing or not opens_on(calendar, day):
        day = next_day(calendar, day)
    for _ in range(n):
        day = next_day(calendar, day)
    return closing(calendar, day)


def next_day(calendar: Calendar, day: date) -> date:
    """The next date on which the calendar opens."""
    day += DAY
    while not opens_on(calendar, day):
        day += DAY
    return day


def closing(calendar: Calendar, day: date) -> datetime:
    """The last closing of a date, for hours that every clock has once."""
    midnight = datetime.combine(day, time()) + timedelta(seconds=calendar.week[day.weekday()][-1][1])
    return midnight.replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)
