"""The stretches of open and closed time between two moments, for the explanation of a limit in working time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.timing import working_time
from rules.timing.calendar import Calendar

ONE_DAY = timedelta(days=1)
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From ``start`` to ``end``: open time ``counted`` on consecutive working days, or closed with its ``days_off``."""

    start: datetime
    end: datetime
    counted: timedelta = NO_TIME
    days_off: tuple[date, ...] = ()


def stretches(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Stretch]:
    """Open stretches (a run of working days each) and the closed ones between, end to end from ``start`` to ``end``."""
    at = start
    while at < end:
        opens = min(working_time.next_opening(calendar, at), end)
        if opens > at and not _same_run(calendar, start, at, opens):
            yield Stretch(start=at, end=opens, days_off=tuple(_days_off(calendar, at, opens)))
            at = opens
            continue
        stop = _end_of_run(calendar, opens, end)
        yield Stretch(start=at, end=stop, counted=working_time.working_time_between(calendar, at, stop))
        at = stop


def _same_run(calendar: Calendar, start: datetime, at: datetime, opens: datetime) -> bool:
    """True where the closed time at ``at`` is a lunch break or night inside a run, not a wait at its beginning."""
    return at > start and calendar.local(at).date() == calendar.local(opens).date()


def _end_of_run(calendar: Calendar, at: datetime, end: datetime) -> datetime:
    """The close of the last of the consecutive working days from ``at`` on, or ``end``."""
    day = calendar.local(at).date()
    while True:
        close = working_time.close_of_day(calendar, day)
        if close >= end or not calendar.is_working_day(day + ONE_DAY):
            return min(close, end)
        day += ONE_DAY


def _days_off(calendar: Calendar, at: datetime, opens: datetime) -> Iterator[date]:
    day = calendar.local(at).date()
    while day <= calendar.local(opens).date():
        if not calendar.is_working_day(day):
            yield day
        day += ONE_DAY
