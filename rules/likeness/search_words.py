"""Words by which a child is found, folded on both sides: Łukasz as Lukasz, O’Brien as OBrien, numbers joined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from rules.likeness import identifiers, names, places, plain_letters

DAY, SOUND, NUMBER = "@", "~", "#"
"""What a word begins with that is a birth date, the sound of a name, or a number; folded words begin with none."""

MOST = 60
_NOT_A_SIGN = re.compile(r"[^0-9a-z]")


def of_child(*named: str, numbers: tuple[str, ...], address: str) -> str:
    """All that a child is found by: the parts of its name apart and as one word, numbers and address without blanks."""
    folded = [names.fold(part) for part in named]
    joined = (part.replace(" ", "") for part in folded)
    place = names.fold(address)
    compact = (compacted(number) for number in numbers if identifiers.tells_somebody(number))
    return " ".join(filter(None, dict.fromkeys((*folded, *joined, *compact, place, place.replace(" ", "")))))


def of_record(*named: str, numbers: tuple[str, ...], address: str = "", born: date | None = None) -> frozenset[str]:
    """The words kept with a child, each to be looked up by itself: names and how they sound, date, numbers, address."""
    found = {word for part in named for word in of_name(part)}
    found |= {SOUND + names.sound(word) for word in found}
    found |= {NUMBER + compacted(number) for number in numbers if identifiers.tells_somebody(number)}
    found |= of_address(address)
    if born is not None:
        found.add(day(born))
    return frozenset(sorted(found)[:MOST])


def of_referrer(*texts: str, telephone: str) -> frozenset[str]:
    """The words kept with a referrer: of name and agency, and the telephone number."""
    found = {word for text in texts for word in of_name(text)}
    if number := telephone_number(telephone):
        found.add(NUMBER + number)
    return frozenset(sorted(found)[:MOST])


def of_name(text: str) -> frozenset[str]:
    """The words of one name, and the name as one word: ``O Brien`` is found as ``OBrien``."""
    words = list(_folded(text))
    return frozenset(filter(None, (*words, "".join(words)[: names.LONGEST])))


def of_address(text: str) -> frozenset[str]:
    """The words of an address, and its postcode as one word."""
    postcode = places.read(text).postcode.casefold()
    words = set(_folded(text)) - {postcode[-3:]}
    return frozenset({word for word in words if len(word) > 1 or word.isdigit()} | ({postcode} - {""}))


def day(born: date) -> str:
    """A birth date as a word; in the order of time, so that an age is a stretch of words."""
    return f"{DAY}{born.isoformat()}"


def telephone_number(text: str) -> str:
    """The digits of a British telephone number, from the nought on; empty for what is too short for one."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if text.strip().startswith("+44") or digits.startswith("0044"):
        digits = "0" + digits.removeprefix("00").removeprefix("44")
    return digits if len(digits) >= 6 else ""


def asked(word: str) -> str:
    """One word of a search, folded; empty where no letter and no digit is in it."""
    return names.fold(word)


def are_in(typed: str, text: str) -> bool:
    """True where a text has each word that was typed, as typed or as everybody reads it: Łukasz as Lukasz."""
    as_it_is, plain = text.casefold(), plain_letters.plain(text)
    return all(
        word.casefold() in as_it_is or (bool(parts := asked(word).split()) and all(part in plain for part in parts))
        for word in typed.split()
    )


def compacted(number: str) -> str:
    """A number's digits and letters alone."""
    return _NOT_A_SIGN.sub("", number.casefold())[: names.LONGEST]


def _folded(text: str) -> Iterator[str]:
    # Word by word: folding cuts at sixty characters, and a postcode stands at the end.
    for typed in text.split()[:MOST]:
        yield from names.fold(typed).split()
