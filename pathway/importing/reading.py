"""From a file to its records: one pass, whatever the old system did to encoding, quotes and line ends."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pathway.importing.layout import COLUMNS
from rules.errors import Fault, InvalidInput

LONGEST_FIELD = 10_000_000
BLOCK = 1 << 20
WINDOWS = "The file is not UTF-8; it was read as Windows-1252. Look at a name with an accent before you rely on it."
FORMAT = "docs/import-format.md lists the columns; pathway/demo/data/contacts-2009-03.csv is an example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One record: the physical line where it starts, its values by column, and how many it and the header have."""

    number: int
    values: Mapping[str, str]
    length: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A file's records, and what the reader should know about how they were read."""

    lines: Iterator[Line]
    notes: tuple[str, ...]


def read(path: Path) -> Reading:
    """The records of a CSV file in order.

    Raises InvalidInput for a file that is absent, empty, not text or without the columns; and, while the lines are
    drawn, for a quote that is never closed or a field of more than ten million characters.
    """
    encoding = _encoding(path)
    names = _header(path, encoding)
    notes = []
    if encoding == "cp1252":
        notes.append(WINDOWS)
    if unknown := [name for name in names if name and name not in COLUMNS]:
        notes.append(f"Columns that are not used: {', '.join(unknown)}.")
    return Reading(lines=_lines(path, encoding, names), notes=tuple(notes))


def _encoding(path: Path) -> str:
    try:
        if path.stat().st_size == 0:
            raise InvalidInput.of(str(path), "The file is empty", "Export it again from the old system")
        return next(name for name in ("utf-8-sig", "cp1252") if _decodes(path, name))
    except OSError as error:
        raise InvalidInput.of(str(path), f"The file can't be read: {error.strerror}", "Check the name") from error
    except StopIteration:
        raise InvalidInput.of(
            str(path), "The file is not text in UTF-8 or Windows-1252", "Save it as CSV in UTF-8 and try again"
        ) from None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                if b"\0\0" in block or block[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _header(path: Path, encoding: str) -> list[str]:
    with path.open(encoding=encoding, newline="") as file:
        names = [name.strip().casefold() for name in next(_rows(path, file), (0, []))[1]]
    faults = [f"the column {name} is missing" for name in COLUMNS if name not in names]
    faults += [f"the column {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1 and name]
    if len(faults) >= len(COLUMNS) - 1:
        remedy = f"Values are parted by commas; {FORMAT}"
        raise InvalidInput.of(str(path), "The first line does not name the columns", remedy)
    if faults:
        raise InvalidInput(Fault(place=str(path), problem=fault, remedy=FORMAT) for fault in faults)
    return names


def _lines(path: Path, encoding: str, names: list[str]) -> Iterator[Line]:
    with path.open(encoding=encoding, newline="") as file:
        rows = _rows(path, file)
        next(rows)
        for number, row in rows:
            values = {name: value for name, value in zip(names, row, strict=False) if name in COLUMNS}
            whole = {name: values.get(name, "") for name in COLUMNS}
            yield Line(number=number, values=whole, length=len(row), columns=len(names))


def _rows(path: Path, file: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not blank, with the physical line where it starts."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(file, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            remedy = "Look for a quotation mark that is not doubled or not closed"
            raise InvalidInput.of(f"{path}, line {start}", f"The record can't be read: {error}", remedy) from error
        if any(value.strip() for value in row):
            yield start, row
