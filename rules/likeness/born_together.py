"""Ages and births that can hardly be: an adult named as a child, two children of one mother born too close."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
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


class OnRecord(Sibling, Protocol):
    """A child's record, with the mother as far as she is named."""

    @property
    def forename(self) -> str:
        """The first name; empty where none is known."""
        ...

    @property
    def mother(self) -> str:
        """The mother's name; empty where none is known."""
        ...

    @property
    def mother_birth_date(self) -> date | None:
        """The mother's birth date, where it is known."""
        ...


class Tie(StrEnum):
    """What two records have in common: contacts named them together, or nothing but a mother's name."""

    HOUSEHOLD = "household"
    MOTHER = "mother"


def age_on(born: date, day: date) -> int:
    """Whole years from birth to a day; negative before the birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def too_close(children: Sequence[Sibling]) -> Iterator[tuple[int, int, int]]:
    """The places of each two children of one name or address who were born 1 day to 8 months apart, and the days."""
    for (one, mine), (other, theirs) in combinations(enumerate(children), 2):
        apart = _apart(mine, theirs)
        if CLOSEST <= apart <= FARTHEST and _of_one_family(mine, theirs):
            yield one, other, apart


def hardly_siblings(one: OnRecord, other: OnRecord, tie: Tie) -> bool:
    """True for two children of one mother born 1 day to 8 months apart.

    Where both mothers are named they are compared, and a name alone makes no mother of two children who share neither
    household, surname nor address. Two of one first name may be one child: that is a possible match.
    """
    if not CLOSEST <= _apart(one, other) <= FARTHEST or _same(one.forename, other.forename):
        return False
    mine, theirs = names.surname(one.mother), names.surname(other.mother)
    if not (mine and theirs):
        return tie is Tie.HOUSEHOLD and _of_one_family(one, other)
    born, known = {one.mother_birth_date, other.mother_birth_date}, one.mother_birth_date and other.mother_birth_date
    if mine.joined != theirs.joined or (known and len(born) > 1):
        return False
    return bool(known) or tie is Tie.HOUSEHOLD or _of_one_family(one, other)


def _apart(one: Sibling, other: Sibling) -> int:
    if one.birth_date is None or other.birth_date is None:
        return 0
    if not_known.date_is_none(one.birth_date) or not_known.date_is_none(other.birth_date):
        return 0
    return abs((one.birth_date - other.birth_date).days)


def _of_one_family(one: Sibling, other: Sibling) -> bool:
    return _same(one.surname, other.surname) or _same(one.address, other.address)


def _same(one: str, other: str) -> bool:
    """True for two texts that are known and read the same."""
    folded = names.fold(one)
    return bool(folded) and folded == names.fold(other)
