"""Reading TOML tables with care: every fault is kept with its place and a remedy, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from rules.errors import Fault
from rules.rulebook import Limit
from rules.vocabulary import Unit
from rules.words import nearest

Word = TypeVar("Word", bound=StrEnum)
# No number of more digits can be meant, and Python refuses to read one of thousands.
LIMIT = re.compile(r"(\d{1,9}) +([a-z ]+)", re.ASCII)
DURATION = re.compile(r"(\d{1,6}) +(second|minute|hour|day|week)s?", re.ASCII)
OFFSET = re.compile(r"(\d+ +[a-z]+) +(before|after)", re.ASCII)
LONGEST_SHOWN = 60
AT_ONCE = ("when due", "at once")
LIMIT_REMEDY = 'write a limit such as "24 hours", "1 working day", "45 working days" or "3 months"'
DURATION_REMEDY = 'write a time such as "30 minutes", "4 hours" or "2 days"'
OFFSET_REMEDY = 'write "2 hours before", "when due", "at once" or "6 hours after"'


class Faults:
    """The faults found so far."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, place: str, problem: str, remedy: str = "") -> None:
        """Keep one fault."""
        self.found.append(Fault(place=place, problem=problem, remedy=remedy))


class Table:
    """A TOML table at ``place``. Each reader returns the value; on a fault it keeps that and returns an empty value."""

    def __init__(self, values: Mapping[str, Any], place: str, faults: Faults) -> None:
        self.values, self.place, self.faults = values, place, faults

    def at(self, key: str) -> str:
        """The place of ``key`` in this table."""
        return f"{self.place}.{key}" if self.place else key

    def fault(self, key: str, problem: str, remedy: str = "") -> None:
        """Keep a fault about ``key``."""
        self.faults.add(self.at(key), problem, remedy)

    def only(self, *known: str) -> None:
        """Keep a fault for each key that is none of ``known``."""
        for key in self.values:
            if key not in known:
                self.fault(key, "no such key here", nearest(key, known))

    def text(self, key: str, *, remedy: str = "", default: str | None = None) -> str:
        """A text that is not blank."""
        value = self.values.get(key, default)
        if value is None:
            self.fault(key, "it is missing", remedy or f'write {key} = "..."')
        elif not isinstance(value, str):
            self.fault(key, f"{value!r} is no text", remedy or f'write {key} = "..." with quotation marks')
        elif not value.strip() and default is None:
            self.fault(key, "it is blank", remedy or f'write {key} = "..."')
        else:
            return " ".join(value.split()) if "\n" not in value else value.strip()
        return ""

    def truth(self, key: str) -> bool:
        """True or false; false where the key is missing."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"{value!r} is neither true nor false", f"write {key} = true or leave it out")
        return value is True

    def whole(self, key: str, *, least: int, default: int | None = None) -> int:
        """A whole number from ``least`` up."""
        value = self.values.get(key, default)
        if type(value) is int and value >= least:
            return value
        self.fault(
            key,
            f"{value!r} is no whole number from {least} up" if key in self.values else "it is missing",
            f"write {key} = {least}" if least else f"write {key} = 0 or more",
        )
        return least

    def day(self, key: str, *, needed: bool) -> date | None:
        """A date."""
        value = self.values.get(key)
        if type(value) is date or (value is None and not needed):
            return value
        self.fault(
            key,
            "it is missing" if value is None else f"{value!r} is no date",
            f"write {key} = 2009-01-01 without quotation marks",
        )
        return None

    def word(self, key: str, words: type[Word]) -> Word | None:
        """One of a vocabulary's words."""
        text = self.text(key, remedy=f"use one of: {', '.join(words)}")
        return self.as_word(key, text, words) if text else None

    def words(self, key: str, words: type[Word]) -> frozenset[Word]:
        """A list of a vocabulary's words."""
        found = (self.as_word(f"{key}[{at}]", text, words) for at, text in enumerate(self.texts(key)))
        return frozenset(word for word in found if word is not None)

    def as_word(self, key: str, text: str, words: type[Word]) -> Word | None:
        """The word of the vocabulary that ``text`` is."""
        if text in list(words):
            return words(text)
        self.fault(key, f"{_called(words)} {text!r} is not known", nearest(text, words))
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) and entry.strip() for entry in value):
            return tuple(value)
        self.fault(key, "a list of texts is needed", f'write {key} = ["...", "..."]')
        return ()

    def table(self, key: str, *, needed: str = "") -> Table:
        """A table below this one; ``needed`` is the remedy where it must not be missing."""
        value = self.values.get(key, {})
        if not isinstance(value, Mapping):
            self.fault(key, "a table is needed", needed or f"write [{self.at(key)}] and its keys below")
            value = {}
        elif not value and needed:
            self.fault(key, "it is missing or empty", needed)
        return Table(value, self.at(key), self.faults)

    def tables(self) -> Iterable[tuple[str, Table]]:
        """Every entry of this table as a table."""
        return [(key, self.table(key)) for key in self.values]

    def list_of_tables(self, key: str, *, remedy: str) -> list[Table]:
        """A list of tables."""
        value = self.values.get(key)
        if isinstance(value, list) and value and all(isinstance(entry, Mapping) for entry in value):
            return [Table(entry, f"{self.at(key)}[{at}]", self.faults) for at, entry in enumerate(value)]
        self.fault(key, "it is missing or empty" if not value else "a list of tables is needed", remedy)
        return []

    def limit(self, key: str) -> Limit | None:
        """A limit such as "45 working days"."""
        return self.parsed(key, limit_of, LIMIT_REMEDY)

    def duration(self, key: str, *, default: timedelta | None = None) -> timedelta | None:
        """A length of time such as "4 hours", more than none."""
        return self.parsed(key, duration_of, DURATION_REMEDY) if key in self.values else default

    def offset(self, key: str) -> timedelta | None:
        """A distance from the due moment such as "2 hours before"."""
        return self.parsed(key, offset_of, OFFSET_REMEDY)

    def parsed(self, key: str, read: Callable[[str], Result | None], remedy: str) -> Result | None:
        """What ``read`` makes of a text."""
        text = self.text(key, remedy=remedy)
        found = read(text) if text else None
        if text and found is None:
            shown = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
            self.fault(key, f"{shown!r} can't be read", remedy)
        return found


Result = TypeVar("Result", Limit, timedelta)


def limit_of(text: str) -> Limit | None:
    """The limit that a text such as "1 working day" names, or None."""
    match = LIMIT.fullmatch(text.strip().casefold())
    if match is None or int(match[1]) < 1:
        return None
    name = " ".join(match[2].split())
    return next((Limit(int(match[1]), unit) for unit in Unit if name in (unit, unit.removesuffix("s"))), None)


def duration_of(text: str) -> timedelta | None:
    """The length of time that a text such as "30 minutes" names, or None; a day is 24 hours."""
    match = DURATION.fullmatch(text.strip().casefold())
    if match is None or int(match[1]) < 1:
        return None
    return timedelta(**{f"{match[2]}s": int(match[1])})


def offset_of(text: str) -> timedelta | None:
    """The distance from the due moment that a text such as "2 hours before" names, negative before it, or None."""
    words = " ".join(text.casefold().split())
    if words in AT_ONCE:
        return timedelta(0)
    match = OFFSET.fullmatch(words)
    length = duration_of(match[1]) if match else None
    if match is None or length is None:
        return None
    return -length if match[2] == "before" else length


def _called(words: type[StrEnum]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", words.__name__).casefold().replace("event kind", "event")
