"""How a file is laid out: what parts its values, which record names the columns, and which columns it lacks."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from pathway.importing.layout import ADDED, COLUMNS, NEEDED

DELIMITERS = (",", ";", "\t")
LOOKED_AT = 10  # records: a "sep=" line, titles and blank lines stand before the names
_ENOUGH = 3  # names of ours by which a record is taken for that of the columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """``before`` records come before those of the children; ``names`` are ours where they mean ours."""

    delimiter: str
    before: int
    names: tuple[str, ...]

    @property
    def notes(self) -> Iterator[str]:
        """What the reader should know."""
        if self.delimiter != ",":
            yield f"Values are parted by {'tabs' if self.delimiter == chr(9) else 'semicolons'}."
        if self.before > 1:
            yield "Lines before the one that names the columns were passed over."
        if unknown := [name for name in self.names if name and name not in COLUMNS]:
            yield f"Columns that are not used: {', '.join(unknown)}."
        if missing := [name for name in COLUMNS if name not in (*self.names, *NEEDED, *ADDED)]:
            yield f"Columns that the file does not have, taken as blank: {', '.join(missing)}."


def of(file: TextIO) -> Shape | None:
    """The shape of a file, or None where nothing names the columns."""
    lines = list(islice(file, LOOKED_AT * 3))
    found = [shape for delimiter in DELIMITERS if (shape := _parted(lines, delimiter)) is not None]
    return max(found, key=lambda shape: len(set(shape.names) & set(COLUMNS)), default=None)


def _parted(lines: Sequence[str], delimiter: str) -> Shape | None:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(value.strip() for value in row)]
    except csv.Error:
        return None
    return of_rows(rows, delimiter=delimiter)


def of_rows(rows: Sequence[Sequence[str]], *, delimiter: str = ",") -> Shape | None:
    """The shape of a file by its first rows that are not blank; None where none of them names the columns."""
    for number, row in enumerate(rows[:LOOKED_AT], start=1):
        names = tuple(map(_name, row))
        if len(set(names) & set(COLUMNS)) >= _ENOUGH:
            return Shape(delimiter=delimiter, before=number, names=names)
    return None


def _name(text: str) -> str:
    """A column's name in ours, however it is written: Contact Ref, CONTACT_REF, contact-ref."""
    return re.sub(r"[\s_\-]+", "_", text.replace("\ufeff", "").strip().casefold()).strip("_")
