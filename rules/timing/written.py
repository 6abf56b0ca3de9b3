"""Days, times and moments as people and other systems write them, day first as in Britain. Nothing doubtful is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone

from rules.timing import zones
from rules.timing.zones import LONDON

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OLDEST_YEAR, LATEST_YEAR = 1900, 2200
YEAR_TURNS = 70
NOON = 12

_ISO = r"(?P<iso_year>\d{4})[-/](?P<iso_month>\d{1,2})[-/](?P<iso_day>\d{1,2})"
_UK = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.\-]+(?P<month>\d{1,2}|[a-z]{3,9})\.?[\s/.,\-]+(?P<year>\d{4}|\d{2})"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d{1,9})?)?)?\s*(?P<half>am|pm)?"
_ZONE = r"\s*(?P<zone>z|utc|gmt|[+-]\d{2}:?(?:\d{2})?)?"
_DAY = re.compile(rf"(?:{_ISO}|{_UK})", re.ASCII)
_MOMENT = re.compile(rf"(?:{_ISO}|{_UK})[\s,t]+{_CLOCK}{_ZONE}", re.ASCII)
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
    if found := _DAY.fullmatch(_words(text)):
        return _date(found, short_years=short_years)
    there = moment(text)
    midnights = () if there is None else (there.in_london, there.local)
    return next((one.date() for one in midnights if one.time() == time()), None)


def moment(text: str) -> Written | None:
    """The day and time that are meant; None where one of them is missing or never was."""
    found = _MOMENT.fullmatch(_words(text))
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


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _date(found: re.Match[str], *, short_years: bool) -> date | None:
    if found["iso_year"]:
        parts = (found["iso_year"], found["iso_month"], found["iso_day"])
    else:
        parts = (found["year"], found["month"], found["day"])
    if len(parts[0]) == 2 and not short_years:
        return None
    try:
        there = date(_year(parts[0]), _month(parts[1]), int(parts[2]))
    except ValueError:
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
