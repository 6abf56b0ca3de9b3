"""Small helps with words: the nearest known name, amounts of time in English, and a child who is not born yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """A remedy that offers the known name nearest to ``word``, or all of them where none is near."""
    names = sorted(str(name) for name in known)
    close = get_close_matches(word.strip().casefold(), names, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(names)}"


def counted(number: int, one: str, many: str = "") -> str:
    """An amount with its noun: ``1 child``, ``3 children``, ``12,000 contacts``."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def unborn(mother: str, due: date) -> str:
    """An unborn child without a name: ``Unborn baby of Ann Reed, due 20 Jan 2027``."""
    return f"Unborn {f'baby of {mother}' if mother else 'child'}, due {due.day} {due:%b %Y}"
