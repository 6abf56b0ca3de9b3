"""Calendars to and from plain terms: the same keys in TOML, in JSON lines and in the stored calendar versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date
from functools import lru_cache
from typing import Any

from rules.errors import Fault, NeverOpens, RuleError, TimeError, UnknownZone
from rules.timing import bank_holidays, zones
from rules.timing.calendar import FULL_DAY, WEEKDAYS, YEARS, Calendar, Interval
from rules.timing.zones import LONDON
from rules.words import nearest

KEYS = ("name", "version", "title", "notes", "zone", "week", "closed", "holidays", "open", "years")
SIXTY = 60
PAIR = 2
ISO_DATE = len("2026-12-28")
TIME = re.compile(r"(\d{2}):(\d{2})(?::(\d{2}))?")
MONTH_DAY = re.compile(r"(\d{2})-(\d{2})")
HOURS_REMEDY = 'write pairs such as [["09:00", "12:30"], ["13:30", "17:00"]], from early to late'
DATE_REMEDY = 'write a date such as "2026-12-28", or a month and day such as "12-24" for every year'


def seconds_of_day(text: object) -> int:
    """Seconds after midnight of HH:MM or HH:MM:SS, up to 24:00; raises TimeError."""
    total = _seconds(text) if isinstance(text, str) else None
    if total is None:
        raise TimeError(f"{text!r} is no time of day; write it as 09:00, up to 24:00.")
    return total


@lru_cache(maxsize=4096)
def _seconds(text: str) -> int | None:
    match = TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return total if max(minutes, seconds) < SIXTY and total <= FULL_DAY else None


def time_of_day(seconds: int) -> str:
    """HH:MM, or HH:MM:SS where the seconds are not whole minutes."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours:02}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")


class _Reader:
    """Reads terms and keeps every fault, so that all are told at once."""

    def __init__(self, terms: Mapping[str, Any]) -> None:
        self.terms = terms
        self.faults: list[Fault] = []
        self.names: dict[date, str] = {}
        self.england = False

    def fault(self, place: str, problem: str, remedy: str = "") -> None:
        self.faults.append(Fault(place=place, problem=problem, remedy=remedy))

    def unknown_keys(self) -> None:
        for key in self.terms:
            if key not in KEYS:
                self.fault(str(key), "a calendar has no such key", nearest(str(key), KEYS))

    def zone(self) -> str:
        zone = self.terms.get("zone", LONDON)
        try:
            zones.zone_named(str(zone))
        except UnknownZone as error:
            self.fault("zone", f"{zone!r} is no time zone", str(error).partition("; ")[2])
        return str(zone)

    def week(self) -> tuple[tuple[Interval, ...], ...]:
        week = self.terms.get("week")
        if not isinstance(week, Mapping):
            self.fault("week", "the opening hours are missing", HOURS_REMEDY)
            return ((),) * 7
        for key in week:
            if key not in WEEKDAYS:
                self.fault(f"week.{key}", "no such weekday", nearest(str(key), WEEKDAYS))
        return tuple(self.hours(f"week.{day}", week.get(day, [])) for day in WEEKDAYS)

    def hours(self, place: str, pairs: Any) -> tuple[Interval, ...]:
        if not _is_list(pairs):
            self.fault(place, "hours are a list of pairs", HOURS_REMEDY)
            return ()
        read: list[Interval] = []
        for at, pair in enumerate(pairs):
            interval = self.interval(f"{place}[{at}]", pair)
            if interval and read and interval[0] < read[-1][1]:
                self.fault(f"{place}[{at}]", "these hours overlap the ones before, or stand out of order", HOURS_REMEDY)
            elif interval:
                read.append(interval)
        return tuple(read)

    def interval(self, place: str, pair: Any) -> Interval | None:
        if not _is_list(pair) or len(pair) != PAIR:
            self.fault(place, "hours are a pair of times", HOURS_REMEDY)
            return None
        try:
            begin, end = seconds_of_day(pair[0]), seconds_of_day(pair[1])
        except TimeError as error:
            problem, _, remedy = str(error).partition("; ")
            self.fault(place, problem, remedy)
            return None
        if begin >= end:
            self.fault(place, "closing does not come after opening", HOURS_REMEDY)
            return None
        return begin, end

    def days(self, key: str) -> tuple[set[date], set[tuple[int, int]]]:
        """The dates and the (month, day) pairs of a list; the word england stands for its bank holidays."""
        found = self.terms.get(key, [])
        dates: set[date] = set()
        yearly: set[tuple[int, int]] = set()
        if isinstance(found, Mapping):
            self.names |= {day: str(name) for text, name in found.items() if (day := _date(text))}
        elif isinstance(found, str):
            found = [found]
        elif not _is_list(found):
            self.fault(key, "a list of dates is needed", DATE_REMEDY)
            found = []
        for at, entry in enumerate(found):
            self.day(f"{key}[{at}]", entry, dates, yearly)
        return dates, yearly

    def day(self, place: str, entry: Any, dates: set[date], yearly: set[tuple[int, int]]) -> None:
        if entry == "england":
            self.england = True
        elif day := _date(entry):
            dates.add(day)
        elif pair := _month_day(entry):
            yearly.add(pair)
        else:
            self.fault(place, f"{entry!r} is no date", DATE_REMEDY)

    def opened(self) -> frozenset[date]:
        """The dates of extra openings."""
        found = self.terms.get("open", [])
        days = [_date(entry) for entry in found] if _is_list(found) else [None]
        for at, day in enumerate(days):
            if day is None:
                self.fault(f"open[{at}]", "an extra opening needs a date", 'write open = ["2026-12-28"]')
        return frozenset(day for day in days if day is not None)

    def years(self) -> tuple[int, int]:
        years = self.terms.get("years", YEARS)
        if _is_list(years) and len(years) == PAIR and all(type(year) is int for year in years):
            first, last = years
            if MINYEAR < first <= last < MAXYEAR:
                return first, last
        self.fault("years", "the first and the last year are needed", "write years = [2000, 2100]")
        return YEARS


