"""Due moments: from a limit, a start, a calendar and a ledger of pauses and extensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from rules.errors import BeyondCalendar, EndBeforeStart, NegativeAmount, StillPaused, TimeError
from rules.rulebook import Counting, Limit
from rules.timing import working_time, zones
from rules.timing.calendar import Calendar
from rules.vocabulary import Unit

SECONDS = {
    Unit.SECONDS: 1,
    Unit.MINUTES: 60,
    Unit.HOURS: 3600,
    Unit.WORKING_SECONDS: 1,
    Unit.WORKING_MINUTES: 60,
    Unit.WORKING_HOURS: 3600,
}
ELAPSED = frozenset({Unit.SECONDS, Unit.MINUTES, Unit.HOURS})
WORKING = frozenset({Unit.WORKING_SECONDS, Unit.WORKING_MINUTES, Unit.WORKING_HOURS})
DATES = frozenset({Unit.CALENDAR_DAYS, Unit.MONTHS})
# Extensions in other units than the limit's follow it, the longest unit first, so that their order is no matter.
EXTENSION_ORDER = (Unit.MONTHS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, *sorted(WORKING), *sorted(ELAPSED))
DEFAULT = Counting()
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """A pause (``paused_to`` None while it lasts) or an extension of a clock, with who granted it and why.

    A withdrawn entry stays on file and counts no more. Raises TimeError for neither or both, and for an empty reason of
    an entry that names a person; EndBeforeStart; NegativeAmount.
    """

    paused_from: datetime | None = None
    paused_to: datetime | None = None
    extension: Limit | None = None
    reason: str = ""
    person: str = ""
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        if (self.paused_from is None) == (self.extension is None):
            raise TimeError("An entry of the ledger is either a pause with its start or an extension with its amount.")
        if self.extension is not None:
            _refuse_negative(self.extension)
        for moment in filter(None, (self.paused_from, self.paused_to, self.withdrawn_at)):
            zones.aware(moment)
        if self.paused_from and self.paused_to and self.paused_to < self.paused_from:
            raise EndBeforeStart(
                f"The pause from {self.paused_from.isoformat()} ends before it starts; check both moments."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stretch of the computation: what was added (``amount`` or ``given_back``), from which moment to which.

    ``kind`` is limit, extension or pause; ``pause`` the merged stretch that was given back.
    """

    kind: str
    start: datetime
    end: datetime
    amount: Limit | None = None
    given_back: timedelta = timedelta(0)
    pause: tuple[datetime, datetime] | None = None


def due_moment(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    counting: Counting = DEFAULT,
    *,
    ledger: Iterable[LedgerEntry] = (),
    as_at: datetime | None = None,
    trace: list[Stage] | None = None,
) -> datetime:
    """The UTC moment at which a clock of ``limit`` that started at ``started_at`` is due.

    1. The limit, with extensions in its own unit, counts from the start; extensions in other units follow.
    2. Pauses that begin before the moment so found give back the counted time inside them, overlaps once (time line 7).
    A pause still open is looked at ``as_at``; without that StillPaused is raised. ``trace`` receives the stages.
    Raises NaiveMoment, NegativeAmount, NeverOpens, BeyondCalendar.
    """
    try:
        stages = [] if trace is None else trace
        return _due_moment(
            limit, started_at, calendar, counting=counting, ledger=tuple(ledger), as_at=as_at, trace=stages
        )
    except OverflowError:
        raise BeyondCalendar(f"{limit} from {started_at.isoformat()} leads past the year 9999; shorten it.") from None


def _due_moment(
    limit: Limit,
    started_at: datetime,
    calendar: Calendar,
    *,
    counting: Counting,
    ledger: Sequence[LedgerEntry],
    as_at: datetime | None,
    trace: list[Stage],
) -> datetime:
    start = zones.aware(started_at).astimezone(UTC)
    standing = [entry for entry in ledger if entry.withdrawn_at is None]
    due = add(limit, start, calendar, counting=counting)
    trace.append(Stage(kind="limit", start=start, end=due, amount=limit))
    if not standing:
        return due
    for extension, total in _extensions(limit, standing):
        before = due
        due = add(total, start if extension.unit is limit.unit else due, calendar, counting=counting)
        trace.append(Stage(kind="extension", start=before, end=due, amount=extension))
    for paused_from, paused_to in _pauses(standing, start, as_at):
        if paused_from >= due:
            break
        if paused_to == NEVER:
            raise StillPaused(
                f"The clock has stood still since {paused_from.isoformat()}; it has no due moment until the pause ends."
            )
        inside = counted_between(limit.unit, paused_from, paused_to, calendar)
        before, due = due, _give_back(limit.unit, due, inside, calendar=calendar, counting=counting)
        trace.append(Stage(kind="pause", start=before, end=due, given_back=inside, pause=(paused_from, paused_to)))
    return due


