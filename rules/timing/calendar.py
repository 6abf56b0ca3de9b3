"""A working calendar: which local hours of which days count. A frozen value with tables of its months behind it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from rules.errors import BeyondCalendar, NeverOpens, TimeError
from rules.timing import zones

Interval = tuple[int, int]
Week = tuple[tuple[Interval, ...], ...]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_DAY = 86_400
YEARS = (2000, 2100)


class Month:
    """One month's openings in UTC microseconds, with running totals; its working days' ordinals and closes."""

    __slots__ = ("before", "begin", "closes", "days", "end", "ends", "starts", "through", "total")

    def __init__(self, begin: int, end: int) -> None:
        self.begin, self.end, self.total = begin, end, 0
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.before: list[int] = []
        self.through: list[int] = []
        self.days: list[int] = []
        self.closes: list[int] = []

    def add(self, day: int, start: int, stop: int) -> None:
        """Adds the next opening, on the day with this ordinal; one that a clock change left without length is none."""
        if start >= stop:
            return
        self.starts.append(start)
        self.ends.append(stop)
        self.before.append(self.total)
        self.total += stop - start
        self.through.append(self.total)
        if self.days and self.days[-1] == day:
            self.closes[-1] = stop
        else:
            self.days.append(day)
            self.closes.append(stop)

    def counted_until(self, moment: int) -> int:
        """The open microseconds of this month that lie before ``moment``."""
        at = bisect_right(self.starts, moment) - 1
        return 0 if at < 0 else self.before[at] + min(moment, self.ends[at]) - self.starts[at]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Opening hours in a time zone.

    ``week`` has seven tuples, Monday first, of (from, to) in seconds after local midnight, up to 86,400. ``closed`` are
    dates, ``closed_every_year`` (month, day) pairs; ``opened`` undoes a holiday or closure, so that the weekday's hours
    hold. ``names`` are the holidays' names where known; ``years`` the first and last year whose holidays are known.
    Raises UnknownZone, NeverOpens, or TimeError for hours that can't be.
    """

    zone: str
    week: Week
    closed: frozenset[date] = frozenset()
    closed_every_year: frozenset[tuple[int, int]] = frozenset()
    holidays: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()
    years: tuple[int, int] = YEARS
    name: str = field(default="", compare=False)
    version: str = field(default="", compare=False)
    names: Mapping[date, str] = field(default_factory=dict, compare=False, hash=False, repr=False)
    # Filled month by month; two threads at worst build the same month twice.
    _months: dict[int, Month] = field(init=False, default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        zones.zone_named(self.zone)
        if len(self.week) != len(WEEKDAYS):
            raise TimeError("A week has seven days; give an empty entry for a day without hours.")
        for hours in self.week:
            _refuse_bad_hours(hours)
        if not any(self.week):
            raise NeverOpens("This calendar never opens; give hours for at least one weekday.")

    def month(self, number: int) -> Month:
        """The table of month ``number`` (year * 12 + month - 1); raises BeyondCalendar."""
        found = self._months.get(number)
        if found is None:
            found = self._months[number] = self._build(number)
        return found

    def _build(self, number: int) -> Month:
        self._refuse_beyond(number // 12)
        midnights = zones.midnights(self.zone, number)
        table = Month(midnights[0], midnights[-1])
        for at, day in enumerate(zones.days_of(number)):
            hours = self.week[day.weekday()]
            if not hours or self.is_closed(day):
                continue
            midnight, ordinal = midnights[at], day.toordinal()
            plain = midnights[at + 1] - midnight == zones.DAY
            for begin, end in hours:
                start = midnight + begin * zones.SECOND if plain else self._moment(day, begin)
                stop = midnight + end * zones.SECOND if plain else self._moment(day, end)
                table.add(ordinal, start, stop)
        return table

    def _refuse_beyond(self, year: int) -> None:
        first, last = self.years
        if not first <= year <= last:
            raise BeyondCalendar(
                f"The count reaches {year}, but the calendar knows the holidays of {first} to {last} only; "
                "shorten the limit, check the dates, or publish a calendar version that knows more years."
            )

    def _moment(self, day: date, seconds: int) -> int:
        return zones.to_microseconds(self.at(day, seconds))

    def at(self, day: date, seconds: int) -> datetime:
        """The UTC moment that is ``seconds`` of the local clock after the midnight that begins ``day``."""
        return zones.localise(datetime.combine(day, time()) + timedelta(seconds=seconds), self.zone)

    def is_closed(self, day: date) -> bool:
        """True for a holiday or closure that no extra opening undoes; says nothing of weekdays without hours."""
        if day in self.holidays or day in self.closed or (day.month, day.day) in self.closed_every_year:
            return day not in self.opened
        return False

    def is_working_day(self, day: date) -> bool:
        """True when the calendar opens at all on the local ``day``; raises BeyondCalendar."""
        return self.close_on(day) is not None

    def close_on(self, day: date) -> int | None:
        """The UTC microseconds of the last closing on the local ``day``; None on a day off. Raises BeyondCalendar."""
        table, ordinal = self.month(number_of(day)), day.toordinal()
        at = bisect_left(table.days, ordinal)
        return table.closes[at] if at < len(table.days) and table.days[at] == ordinal else None

    def locate(self, moment: int) -> int:
        """The number of the month whose table covers ``moment`` (UTC microseconds)."""
        local = zones.from_microseconds(moment).astimezone(zones.zone_named(self.zone))
        number = local.year * 12 + local.month - 1
        table = self.month(number)
        # Where the clocks go back just after midnight, the next month begins before this one's last hour comes again.
        return number + 1 if moment >= table.end else number

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the local clock; raises NaiveMoment."""
        return zones.aware(moment).astimezone(zones.zone_named(self.zone))


def number_of(day: date) -> int:
    """The number of the month of ``day``."""
    return day.year * 12 + day.month - 1


def _refuse_bad_hours(hours: tuple[Interval, ...]) -> None:
    last = 0
    for begin, end in hours:
        if not 0 <= begin < end <= FULL_DAY:
            raise TimeError("Opening hours run from an earlier to a later time between 00:00 and 24:00.")
        if begin < last:
            raise TimeError("Opening hours of one day overlap or stand out of order; list them from early to late.")
        last = end