def calendar_from_terms(terms: Mapping[str, Any]) -> Calendar:
    """The calendar that plain terms describe; raises RuleError with every fault at once, NeverOpens without hours.

    Keys: zone, week {mon: [["09:00", "17:00"]]}, closed and holidays ("england", or dates and month-days), open, years.
    """
    reader = _Reader(terms)
    reader.unknown_keys()
    zone, week, years, opened = reader.zone(), reader.week(), reader.years(), reader.opened()
    closed, yearly = reader.days("closed")
    holidays, also_yearly = reader.days("holidays")
    if reader.faults:
        raise RuleError(reader.faults)
    if not any(week):
        raise NeverOpens("This calendar never opens; give hours for at least one weekday.")
    known = bank_holidays.england() if reader.england else frozenset()
    names = bank_holidays.england_names() if reader.england else {}
    return Calendar(
        zone=zone,
        week=week,
        closed=frozenset(closed),
        closed_every_year=frozenset(yearly | also_yearly),
        # The shared set itself where it is all there is: lines of a batch may each carry a calendar.
        holidays=known | holidays if holidays else known,
        opened=opened,
        years=years,
        name=str(terms.get("name", "")),
        version=str(terms.get("version", "")),
        names={**names, **reader.names} if reader.names else names,
    )


def calendar_to_terms(calendar: Calendar) -> dict[str, Any]:
    """Plain terms with every holiday's date and name, so that a stored version never depends on a library again."""
    week = {
        day: [[time_of_day(begin), time_of_day(end)] for begin, end in hours]
        for day, hours in zip(WEEKDAYS, calendar.week, strict=True)
        if hours
    }
    yearly = [f"{month:02}-{day:02}" for month, day in sorted(calendar.closed_every_year)]
    return {
        "name": calendar.name,
        "version": calendar.version,
        "zone": calendar.zone,
        "week": week,
        "closed": [day.isoformat() for day in sorted(calendar.closed)] + yearly,
        "holidays": {day.isoformat(): calendar.names.get(day, "holiday") for day in sorted(calendar.holidays)},
        "open": [day.isoformat() for day in sorted(calendar.opened)],
        "years": list(calendar.years),
    }


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _date(entry: Any) -> date | None:
    if type(entry) is date:
        return entry
    try:
        return date.fromisoformat(entry) if isinstance(entry, str) and len(entry) == ISO_DATE else None
    except ValueError:
        return None


def _month_day(entry: Any) -> tuple[int, int] | None:
    match = MONTH_DAY.fullmatch(entry) if isinstance(entry, str) else None
    if match is None:
        return None
    month, day = int(match[1]), int(match[2])
    # 2000 is a leap year, so that 29 February can be named.
    return (month, day) if _date(f"2000-{month:02}-{day:02}") else None
