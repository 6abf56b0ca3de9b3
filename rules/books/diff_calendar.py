"""What changes from one calendar to another: hours, days off, extra openings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from rules.books.diff_values import Difference, among, changed
from rules.timing import spoken
from rules.timing.calendar import Calendar

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHOWN = 12


def between(old: Calendar, new: Calendar) -> Iterator[Difference]:
    """Everything that is other in ``new`` than in ``old``; what a calendar is called does not count."""
    yield from changed("zone", "the time zone", old.zone, new.zone)
    for at, name in enumerate(DAY_NAMES):
        hours = (spoken.hours_words(calendar, at) for calendar in (old, new))
        yield from changed(f"week.{name[:3].lower()}", f"hours on {name}", *hours)
    yield from _days("holidays", "holidays", old, new)
    yield from _days("closed", "closed on", old, new)
    yield from among("closed", "closed every year on", _yearly(old), _yearly(new))
    yield from _days("opened", "open all the same on", old, new)
    yield from changed("years", "the years whose holidays are known", _years(old), _years(new))


def _days(key: str, what: str, old: Calendar, new: Calendar) -> Iterator[Difference]:
    before, after = getattr(old, key), getattr(new, key)
    place = {"opened": "open"}.get(key, key)
    if after - before:
        yield Difference(place=place, what=what, before="", after=_listed(new, after - before))
    if before - after:
        yield Difference(place=place, what=what, before=_listed(old, before - after), after="")


def _listed(calendar: Calendar, days: Iterable[date]) -> str:
    ordered = sorted(days)
    told = [_day(calendar, day) for day in ordered[:SHOWN]]
    more = [f"and {len(ordered) - SHOWN} more"] if len(ordered) > SHOWN else []
    return ", ".join(told + more)


def _day(calendar: Calendar, day: date) -> str:
    name = calendar.names.get(day, "")
    return f"{spoken.day_words(day)} ({name})" if name else spoken.day_words(day)


def _yearly(calendar: Calendar) -> list[str]:
    return [f"{day} {date(2000, month, 1):%B}" for month, day in sorted(calendar.closed_every_year)]


def _years(calendar: Calendar) -> str:
    first, last = calendar.years
    return f"{first} to {last}"