def add(limit: Limit, start: datetime, calendar: Calendar, *, counting: Counting = DEFAULT) -> datetime:
    """The UTC moment ``limit`` after ``start``, by the unit's way of counting; raises as ``due_moment`` does."""
    _refuse_negative(limit)
    unit = limit.unit
    if unit in ELAPSED:
        return start.astimezone(UTC) + timedelta(seconds=limit.amount * SECONDS[unit])
    if unit in WORKING:
        seconds = limit.amount * SECONDS[unit]
        return working_time.add_working_seconds(calendar, start, seconds, at_close=counting.at_close)
    if unit is Unit.WORKING_DAYS:
        return working_time.add_working_days(calendar, start, limit.amount, counting=counting)
    day = rolled(calendar, calendar_date_due(limit, calendar.local(start).date(), counting=counting), counting.roll)
    return working_time.moment_on(calendar, day, counting.due_time)


def calendar_date_due(limit: Limit, day: date, *, counting: Counting = DEFAULT) -> date:
    """The date ``limit`` calendar days or months after ``day``, months clamped to the month's end (time line 5)."""
    less = timedelta(days=1 if counting.first_day and limit.amount else 0)
    if limit.unit is Unit.CALENDAR_DAYS:
        return day + timedelta(days=limit.amount) - less
    return add_months(day, limit.amount) - less


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later, or that month's last day where it has no such day (time line 5)."""
    number = day.year * 12 + day.month - 1 + months
    if number // 12 >= date.max.year:
        raise OverflowError
    last = (zones.first_day(number + 1) - timedelta(days=1)).day
    return zones.first_day(number).replace(day=min(day.day, last))


def rolled(calendar: Calendar, day: date, roll: str) -> date:
    """``day``, or the next ("forward") or last ("back") working day where it falls on a day off."""
    if roll == "stay" or calendar.is_working_day(day):
        return day
    if roll == "forward":
        return working_time.next_working_day(calendar, day)
    return working_time.previous_working_day(calendar, day)


def counted_between(unit: Unit, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """The time from ``start`` to ``end`` that a clock in ``unit`` counts: all, open hours, or the local clock's."""
    if unit in ELAPSED:
        return end - start
    if unit in DATES:
        local = calendar.local(end).replace(tzinfo=None) - calendar.local(start).replace(tzinfo=None)
        return max(local, timedelta(0))
    return working_time.working_time_between(calendar, start, end)


def is_breach(due_at: datetime, *, met_at: datetime | None, now: datetime) -> bool:
    """True when the duty was met after ``due_at`` or is unmet past it: the facts judge, not the sweep (time line 8)."""
    return (now if met_at is None else met_at) > due_at


def _give_back(unit: Unit, due: datetime, inside: timedelta, *, calendar: Calendar, counting: Counting) -> datetime:
    if not inside:
        return due
    if unit in ELAPSED:
        return due + inside
    if unit not in DATES:
        at_close = counting.at_close if unit in WORKING else "close"
        return working_time.add_working_time(calendar, due, inside, at_close=at_close)
    local = calendar.local(due).replace(tzinfo=None) + inside
    day = rolled(calendar, local.date(), counting.roll)
    return zones.localise(datetime.combine(day, local.time()), calendar.zone)


def _extensions(limit: Limit, standing: Sequence[LedgerEntry]) -> list[tuple[Limit, Limit]]:
    """Each extension by unit with what is to be added: in the limit's unit the new total, else the extension alone."""
    amounts: dict[Unit, int] = {}
    for entry in standing:
        if entry.extension is not None:
            amounts[entry.extension.unit] = amounts.get(entry.extension.unit, 0) + entry.extension.amount
    own = amounts.pop(limit.unit, 0)
    first = [(Limit(own, limit.unit), Limit(limit.amount + own, limit.unit))] if own else []
    rest = [Limit(amounts[unit], unit) for unit in EXTENSION_ORDER if amounts.get(unit)]
    return first + [(extension, extension) for extension in rest]


def _pauses(
    standing: Sequence[LedgerEntry], start: datetime, as_at: datetime | None
) -> list[tuple[datetime, datetime]]:
    """The pauses after ``start``, in order and overlaps merged; one still open that nobody looks at ends at NEVER."""
    merged: list[tuple[datetime, datetime]] = []
    found = [(entry.paused_from, entry.paused_to or as_at or NEVER) for entry in standing if entry.paused_from]
    for paused_from, paused_to in sorted(found):
        begin = max(paused_from, start)
        if paused_to <= begin:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], paused_to))
        else:
            merged.append((begin, paused_to))
    return merged


def _refuse_negative(limit: Limit) -> None:
    if limit.amount < 0:
        raise NegativeAmount(f"A limit of {limit} can't be; give a whole number from 0 up.")
