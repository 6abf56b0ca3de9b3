"""Free text is kept as it was typed; what looks like a trick or an accident is named."""

from __future__ import annotations

from pathway.importing import problems, values
from pathway.importing.faults import FaultList
from pathway.importing.layout import COLUMNS, FREE_TEXT
from pathway.importing.reading import Line

VERY_LONG = 10_000


def look_through(line: Line, faults: FaultList, *, said: set[tuple[str, str]]) -> None:
    """Name what is odd in a line's text, each value of a contact once; ``said`` remembers."""
    for column in COLUMNS:
        text = line.values[column]
        if text.strip() and (column, text) not in said:
            said.add((column, text))
            _look_whether_text(line, column, faults)
            if column in FREE_TEXT:
                _look_at(line, column, faults)


def _look_whether_text(line: Line, column: str, faults: FaultList) -> None:
    if column in line.misread:
        faults.add(line, column, problems.NOT_UTF_8)
    if "\0" in line.values[column]:
        faults.add(line, column, problems.NUL)


def _look_at(line: Line, column: str, faults: FaultList) -> None:
    text = line.values[column]
    if values.starts_like_a_formula(text):
        faults.add(line, column, problems.FORMULA)
    if values.holds_markup(text):
        faults.add(line, column, problems.MARKUP)
    if len(text) > VERY_LONG:
        faults.add(line, column, problems.VERY_LONG, length=f"{len(text):,}")


def kept(text: str) -> str:
    """``text`` without the spaces around it, and without NUL, which PostgreSQL refuses."""
    return text.replace("\0", "").strip()
