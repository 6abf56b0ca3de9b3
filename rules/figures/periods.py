"""Periods of whole days on the wall: from the first day up to, but not on, ``end``. The year begins in April."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
APRIL = 4
# Local: longer than any report asked for, and read day by day.
LONGEST = 3 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days from ``start`` up to, but not on, ``end``; ``key`` is that of a preset, empty for days of one's own."""

    start: date
    end: date
    key: str = ""

    @property
    def last(self) -> date:
        """The last day of it."""
        return self.end - DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days


def _yesterday(today: date) -> tuple[date, date]:
    return today - DAY, today


def _last_week(today: date) -> tuple[date, date]:
    monday = today - timedelta(days=today.weekday())
    return monday - 7 * DAY, monday


def _last_month(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return (first - DAY).replace(day=1), first


def _last_quarter(today: date) -> tuple[date, date]:
    first = date(today.year, today.month - (today.month - 1) % 3, 1)
    before = first - DAY
    return date(before.year, before.month - 2, 1), first


def _year(today: date) -> tuple[date, date]:
    """From 1 April up to today; on 1 April itself the year that has just ended."""
    yesterday = today - DAY
    year = yesterday.year if yesterday.month >= APRIL else yesterday.year - 1
    return date(year, APRIL, 1), today


PRESETS: Mapping[str, tuple[str, Callable[[date], tuple[date, date]]]] = {
    "yesterday": ("Yesterday", _yesterday),
    "last-week": ("Last week", _last_week),
    "last-month": ("Last month", _last_month),
    "last-quarter": ("Last quarter", _last_quarter),
    "year": ("Year from April", _year),
}
USUAL = "last-week"


def preset(key: str, today: date) -> Period:
    """The days of a preset as seen on a day. Raises KeyError for a key that is none."""
    start, end = PRESETS[key][1](today)
    return Period(start=start, end=end, key=key)
