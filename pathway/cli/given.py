"""What was given with a command, read: a word out of a list, a day, a period. A fault names its place and a remedy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from rules.errors import InvalidInput
from rules.words import nearest

Known = TypeVar("Known", bound=str)


def one_of(text: str, known: Iterable[Known], place: str, problem: str) -> Known:
    """The known word that ``text`` is, however its parts are joined: ``duty-manager``, ``Duty manager``."""
    words, names = _apart(text), tuple(known)
    found = next((name for name in names if _apart(name) == words), None)
    if found is None:
        raise InvalidInput.of(place, problem, nearest(words, names).capitalize())
    return found


def _apart(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def day(text: str, place: str, example: str = "2009-03-31") -> date:
    """The day of an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput.of(place, f"{text!r} is not a day", f"Write it as {example}") from None


def period(start: str, end: str) -> tuple[date, date]:
    """The first and the last day of --from and --to."""
    first, last = day(start, "--from"), day(end, "--to")
    if last < first:
        raise InvalidInput.of("--to", "The last day is before the first", "Exchange the two")
    return first, last
