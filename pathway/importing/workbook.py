"""An Excel workbook as rows of text: typed cells are written as the importer reads them, errors are named."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from pathway.importing import shape as shapes
from pathway.importing.shape import Shape
from rules.errors import InvalidInput

# Local: more than a hundred times what a year of a large council's contacts takes.
LARGEST = 300_000_000
MOST_PARTS = 10_000
NO_VALUE = "a formula that was never worked out"
_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HALF_A_SECOND = timedelta(milliseconds=500)
_UNREADABLE = (zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, TypeError, AttributeError, EOFError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One row that is not blank: its number in the sheet, its values, and what is wrong with some, by their place."""

    number: int
    row: Sequence[str]
    errors: dict[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The sheet whose headers name our columns; ``records`` come after them."""

    name: str
    shape: Shape
    records: Sequence[Cells]


def is_one(path: Path) -> bool:
    """True for a workbook. Raises InvalidInput for one of before 2007 or under a password, OSError."""
    with path.open("rb") as file:
        begins = file.read(4)
    if begins == _OLD:
        remedy = "Save it as .xlsx without a password, or as CSV in UTF-8"
        raise InvalidInput.of(str(path), "The workbook is under a password, or older than .xlsx", remedy)
    return begins == _ZIP


def read(path: Path, *, largest: int = LARGEST) -> Sheet | None:
    """The sheet with the children, None where no sheet names the columns. Raises InvalidInput for an odd workbook."""
    try:
        _refuse_huge(path, largest)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what of a workbook's looks it leaves out
            found = list(_sheets(path))
    except ImportError as error:
        remedy = "Install it with: pip install openpyxl; or save the sheet as CSV in UTF-8"
        raise InvalidInput.of(str(path), "Workbooks can't be read: there is no openpyxl", remedy) from error
    except _UNREADABLE as error:
        remedy = "Open it in a spreadsheet and save it as .xlsx again, or as CSV in UTF-8"
        raise InvalidInput.of(str(path), "The workbook can't be read", remedy) from error
    if len(found) > 1:
        problem = f"Several sheets name the columns: {', '.join(sheet.name for sheet in found)}"
        raise InvalidInput.of(str(path), problem, "Leave only the one that is to be imported")
    return found[0] if found else None


def _refuse_huge(path: Path, largest: int) -> None:
    with zipfile.ZipFile(path) as parts:
        sizes = [part.file_size for part in parts.infolist()]
    if len(sizes) > MOST_PARTS or sum(sizes) > largest:
        problem = f"The workbook is {sum(sizes):,} bytes large when it is unpacked; at most {largest:,} are read"
        raise InvalidInput.of(str(path), problem, "Save the sheet as CSV in UTF-8, or split it")


def _sheets(path: Path) -> Iterator[Sheet]:
    """Values come from one reading, whether a formula has one from another."""
    import openpyxl

    told, meant = (openpyxl.load_workbook(path, read_only=True, data_only=values) for values in (True, False))
    try:
        for sheet, formulas in zip(told.worksheets, meant.worksheets, strict=True):
            rows = _rows(sheet, formulas)
            first = [cells for _, cells in zip(range(shapes.LOOKED_AT), rows, strict=False)]
            if (shape := shapes.of_rows([cells.row for cells in first])) is not None:
                yield Sheet(name=sheet.title, shape=shape, records=[*first[shape.before :], *rows])
    finally:
        told.close()
        meant.close()


def _rows(sheet: Any, formulas: Any) -> Iterator[Cells]:
    for one in (sheet, formulas):
        one.reset_dimensions()  # what a file says of its own size need not be so
    pairs = zip(sheet.iter_rows(), formulas.iter_rows(), strict=True)
    for number, (cells, written) in enumerate(pairs, start=1):
        row = [_text(cell) for cell in cells]
        errors = {place: _error(cell, written[place]) for place, cell in enumerate(cells)}
        odd = {place: error for place, error in errors.items() if error}
        while row and not row[-1].strip() and len(row) - 1 not in odd:
            row.pop()
        if row:
            yield Cells(number=number, row=row, errors=odd)


def _error(cell: Any, written: Any) -> str:
    if cell.data_type == "e":
        return str(cell.value)
    return NO_VALUE if written.data_type == "f" and cell.value is None else ""


def _text(cell: Any) -> str:
    """A cell as the importer reads it: Y and N, ISO dates with the time where the cell shows one, whole numbers."""
    from openpyxl.utils.escape import unescape

    match cell.value:
        case None:
            return ""
        case bool() as known:
            return "Y" if known else "N"
        case datetime() as at:
            return _moment(at, shows_time="h" in (cell.number_format or "").lower())
        case float() as number if number.is_integer():
            return str(int(number))
        case str() as text:
            return str(unescape(text))
        case other:
            return str(other)


def _moment(at: datetime, *, shows_time: bool) -> str:
    whole = (at + _HALF_A_SECOND).replace(microsecond=0)  # a spreadsheet keeps a time as a fraction of a day
    return str(whole if shows_time or whole.time() != time() else whole.date())
