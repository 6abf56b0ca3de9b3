"""A list as a file: exactly what is filtered, in the chosen order, without what is restricted, and that said.

Rows are read page by page and kept in a file of the machine's as soon as they are many, so that memory stays bounded.
Each child in the file is named in the access log before the file leaves.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

from starlette.responses import Response, StreamingResponse

from pathway.importing import workbook_writer
from pathway.reports.cells import plain
from pathway.web.visit import Visit
from storage.queries.keyset import Place, Slice, Wanted

AT_ONCE = 500
MOST = 50_000
IN_MEMORY = 2_000_000
CHUNK = 64 * 1024
CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a file, and the children whom it is about."""

    cells: Sequence[str]
    children: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list as a file: its name, its columns, and its rows one after the other, ``most`` of them."""

    name: str
    columns: Sequence[str]
    records: Iterable[Record]
    most: int = MOST


@dataclass(slots=True, kw_only=True)
class Rows:
    """The rows as they go into a file; ``closed`` are the children whose record is closed to whoever takes it.

    Afterwards ``left_out`` says how many of their rows it does not hold, and ``shown`` which children it names.
    """

    table: Table
    closed: frozenset[int]
    left_out: int = 0
    shown: set[int] = field(default_factory=set)

    def __iter__(self) -> Iterator[Sequence[str]]:
        yield self.table.columns
        written = 0
        for record in self.table.records:
            if not record.children.isdisjoint(self.closed):
                self.left_out += 1
                continue
            if written == self.table.most:
                yield [f"The list goes on: {self.table.most:,} rows are written at most. Narrow it to have the others."]
                break
            written += 1
            self.shown |= record.children
            yield [plain(_CONTROL.sub(" ", cell)) for cell in record.cells]
        yield [f"{written:,} {'row' if written == 1 else 'rows'}. {said(self.left_out)}"]


def said(left_out: int) -> str:
    """What is said of the restricted records that a file does not hold."""
    if not left_out:
        return "No restricted record is left out."
    return f"{left_out:,} restricted {'record is' if left_out == 1 else 'records are'} left out."


def chunks(page: Callable[[Wanted], Slice], *, at_once: int = AT_ONCE) -> Iterator[Sequence[Any]]:
    """Every row of a list, some at once."""
    place: Place | None = None
    while True:
        found = page(Wanted(size=at_once, place=place))
        yield found.rows
        if found.after is None:
            return
        place = found.after


def walk(page: Callable[[Wanted], Slice], *, at_once: int = AT_ONCE) -> Iterator[Any]:
    """Every row of a list, one after the other."""
    for rows in chunks(page, at_once=at_once):
        yield from rows


def answer(visit: Visit, table: Table) -> Response:
    """The file, as CSV or where ``as`` asks for it as a workbook. The look is kept before anything is sent."""
    kind = XLSX if visit.request.query_params.get("as") == XLSX else CSV
    rows = Rows(table=table, closed=visit.closed)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    if kind == XLSX:
        workbook_writer.write(file, [(table.name, rows)])
    else:
        _write_csv(file, rows)
    visit.showed(rows.shown)
    file.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{table.name}.{kind}"'}
    return StreamingResponse(_sent(file), media_type=TYPES[kind], headers=headers)


def _write_csv(file: IO[bytes], rows: Rows) -> None:
    # The mark at the beginning, without which spreadsheets take UTF-8 for something else.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    csv.writer(text).writerows(rows)
    text.detach()


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
