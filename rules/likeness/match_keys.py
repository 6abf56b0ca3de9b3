"""How those who may be one child are found among very many: by shared keys, and by dates easily confused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from string import ascii_lowercase

from rules.likeness import birth_dates, names
from rules.likeness.matching import Child
from rules.likeness.names import Forms, Name

MOST_STORED = 16
MOST_ASKED = 120
BEGINNING = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for.

    ``name_keys`` count only with a birth date that is near or not known, ``near_dates`` only with the same
    ``beginning`` of the name.
    """

    name_keys: frozenset[str]
    keys: frozenset[str]
    birth_date: date | None
    near_dates: frozenset[date]
    beginning: str
    nhs_numbers: frozenset[str]


def stored(child: Child) -> frozenset[str]:
    """The keys kept with a child: few, because each is written when a contact is logged.

    A valid NHS number needs none, being a column of its own.
    """
    keys = {*_name_keys(child.forename.sounds, child.surname.sounds), *_number_keys(child)}
    if child.place.postcode:
        keys.add(_postcode(child, child.forename.joined[:1]))
    if child.mother:
        keys.add(of_mother(child.mother))
    if not child.forename:
        keys |= {f"u:{sound}" for sound in child.surname.sounds}
    return _first(keys, MOST_STORED)


def sought(child: Child, forms: Forms) -> Sought:
    """What finds the others of a child: its keys, and those under other spellings of its name."""
    written = names.related(child.forename, forms)
    keys = {*_number_keys(child), *(f"u:{sound}" for sound in child.surname.sounds)}
    if child.mother:
        keys.add(of_mother(child.mother))
    if child.nhs_number:
        keys.add(f"nhs:{child.nhs_number}")
    if child.place.postcode:
        keys |= {_postcode(child, initial) for initial in {word[0] for word in written} | {""}}
    return Sought(
        name_keys=_first(_name_keys({names.sound(word) for word in written}, child.surname.sounds), MOST_ASKED),
        keys=_first(keys, MOST_ASKED),
        birth_date=child.birth_date,
        near_dates=birth_dates.variants(child.birth_date) if child.birth_date else frozenset(),
        beginning=f"{child.forename.typed} "[:BEGINNING],
        nhs_numbers=child.repaired | ({child.nhs_number} if child.nhs_number else set()),
    )


def at_postcode(postcode: str) -> frozenset[str]:
    """The keys of all children of a postcode, whatever their first name begins with."""
    return frozenset(f"p:{postcode}{initial}" for initial in ("", *ascii_lowercase))


def of_mother(mother: Name) -> str:
    """The key that the children of a mother of this name share."""
    return f"m:{mother.joined}"


def _first(keys: set[str], most: int) -> frozenset[str]:
    return frozenset(sorted(keys)[:most])


def _name_keys(forenames: Iterable[str], surnames: Iterable[str]) -> set[str]:
    # In order of the alphabet, so that a forename and a surname that were swapped give the same key.
    return {"n:" + "|".join(sorted((one, other))) for one in forenames for other in surnames}


def _number_keys(child: Child) -> set[str]:
    numbers = {f"nhs:{number}" for number in child.repaired}
    return numbers | {f"upn:{child.upn}"} if child.upn else numbers


def _postcode(child: Child, initial: str) -> str:
    return f"p:{child.place.postcode}{initial}"
