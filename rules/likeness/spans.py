"""Stretches of words in the order of the alphabet: what an index looks up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LAST = "\U0010ffff"  # no word goes on with a greater sign


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The words from ``low`` to ``high``, both included; one word where they are equal."""

    low: str
    high: str

    def holds(self, word: str) -> bool:
        """True for a word of the span."""
        return self.low <= word <= self.high


def apart(spans: Iterable[Span]) -> Sequence[Span]:
    """The same words in as few spans as can be: those that lie in each other or overlap are one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.low <= found[-1].high:
            found[-1] = Span(found[-1].low, max(found[-1].high, span.high))
        else:
            found.append(span)
    return found
