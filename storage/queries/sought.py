"""What somebody searches for, in bounds that every database can take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import and_, col, or_

from rules.likeness import search_words
from storage.folding import plain

LONGEST = 200
MOST_WORDS = 20


def phrase(text: str) -> str:
    """The beginning of what was typed, without a NUL, which PostgreSQL can't take."""
    return text.replace("\x00", "").strip()[:LONGEST]


def holds(word: str, *places: Any) -> Any:
    """The condition that one of these columns has a word as typed, or as everybody reads it: Łukasz as Lukasz.

    Of a word of several parts (O’Brien-Łoś) each must be there.
    """
    parts = search_words.asked(word).split()
    typed = [col(place).icontains(word, autoescape=True) for place in places]
    folded = [and_(*(plain(place).contains(part, autoescape=True) for part in parts)) for place in places if parts]
    return or_(*typed, *folded)


def words(text: str) -> Sequence[str]:
    """The words of what was typed, the first twenty."""
    return phrase(text).split()[:MOST_WORDS]
