"""Rows of text as an Excel workbook, row by row, so that very many need no more memory than few.

Every cell is text: a spreadsheet works out none of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import IO

from rules.errors import Refused

Sheet = tuple[str, Iterable[Sequence[str]]]
"""A name and its rows."""
LONGEST_NAME = 31
LONGEST_CELL = 32_767
_NOT_IN_NAMES = dict.fromkeys(map(ord, "[]:*?/\\"), " ")


def written(sheets: Sequence[Sheet]) -> bytes:
    """The workbook of these sheets. Raises Refused."""
    file = io.BytesIO()
    write(file, sheets)
    return file.getvalue()


def write(file: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Writes the workbook of these sheets; the first row of each is its head. Raises Refused."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
    except ImportError:
        raise Refused(["Workbooks can't be written: there is no openpyxl. Take the CSV file."]) from None
    book, bold = Workbook(write_only=True), Font(bold=True)
    for name, rows in sheets:
        sheet = book.create_sheet(name.translate(_NOT_IN_NAMES)[:LONGEST_NAME])
        sheet.freeze_panes = "A2"
        for number, row in enumerate(rows):
            cells = [WriteOnlyCell(sheet, _readable(cell)) for cell in row]
            for cell in cells:
                cell.data_type = "s"
                if number == 0:
                    cell.font = bold
            sheet.append(cells)
    book.save(file)


def _readable(text: str) -> str:
    """The text without signs that a workbook can't hold."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")[:LONGEST_CELL]
