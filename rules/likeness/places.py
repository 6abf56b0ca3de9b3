"""Addresses as far as they tell children apart or together: the postcode and the house."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.likeness import names

POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
NUMBER = re.compile(r"\b\d{1,5}[a-z]?\b")

# What stands in the field where a child goes to no school, or nobody knows to which.
NO_SCHOOLS = frozenset(
    {
        "",
        "ehe",
        "electively home educated",
        "home educated",
        "n a",
        "n k",
        "nk",
        "no school",
        "none",
        "not applicable",
        "not at school",
        "not in education",
        "not in school",
        "not known",
        "not of school age",
        "not yet at school",
        "pre school",
        "pre school age",
        "tbc",
        "under school age",
        "unknown",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address, read; empty where not known. ``houses`` are its numbers, of flat and house."""

    postcode: str = ""
    houses: frozenset[str] = frozenset()
    rest: str = ""

    def __bool__(self) -> bool:
        return bool(self.postcode or self.rest)


NOWHERE = Place()


def read(address: str) -> Place:
    """An address as typed: the last postcode in it, the numbers before that, and the words."""
    if not address.strip():
        return NOWHERE
    found = None
    for found in POSTCODE.finditer(address[:1000]):  # noqa: B007 - the last one is wanted
        pass
    postcode = f"{found[1]}{found[2]}".upper() if found else ""
    rest = names.fold(address[: found.start()] if found else address)
    return Place(postcode=postcode, houses=frozenset(NUMBER.findall(rest)), rest=rest)


def same(one: Place, other: Place) -> bool:
    """True for one house: an equal postcode and equal numbers, or equal words where a postcode is missing."""
    if one.postcode and other.postcode:
        same_house = one.houses == other.houses if one.houses or other.houses else one.rest == other.rest
        return one.postcode == other.postcode and same_house and bool(one.rest)
    return bool(one.rest) and one.rest == other.rest


def is_school(text: str) -> bool:
    """True where a school is named, and not that there is none."""
    return names.fold(text) not in NO_SCHOOLS
