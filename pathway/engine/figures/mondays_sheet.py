"""Monday's sheet: every figure of a period from one question, each number with the condition of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pathway.engine.figures import figure_list
from pathway.engine.figures.figure_list import Naming
from rules.figures import derive
from rules.figures.definitions import Definition
from rules.figures.periods import DAY, Period
from rules.rulebook import Rulebook
from storage.queries.figures import figure_rows
from storage.queries.figures.figure_rows import Wanted
from storage.queries.staff import worker_names
from storage.sessions import ReadSession, WriteSession

Counts = Mapping[tuple[str, str], int]
# In the order of the sheet. Duties come before these.
_WHOLE = (derive.CONTACTS, derive.CHILDREN, derive.OUTCOMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number: what it counts, by which condition, and its share of its figure in percent (None of nothing)."""

    name: str
    part: str
    wanted: Wanted
    count: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One figure: all of it, and its parts."""

    definition: Definition
    total: Line
    lines: Sequence[Line]

    def line(self, part: str) -> Line:
        """The line of one part."""
        return next(one for one in self.lines if one.part == part)

    @property
    def highest(self) -> int:
        """The highest number of a part, 0 where there is none: what a chart is drawn against."""
        return max((one.count for one in self.lines), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The figures of one period as they stood at ``as_at``. ``uncounted``: contacts that are still being counted."""

    period: Period
    as_at: datetime
    tables: Mapping[str, Table]
    days: Sequence[Line]
    uncounted: int

    @property
    def duties(self) -> Sequence[Table]:
        """The figures of the duties of which anything fell due, and of decision and feedback always."""
        return [table for key, table in self.tables.items() if key.startswith(derive.CLOCK)]

    def table(self, key: str) -> Table:
        """One figure."""
        return self.tables[key]

    @property
    def definitions(self) -> Sequence[Definition]:
        """What every figure on the sheet means."""
        return [table.definition for table in self.tables.values()]


def measure(session: ReadSession | WriteSession, book: Rulebook, period: Period, *, now: datetime) -> Sheet:
    """Every figure of the period."""
    today = derive.local(now).date()
    counts = figure_rows.counts(session, period.start, period.end)
    naming = Naming(book=book, workers=worker_names.by_number(session))
    maker = _Maker(period=period, today=today, naming=naming, counts=_judged(session, counts, period, today))
    kinds = sorted({figure.removeprefix(derive.CLOCK) for figure, _ in counts if figure.startswith(derive.CLOCK)})
    defined = figure_list.defined(book, kinds)
    tables = {key: maker.table(defined[key]) for key in _order(defined)}
    return Sheet(
        period=period,
        as_at=now,
        tables={key: table for key, table in tables.items() if _stands(table)},
        days=list(maker.days(session, defined[derive.CONTACTS])),
        uncounted=figure_rows.waiting(session),
    )


def _judged(session: ReadSession | WriteSession, counts: Counts, period: Period, today: date) -> Counts:
    """The counts; of what is judged those of days that are over."""
    if period.end <= today:
        return counts
    later = figure_rows.counts(session, max(today, period.start), period.end)
    judged = {key for key in later if key[0].startswith(derive.CLOCK) or key[0] == derive.REASONS}
    return {key: number - (later[key] if key in judged else 0) for key, number in counts.items()}


def _order(defined: Mapping[str, Definition]) -> Iterator[str]:
    yield from _WHOLE
    yield from (key for key in defined if key.startswith(derive.CLOCK))
    yield from (key for key in defined if key not in _WHOLE and not key.startswith(derive.CLOCK))


def _stands(table: Table) -> bool:
    """A duty of which nothing fell due is left out, unless it is one of the two that the plan promised."""
    key = table.definition.key
    promised = key in (f"{derive.CLOCK}decision", f"{derive.CLOCK}feedback")
    return promised or not key.startswith(derive.CLOCK) or table.total.count > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """What makes the tables of one sheet."""

    period: Period
    today: date
    naming: Naming
    counts: Counts

    def table(self, definition: Definition) -> Table:
        """One figure with its parts: those that it always has, or those of which there are any."""
        there = {part: number for (figure, part), number in self.counts.items() if figure == definition.key and number}
        parts = definition.parts or sorted(there, key=_in_order)
        known = {part: there.get(part, 0) for part in (*parts, *(one for one in sorted(there) if one not in parts))}
        whole = sum(known.values())
        return Table(
            definition=definition,
            total=Line(name=definition.title, part="", wanted=self._wanted(definition), count=whole, share=None),
            lines=[self._line(definition, part, number, whole) for part, number in known.items()],
        )

    def _line(self, definition: Definition, part: str, number: int, whole: int) -> Line:
        name = figure_list.part_name(definition, part, self.naming)
        share = round(100 * number / whole, 1) if whole else None
        return Line(name=name, part=part, wanted=self._wanted(definition, part), count=number, share=share)

    def _wanted(self, definition: Definition, *parts: str) -> Wanted:
        return figure_list.wanted(definition, self.period, *parts, today=self.today)

    def days(self, session: ReadSession | WriteSession, contacts: Definition) -> Iterator[Line]:
        """The contacts of each day of the period, days without any as well."""
        found = figure_rows.by_day(session, self._wanted(contacts))
        for number in range(self.period.days):
            day = self.period.start + number * DAY
            only = Period(start=day, end=day + DAY)
            wanted = figure_list.wanted(contacts, only, today=self.today)
            yield Line(
                name=f"{day:%a} {day.day} {day:%b %Y}", part="", wanted=wanted, count=found.get(day, 0), share=None
            )


def _in_order(part: str) -> tuple[int, str]:
    digits = "".join(sign for sign in part if sign.isdigit())
    return int(digits or 0), part
