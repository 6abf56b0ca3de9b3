"""Tables as files for a spreadsheet: no cell that it would take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")  # the last four are the first four in full width
Rows = Iterable[Sequence[str]]


def plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return f"'{cell}" if cell.lstrip(" ")[:1] in FORMULA else cell


def as_csv(rows: Rows, *, end: str = "\r\n") -> str:
    """The rows as CSV; ``end``: what a line ends with."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=end)
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return file.getvalue()


def as_bytes(rows: Rows) -> bytes:
    """The same with the mark at the beginning, without which spreadsheets take UTF-8 for something else."""
    return as_csv(rows).encode("utf-8-sig")
