"""Moments, dates and lengths of time in plain English, on a calendar's local clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from rules.timing.calendar import Calendar

SATURDAY = 5
PLURALS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def day_words(day: date) -> str:
    """Thu 9 Apr 2009."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def moment_words(calendar: Calendar, moment: datetime) -> str:
    """Thu 9 Apr 2009 17:10, with the seconds where there are any."""
    local = calendar.local(moment)
    return f"{day_words(local.date())} {clock_words(calendar, moment)}"


def clock_words(calendar: Calendar, moment: datetime) -> str:
    """17:10, with the seconds where there are any."""
    local = calendar.local(moment)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def days_words(first: date, last: date) -> str:
    """Thu 9 Apr 2009, or Thu 9 Apr to Tue 14 Apr 2009."""
    if first == last:
        return day_words(first)
    begin = day_words(first) if first.year != last.year else f"{first:%a} {first.day} {first:%b}"
    return f"{begin} to {day_words(last)}"


def length_words(time: timedelta) -> str:
    """8 h 15 min; below a second it says so."""
    seconds = int(time.total_seconds())
    hours, rest = divmod(seconds, 3600)
    parts = [(hours, "h"), (rest // 60, "min"), (rest % 60, "s")]
    words = " ".join(f"{count:,} {unit}" for count, unit in parts if count)
    return words or ("no time" if not time else "less than a second")


def reasons_words(calendar: Calendar, days: Iterable[date]) -> str:
    """Why these days do not count: Good Friday, weekend, Easter Monday. Repetitions in a row are said once."""
    reasons: list[str] = []
    for day in days:
        reason = reason_words(calendar, day)
        if not reasons or reasons[-1] != reason:
            reasons.append(reason)
    return ", ".join(reasons)


def reason_words(calendar: Calendar, day: date) -> str:
    """Why a day off is one: the holiday's name, a closure, a weekend, or no office hours on that weekday."""
    if day in calendar.opened or not calendar.is_closed(day):
        if day.weekday() >= SATURDAY and not any(calendar.week[SATURDAY:]):
            return "weekend"
        return f"no office hours on {PLURALS[day.weekday()]}"
    if day in calendar.holidays:
        return calendar.names.get(day, "holiday")
    if day.weekday() >= SATURDAY and not calendar.week[day.weekday()]:
        return "weekend"
    return "office closed"


def hours_words(calendar: Calendar, weekday: int) -> str:
    """The opening hours of a weekday: 08:45 to 17:00, or closed."""
    hours = calendar.week[weekday]
    return " and ".join(f"{_time(begin)} to {_time(end)}" for begin, end in hours) or "closed"


def _time(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
