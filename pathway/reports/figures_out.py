"""Monday's sheet and the rows behind a figure as tables of text, for files, for machines and for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from pathway.engine.figures import figure_list
from pathway.engine.figures.figure_list import Naming
from pathway.engine.figures.mondays_sheet import Line, Sheet, Table
from rules.figures import derive
from rules.figures.definitions import Definition
from rules.timing import spoken
from storage.queries.figures.figure_rows import Listed

HEAD = ("Figure", "Part", "Number", "Share in percent")
ROW_HEAD = ("Child", "Reference", "Counted as", "When", "Due or opened", "Done", "Late by", "Reason", "By")
DEFINITION_HEAD = ("Figure", "What it counts", "Source")
SHUT = "Restricted"


def rows(sheet: Sheet) -> Iterator[Sequence[str]]:
    """The sheet as a table: each figure, its parts, and the contacts of each day."""
    yield HEAD
    for table in sheet.tables.values():
        yield (table.definition.title, "", str(table.total.count), "")
        yield from ((table.definition.title, *_cells(line)) for line in table.lines)
    yield from (("Contacts received by day", line.name, str(line.count), "") for line in sheet.days)


def _cells(line: Line) -> tuple[str, str, str]:
    return line.name, str(line.count), "" if line.share is None else f"{line.share}"


def definitions(sheet: Sheet) -> Iterator[Sequence[str]]:
    """What each figure counts, and its source."""
    yield DEFINITION_HEAD
    yield from ((one.title, one.words, one.source) for one in sheet.definitions)


def about(sheet: Sheet) -> str:
    """The period and the moment in a sentence."""
    period = sheet.period
    days = f"{day(period.start)} to {day(period.last)}" if period.days > 1 else day(period.start)
    return f"{days}, as it stood on {moment(sheet.as_at)}"


def as_json(sheet: Sheet) -> dict[str, object]:
    """Plain values; the moment in UTC, days as they are in London, the last one included."""
    return {
        "from": sheet.period.start.isoformat(),
        "to": sheet.period.last.isoformat(),
        "as_at": sheet.as_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "still_to_be_counted": sheet.uncounted,
        "figures": {key: _table(table) for key, table in sheet.tables.items()},
        "contacts_by_day": {line.wanted.start.isoformat(): line.count for line in sheet.days},
    }


def _table(table: Table) -> dict[str, object]:
    return {
        "title": table.definition.title,
        "total": table.total.count,
        "parts": {line.part: {"name": line.name, "number": line.count, "percent": line.share} for line in table.lines},
        "counts": table.definition.words,
        "source": table.definition.source,
    }


def as_text(sheet: Sheet) -> Iterator[str]:
    """The sheet line by line, for a terminal."""
    yield about(sheet)
    if sheet.uncounted:
        yield f"{sheet.uncounted} contacts that changed are still being counted."
    for table in sheet.tables.values():
        yield ""
        yield f"{table.definition.title}: {table.total.count}"
        for line in table.lines:
            share = "" if line.share is None else f"{line.share} %"
            yield f"  {line.name[:60]:<60}{line.count:>9}{share:>9}"


def listed(
    lines: Iterable[Listed], definition: Definition, naming: Naming, *, now: datetime
) -> Iterator[Sequence[str]]:
    """The rows behind a figure, each with the names of its children."""
    yield ROW_HEAD
    for line in lines:
        yield (
            "; ".join(_name(person) for _, person in line.children),
            "; ".join(referral.ref for referral, _ in line.children),
            figure_list.part_name(definition, line.row.part, naming),
            "" if definition.key == derive.CASELOADS else moment(line.row.at),
            moment(line.row.due_at),
            moment(line.row.done_at),
            late_by(line, now=now),
            reason(line, naming),
            line.by,
        )


def _name(person: object) -> str:
    return f"{getattr(person, 'forename', '')} {getattr(person, 'surname', '')}".strip() or "Name not known"


def late_by(line: Listed, *, now: datetime) -> str:
    """By how much something was done after it was due, or is late now; empty where it was in time."""
    row = line.row
    if row.due_at is None or row.figure == derive.ALERTS:
        return ""
    late = (row.done_at or now) - row.due_at
    return spoken.length_words(late) if late.total_seconds() > 0 else ""


def reason(line: Listed, naming: Naming) -> str:
    """Why it was late, in the words of the book and of whoever said so."""
    if line.why is None:
        return ""
    words = naming.book.late_reasons.get(line.why.reason, line.why.reason)
    return f"{words}: {line.why.words}" if line.why.words else words


def day(one: object) -> str:
    """Such as ``2 March 2009``."""
    return f"{one.day} {one:%B %Y}"  # type: ignore[attr-defined]


def moment(at: datetime | None) -> str:
    """Such as ``2009-03-27 16:40`` on the wall in London; empty for None."""
    return f"{derive.local(at):%Y-%m-%d %H:%M}" if at is not None else ""


def left_out(hidden: int, *, cut: bool) -> Iterator[Sequence[str]]:
    """The last lines of a file: what it does not hold."""
    if hidden:
        yield (hidden_words(hidden),)
    if cut:
        yield ("There are more: ask for a shorter period.",)


def hidden_words(hidden: int) -> str:
    """How many rows there are that somebody may not see."""
    return f"and {hidden} that you may not see: the record is restricted"
