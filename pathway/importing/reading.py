"""From a file to its records: one pass, whatever the old system did to encoding, quotes and line ends."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathway.importing import decoding, workbook
from pathway.importing import shape as shapes
from pathway.importing.decoding import Decoding
from pathway.importing.layout import COLUMNS, NEEDED
from pathway.importing.shape import Shape
from pathway.importing.workbook import Cells
from rules.errors import Fault, InvalidInput

LONGEST_FIELD = 10_000_000
_GUARDED = re.compile(r"""'([\d ]+)|="([^"]*[^"\s][^"]*)"|(\d{8,})\.0+""")
FORMAT = "docs/import-format.md lists the columns; pathway/demo/data/contacts-2009-03.csv is an example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record: the physical line where it starts, its values by column, and how many it and the header have.

    ``others``: the values of columns that are not ours. ``misread``: the columns in which bytes had to be guessed.
    ``broken``: what is wrong with its quotation marks. ``errors``: what a cell of a workbook has instead of a value.
    """

    number: int
    values: Mapping[str, str]
    length: int
    columns: int
    others: Mapping[str, str] = field(default_factory=dict)
    misread: frozenset[str] = frozenset()
    broken: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as the reader finds it: its physical line, its values in order, and what is wrong with its quotes."""

    number: int
    row: list[str]
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file's records, and what the reader should know about how they were read."""

    lines: Iterator[Line]
    notes: tuple[str, ...]


def read(path: Path) -> Reading:
    """The records of a CSV file or of an Excel workbook in order.

    Raises InvalidInput for a file that is absent, empty, not text or without a column that is needed; and, while the
    lines are drawn, for a quotation mark that takes further lines with it or a field of more than ten million signs.
    """
    if _is_workbook(path):
        return _of_workbook(path)
    found = _decoding(path)
    with found.open(path) as file:
        shape = _checked(path, shapes.of(file))
    return Reading(lines=_lines(path, found, shape), notes=(*found.notes, *shape.notes))


def _is_workbook(path: Path) -> bool:
    try:
        return workbook.is_one(path)
    except OSError as error:
        raise InvalidInput.of(str(path), f"The file can't be read: {error.strerror}", "Check the name") from error


def _of_workbook(path: Path) -> Reading:
    sheet = workbook.read(path)
    shape = _checked(path, sheet.shape if sheet else None)
    records = sheet.records if sheet else ()
    name = sheet.name if sheet else ""
    return Reading(lines=_of_cells(records, shape), notes=(f"The sheet {name} was read.", *shape.notes))


def _of_cells(records: Sequence[Cells], shape: Shape) -> Iterator[Line]:
    columns = len(shape.names)
    for record in records:
        typed = dict(zip(shape.names, record.row, strict=False))
        yield Line(
            number=record.number,
            values={name: _unguarded(typed.get(name, "")) for name in COLUMNS},
            length=max(len(record.row), columns),
            columns=columns,
            others={name: typed[name] for name in typed if name and name not in COLUMNS},
            errors={shape.names[place]: told for place, told in record.errors.items() if place < columns},
        )


def _decoding(path: Path) -> Decoding:
    try:
        if path.stat().st_size == 0:
            raise InvalidInput.of(str(path), "The file is empty", "Export it again from the old system")
        found = decoding.of(path)
    except OSError as error:
        raise InvalidInput.of(str(path), f"The file can't be read: {error.strerror}", "Check the name") from error
    if found is None:
        remedy = "Save it as CSV in UTF-8 and try again"
        raise InvalidInput.of(str(path), "The file is not text in UTF-8 or Windows-1252", remedy)
    return found


def _checked(path: Path, shape: Shape | None) -> Shape:
    if shape is None:
        remedy = f"Values are parted by commas, semicolons or tabs, or stand in an Excel workbook; {FORMAT}"
        raise InvalidInput.of(str(path), "No line near the beginning names the columns", remedy)
    names = [name for name in shape.names if name]
    faults = [f"the column {name} is missing" for name in NEEDED if name not in names]
    faults += [f"the column {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]
    if faults:
        raise InvalidInput(Fault(place=str(path), problem=fault, remedy=FORMAT) for fault in faults)
    return shape


def _lines(path: Path, found: Decoding, shape: Shape) -> Iterator[Line]:
    with found.open(path) as file:
        records = _records(path, file, shape.delimiter)
        for _ in range(shape.before):
            if (header := next(records)).broken:
                raise _unreadable(path, header.number, header.broken)
        for record in records:
            typed = dict(zip(shape.names, record.row, strict=False))
            yield Line(
                number=record.number,
                values={name: _unguarded(decoding.guessed(typed.get(name, ""))) for name in COLUMNS},
                length=len(record.row),
                columns=len(shape.names),
                others={name: decoding.guessed(typed[name]) for name in typed if name not in COLUMNS},
                misread=frozenset(name for name in COLUMNS if found.names(typed.get(name, ""))),
                broken=record.broken,
            )


def _unguarded(value: str) -> str:
    """A number as it was before a spreadsheet was kept from it: '943 476 5919, ="9434765919", 9434765919.0."""
    found = _GUARDED.fullmatch(value.strip())
    return next(part for part in found.groups() if part) if found else value


def _records(path: Path, file: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Each record that is not blank.

    One that is broken within its own line is read as well as it can be; whoever checks it holds its contact back. One
    that ran over into further lines may have eaten those of other contacts, and stops the file.
    """
    csv.field_size_limit(LONGEST_FIELD)
    drawn: list[str] = []
    reader = csv.reader(_remembered(file, drawn), strict=True, delimiter=delimiter)
    while True:
        start = reader.line_num + 1
        drawn.clear()
        broken = ""
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if len(drawn) != 1 or _too_long(drawn[0]) or _runs_over(drawn[0], delimiter):
                raise _unreadable(path, start, error) from error
            broken, row = str(error), next(csv.reader(drawn, delimiter=delimiter))
        if any(value.strip() for value in row):
            yield Record(number=start, row=row, broken=broken)


def _remembered(file: Iterator[str], drawn: list[str]) -> Iterator[str]:
    for text in file:
        drawn.append(text)
        yield text


def _too_long(text: str) -> bool:
    return len(text) > LONGEST_FIELD


def _runs_over(text: str, delimiter: str) -> bool:
    """True where a quotation mark is still open at the end of the line, read as leniently as may be."""
    alone, with_more = (next(csv.reader(lines, delimiter=delimiter)) for lines in ([text], [text, "x"]))
    return alone[-1:] != with_more[-1:]


def _unreadable(path: Path, start: int, error: csv.Error | str) -> InvalidInput:
    remedy = "Look for a quotation mark that is not doubled or not closed"
    return InvalidInput.of(f"{path}, line {start}", f"The record can't be read: {error}", remedy)
