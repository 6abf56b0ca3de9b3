"""Rows of text as an Excel workbook, one sheet, written row by row so that very many need no more memory than few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO

from rules.errors import Refused

NO_LIBRARY = "Workbooks can't be written: there is no openpyxl. Take the CSV file, or install openpyxl."


def write(file: IO[bytes], title: str, rows: Iterable[Sequence[str]]) -> None:
    """Writes the workbook. Cells are texts that ``cells.plain`` has been over. Raises Refused without openpyxl."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError as error:
        raise Refused([NO_LIBRARY]) from error
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.data_type = "s"  # else a text that begins with = would be kept as a formula
        sheet.append(cells)
    book.save(file)
