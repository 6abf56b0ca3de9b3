"""Moments and amounts of time in the words that the pages use; London time."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.timing import zones

LONDON = zones.zone_named(zones.LONDON)
MINUTE = timedelta(minutes=1)


def local(moment: datetime) -> datetime:
    """The moment in London time."""
    return moment.astimezone(LONDON)


def at(moment: datetime | None) -> str:
    """Such as ``Thu 9 Apr 2009, 17:10``; empty for None."""
    if moment is None:
        return ""
    there = local(moment)
    return f"{there:%a} {there.day} {there:%b %Y, %H:%M}"


def clock(moment: datetime) -> str:
    """Such as ``17:10``."""
    return f"{local(moment):%H:%M}"


def span(amount: timedelta) -> str:
    """Such as ``3 h 10 min``, ``2 days 4 h`` or ``less than a minute``; rounded down to the minute."""
    minutes = abs(amount) // MINUTE
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _join(_count(days, "day"), f"{hours} h" if hours else "")
    if minutes == 0:
        return "less than a minute"
    return _join(f"{hours} h" if hours else "", f"{rest} min" if rest else "")


def due(moment: datetime, *, now: datetime) -> str:
    """Such as ``overdue by 3 h 10 min`` or ``2 h left``."""
    if now >= moment:
        return f"overdue by {span(now - moment)}"
    return f"{span(moment - now)} left"


def rung(offset: timedelta) -> str:
    """When a ladder's rung comes, such as ``2 h before``; empty at the due moment itself."""
    if not offset:
        return ""
    return f"{span(offset)} {'before' if offset < timedelta(0) else 'after'}"


def gap(intended: datetime, taken: datetime) -> str:
    """How much later than intended something was done, where that is a minute or more."""
    late = taken - intended
    return f"{span(late)} late" if late >= MINUTE else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def sortable(moment: datetime) -> str:
    """Such as ``2009-04-09 17:10``, as files have it; in the order of time when it is sorted as text."""
    return f"{local(moment):%Y-%m-%d %H:%M}"
