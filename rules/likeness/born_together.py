"""Ages and births that can hardly be: an adult named as a child, two children of one mother born too close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Protocol

from rules.likeness import names, not_known

ADULT = 18
# Local: from a day apart, which twins over midnight are as well, to eight months, before which no other child is born.
CLOSEST, FARTHEST = 1, 243


class Sibling(Protocol):
    """A child as named together with others."""

    @property
    def surname(self) -> str:
        """The surname as typed; empty where none is known."""
        ...

    @property
    def birth_date(self) -> date | None:
        """The birth date, where it is known."""
        ...

    @property
    def address(self) -> str:
        """Where the child lives; empty where that is not known."""
        ...


def age_on(born: date, day: date) -> int:
    """Whole years from birth to a day; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def too_close(children: Sequence[Sibling]) -> Iterator[tuple[int, int, int]]:
    """The places of each two children of one name or address who were born 1 day to 8 months apart, and the days."""
    for (one, mine), (other, theirs) in combinations(enumerate(children), 2):
        apart = _apart(mine, theirs)
        if CLOSEST <= apart <= FARTHEST and _of_one_family(mine, theirs):
            yield one, other, apart


def _apart(one: Sibling, other: Sibling) -> int:
    if one.birth_date is None or other.birth_date is None:
        return 0
    if not_known.date_is_none(one.birth_date) or not_known.date_is_none(other.birth_date):
        return 0
    return abs((one.birth_date - other.birth_date).days)


def _of_one_family(one: Sibling, other: Sibling) -> bool:
    mine, theirs = names.fold(one.surname), names.fold(other.surname)
    home, their_home = names.fold(one.address), names.fold(other.address)
    return bool(mine and mine == theirs) or bool(home and home == their_home)
