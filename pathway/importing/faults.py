"""What is odd in a file, said so that somebody can find the line and mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from pathway.importing.problems import Problem
from pathway.importing.reading import Line

LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFault:
    """One odd value. ``line`` is the physical line where its record starts; ``held_back``: the contact waits for it."""

    line: int
    contact_ref: str
    column: str
    value: str
    problem: str
    remedy: str
    held_back: bool

    def as_json(self) -> dict[str, object]:
        """The fault as the last line of ``--json`` spells it."""
        return asdict(self)


def quoted(value: str) -> str:
    """``value`` short enough to print: at most 200 characters, then how long it is."""
    if len(value) <= LONGEST_QUOTE:
        return value
    return f"{value[:LONGEST_QUOTE]}… ({len(value):,} characters)"


def fault(
    ref: str, number: int, column: str, problem: Problem, *, value: str, fields: Mapping[str, object]
) -> ImportFault:
    """The fault of one contact at one line and column; ``fields`` fill the braces of the problem."""
    return ImportFault(
        line=number,
        contact_ref=ref,
        column=column,
        value=quoted(value),
        problem=problem.text.format_map(fields),
        remedy=problem.remedy.format_map(fields),
        held_back=problem.holds_back,
    )


class FaultList:
    """The faults of one contact, in the order in which they were found."""

    def __init__(self, contact_ref: str) -> None:
        self.contact_ref = contact_ref
        self.faults: list[ImportFault] = []

    def add(self, line: Line, column: str, problem: Problem, /, **fields: object) -> None:
        """Note what is odd about one column of a line."""
        value = line.values[column]
        self.faults.append(fault(self.contact_ref, line.number, column, problem, value=value, fields=fields))

    def add_other(self, line: Line, column: str, problem: Problem, *, value: str) -> None:
        """Note what is odd about a column that is not ours."""
        fields = {"column": column, "value": quoted(value.replace("\0", ""))}
        self.faults.append(fault(self.contact_ref, line.number, column, problem, value=value, fields=fields))

    @property
    def held_back(self) -> bool:
        """True when any fault holds the contact back."""
        return any(fault.held_back for fault in self.faults)
