"""Days, times and moments as people and other systems write them, day first as in Britain. Nothing doubtful is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from rules.timing import zones
from rules.timing.zones import LONDON

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OLDEST_YEAR, LATEST_YEAR = 1900, 2200
YEAR_TURNS = 70
NOON = 12

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_ISO = r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
_COMPACT = r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
_AMERICAN = r"(?P<month>[a-z]{3,9})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"  # the month in letters
_UK = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.\-]+(?P<month>\d{1,2}|[a-z]{3,9})\.?[\s/.,\-]+(?P<year>\d{4}|\d{2})"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?)?\s*(?P<half>am|pm)?"
_ZONE = r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?),?\s+)?"
_SHAPES = [_WEEKDAY + shape for shape in (_ISO, _UK, _AMERICAN, _COMPACT)]
_DAYS = [re.compile(shape, re.ASCII) for shape in _SHAPES]
_MOMENTS = [re.compile(rf"{shape}[\s,t]+{_CLOCK}{_ZONE}", re.ASCII) for shape in _SHAPES]
_TIME = re.compile(r"(\d{1,2})(?:[:.h\s]?(\d{2}))?\s*(am|pm)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A day and a time of day, in the zone that was written or, without one, in London."""

    local: datetime
    zone: timezone | None = None

    @property
    def utc(self) -> datetime:
        """The moment; in London the first that exists where the clocks jumped over it."""
        if self.zone is not None:
            return self.local.replace(tzinfo=self.zone).astimezone(UTC)
        return zones.localise(self.local, LONDON)

    @property
    def in_london(self) -> datetime:
        """The naive time of day in London."""
        if self.zone is None:
            return self.local
        return self.utc.astimezone(zones.zone_named(LONDON)).replace(tzinfo=None)


def day(text: str, *, short_years: bool = False) -> date | None:
    """The date that is meant, a date with midnight among them; None where it is none, or more than one may be meant.

    ``short_years``: two digits are read as a year near ours. An old system's 03/10/09 may be anything.
    """
    if found := _found(_DAYS, text):
        return _date(found, short_years=short_years)
    there = moment(text)
    midnights = () if there is None else (there.in_london, there.local)
    return next((one.date() for one in midnights if one.time() == time()), None)


def moment(text: str) -> Written | None:
    """The day and time that are meant; None where one of them is missing or never was."""
    found = _found(_MOMENTS, text)
    on = found and _date(found, short_years=False)
    if not (found and on):
        return None
    at = _clock(found["hour"], found["minute"] or "", found["half"])
    if at is None or not (found["minute"] or found["half"]):
        return None
    second = int(found["second"] or 0)
    if second > 59:
        return None
    return Written(local=datetime.combine(on, at.replace(second=second)), zone=_zone(found["zone"]))


def clock(text: str) -> time | None:
    """The time of day that somebody means: 16:40, 16.40, 1640, 4.40pm; None where it is none."""
    found = _TIME.fullmatch(text.strip().casefold())
    return _clock(found[1], found[2] or "", found[3]) if found else None


def _found(shapes: Sequence[re.Pattern[str]], text: str) -> re.Match[str] | None:
    words = " ".join(text.casefold().split())
    return next(filter(None, (shape.fullmatch(words) for shape in shapes)), None)


def _date(found: re.Match[str], *, short_years: bool) -> date | None:
    if len(found["year"]) == 2 and not short_years:
        return None
    try:
        there = date(_year(found["year"]), _month(found["month"]), int(found["day"]))
    except ValueError:
        return None
    weekday = found["weekday"]  # of another day than the date says nobody knows which of the two is wrong
    if weekday and WEEKDAYS.index(weekday[:3]) != there.weekday():
        return None
    return there if OLDEST_YEAR <= there.year <= LATEST_YEAR else None


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else 0


def _year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (1900 if year >= YEAR_TURNS else 2000)


def _clock(hour: str, minute: str, half: str | None) -> time | None:
    hours = int(hour)
    if half and not 1 <= hours <= NOON:
        return None
    if half:
        hours = hours % NOON + (NOON if half == "pm" else 0)
    try:
        return time(hours, int(minute or 0))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-ahead if text[0] == "-" else ahead) if ahead < timedelta(days=1) else None
