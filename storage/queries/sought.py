"""What somebody searches for, in bounds that every database can take."""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 200
MOST_WORDS = 20


def phrase(text: str) -> str:
    """The beginning of what was typed, without a NUL, which PostgreSQL can't take."""
    return text.replace("\x00", "").strip()[:LONGEST]


def words(text: str) -> Sequence[str]:
    """The words of what was typed, the first twenty."""
    return phrase(text).split()[:MOST_WORDS]
