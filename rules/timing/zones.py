"""Local time and UTC: the one place where the clock changes are dealt with."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.errors import NaiveMoment, TimeError, UnknownZone

LONDON = "Europe/London"
"""Where the front door is: the local time of everybody who reads or types a moment."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo:
    """The time zone called ``name``; raises UnknownZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(f"There is no time zone {name!r}; use a name such as Europe/London.") from None


def aware(moment: datetime) -> datetime:
    """``moment`` itself; raises NaiveMoment where it has no time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveMoment(f"{moment.isoformat()} has no time zone; write it with one, such as a final Z or +01:00.")
    return moment


def localise(moment: datetime, zone: str) -> datetime:
    """The UTC moment of a naive local time.

    One that does not exist is the first moment that does, one that happens twice is the first (design, time line 6).
    """
    if moment.tzinfo is not None:
        raise TimeError(f"{moment.isoformat()} already has a time zone; give the local time without one.")
    place = zone_named(zone)
    first = moment.replace(tzinfo=place, fold=0).astimezone(UTC)
    if first.astimezone(place).replace(tzinfo=None) == moment.replace(fold=0):
        return first
    return _end_of_gap(moment, place)


def existed(moment: datetime, zone: str) -> bool:
    """False for a naive local time that the clocks jumped over."""
    place = zone_named(zone)
    there = moment.replace(tzinfo=place, fold=0).astimezone(UTC)
    return there.astimezone(place).replace(tzinfo=None) == moment.replace(tzinfo=None, fold=0)


def _end_of_gap(moment: datetime, place: ZoneInfo) -> datetime:
    # In a gap fold=1 reads the later offset and lands before the change, fold=0 the earlier one and lands after it.
    low = _seconds(moment.replace(tzinfo=place, fold=1)) - 1
    high = _seconds(moment.replace(tzinfo=place, fold=0)) + 1
    before = (EPOCH + timedelta(seconds=low)).astimezone(place).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if (EPOCH + timedelta(seconds=middle)).astimezone(place).utcoffset() == before:
            low = middle
        else:
            high = middle
    return EPOCH + timedelta(seconds=high)


def _seconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(seconds=1)


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 in UTC of an aware moment; raises NaiveMoment."""
    return (aware(moment) - EPOCH) // MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The aware UTC moment ``count`` microseconds after 1970."""
    return EPOCH + timedelta(microseconds=count)


@lru_cache(maxsize=8192)
def midnights(zone: str, month: int) -> tuple[int, ...]:
    """The UTC microseconds at which each local day of a month (``first_day``) begins, and the next month."""
    days = (*days_of(month), first_day(month + 1))
    return tuple(to_microseconds(localise(datetime.combine(day, time()), zone)) for day in days)


@lru_cache(maxsize=2048)
def days_of(month: int) -> tuple[date, ...]:
    """The days of a month (``first_day``)."""
    first = first_day(month)
    return tuple(first + timedelta(days=count) for count in range((first_day(month + 1) - first).days))


def first_day(month: int) -> date:
    """The first day of a month counted as year * 12 + month - 1."""
    return date(month // 12, month % 12 + 1, 1)
