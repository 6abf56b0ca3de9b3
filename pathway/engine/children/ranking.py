"""Which of those whom a search has found comes first: whoever fits all that was asked, and most exactly."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from rules.likeness import search_words
from rules.likeness.asked import Kind, Question
from rules.likeness.spans import Span

WAYS = 3


class _Way:
    """One way in which a word may fit: it is among some, or lies in a stretch of them."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._some = frozenset(span.low for span in spans if span.low == span.high)
        self._stretches = [span for span in spans if span.low != span.high]

    def fits(self, words: frozenset[str]) -> bool:
        """True where one of the words fits."""
        if not self._some.isdisjoint(words):
            return True
        return any(span.holds(word) for span in self._stretches for word in words)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child whom a search has found: its words, and the name on its record.

    ``by_others``: all that was asked fits the reference of a referral, or somebody who reported a worry.
    """

    person_id: int
    words: frozenset[str]
    name: str
    by_others: bool = False


class Ranking:
    """The order in which a question's answers are read."""

    def __init__(self, question: Question) -> None:
        of_child = [term for term in question.terms if term.kind is not Kind.TELEPHONE]
        self._terms = [tuple(map(_Way, (term.exact, term.begins, term.wider))) for term in of_child]
        self._words = [_Way(term.exact) for term in of_child if term.kind is Kind.WORD]

    def order(self, people: Collection[Candidate]) -> Sequence[int]:
        """The numbers of these children, the likeliest first."""
        grades = {one.person_id: self._grades(one) for one in people}
        fit = [sum(theirs[at] < WAYS for theirs in grades.values()) for at in range(len(self._terms))]
        places = {one.person_id: self._place(one, grades[one.person_id], fit) for one in people}
        return sorted(places, key=places.__getitem__)

    def _grades(self, one: Candidate) -> Sequence[int]:
        return [next((at for at, way in enumerate(ways) if way.fits(one.words)), WAYS) for ways in self._terms]

    def _place(self, one: Candidate, grades: Sequence[int], fit: Sequence[int]) -> tuple[int, ...]:
        """Parts that do not fit, how many people the rarest that does, and how far that is off; then of the name.

        There: the words that are not of it, and what else it holds. Of equals whoever came on record last is first.
        """
        missing = 0 if one.by_others else grades.count(WAYS)
        rarest = min((many for many, grade in zip(fit, grades, strict=True) if grade < WAYS), default=0)
        name = [search_words.of_name(part) for part in one.name.split()]
        named = sum(way.fits(frozenset().union(*name)) for way in self._words)
        unasked = sum(not any(way.fits(part) for way in self._words) for part in name) if named else 0
        return (missing, rarest if missing else 0, sum(grades), -named, unasked, -one.person_id)
