"""One difference between two books or calendars, and how two values are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that is other; ``place`` is a path in the book.

    ``before`` is empty for something new, ``after`` for something that is gone.
    """

    place: str
    what: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """One sentence."""
        what = self.what[:1].upper() + self.what[1:]
        if not self.before:
            return f"{what}, new: {_ended(self.after)}"
        if not self.after:
            return f"{what}, gone: {_ended(self.before)}"
        return f"{what}: {self.before.removesuffix('.')} -> {_ended(self.after)}"

    def to_terms(self) -> dict[str, str]:
        """The difference for JSON."""
        return {"place": self.place, "before": self.before, "after": self.after, "words": self.words}


def _ended(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


def changed(place: str, what: str, before: object, after: object) -> Iterator[Difference]:
    """The difference of two values, if there is one; line breaks don't count."""
    told_before, told_after = (" ".join(str(value).split()) for value in (before, after))
    if told_before != told_after:
        yield Difference(place=place, what=what, before=told_before, after=told_after)


def among(place: str, what: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Difference]:
    """What came and what went between two sets of words, as two differences at most."""
    old, new = set(before), set(after)
    if new - old:
        yield Difference(place=place, what=what, before="", after=", ".join(sorted(new - old)))
    if old - new:
        yield Difference(place=place, what=what, before=", ".join(sorted(old - new)), after="")
