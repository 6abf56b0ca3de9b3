"""The named options where systems differ in how they count; ``docs/rulebook.md`` explains each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.errors import TimeError
from rules.rulebook import Counting
from rules.timing import calendar_terms
from rules.toml_tables import Table

OPTIONS: Mapping[str, tuple[object, ...]] = {
    "at_close": ("close", "next opening"),
    "day_off_receipt": ("next working day", "that day"),
    "first_day": (0, 1),
    "roll": ("stay", "forward", "back"),
}
KEYS = (*OPTIONS, "due_time")


def problem_with(key: str, value: Any) -> str:
    """What is wrong with an option's value, or the empty string."""
    if key == "due_time":
        return _time_problem(value)
    known = OPTIONS[key]
    if any(value == option and type(value) is type(option) for option in known):
        return ""
    return f"{value!r} is none of {', '.join(map(repr, known))}"


def _time_problem(value: Any) -> str:
    if value == "":
        return ""
    try:
        calendar_terms.seconds_of_day(value)
    except TimeError as error:
        return str(error).partition(";")[0]
    return ""


def from_terms(terms: Mapping[str, Any]) -> Counting:
    """The options among plain terms, other keys being left alone; raises TimeError for an unknown value."""
    chosen = {key: terms[key] for key in KEYS if key in terms}
    for key, value in chosen.items():
        if problem := problem_with(key, value):
            raise TimeError(f"{key}: {problem}.")
    return Counting(**chosen)


def read(table: Table) -> Counting:
    """The options of a book's clock; faults stay with the table."""
    table.only(*KEYS)
    chosen: dict[str, Any] = {}
    for key in KEYS:
        if key in table.values:
            problem = problem_with(key, table.values[key])
            if problem:
                table.fault(key, problem, _remedy(key))
            else:
                chosen[key] = table.values[key]
    return Counting(**chosen)


def _remedy(key: str) -> str:
    return (
        f"use one of: {', '.join(map(repr, OPTIONS[key]))}" if key in OPTIONS else 'write a time of day such as "17:00"'
    )
