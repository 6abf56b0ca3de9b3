"""Words by which a child is found, folded on both sides: Łukasz as Lukasz, O’Brien as OBrien, numbers joined."""

from __future__ import annotations

import re

from rules.likeness import identifiers, names

_NOT_A_SIGN = re.compile(r"[^0-9a-z]")


def of_child(*named: str, numbers: tuple[str, ...], address: str) -> str:
    """All that a child is found by: the parts of its name apart and as one word, numbers and address without blanks."""
    folded = [names.fold(part) for part in named]
    joined = (part.replace(" ", "") for part in folded)
    compact = (_NOT_A_SIGN.sub("", number.casefold()) for number in numbers if identifiers.tells_somebody(number))
    place = names.fold(address)
    return " ".join(filter(None, dict.fromkeys((*folded, *joined, *compact, place, place.replace(" ", "")))))


def asked(word: str) -> str:
    """One word of a search, folded; empty where no letter and no digit is in it."""
    return names.fold(word)
