"""Postcodes and the numbers of forces post offices, read at the end of a line wherever their blanks were typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Postcode areas of Royal Mail, with the Channel Islands, the Isle of Man, forces (BF) and non-geographic (BX). The
# forms of the district follow BS 7666; the last two letters are never C, I, K, M, O or V.
_NAMES = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN "
    "NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB "
    "W WA WC WD WF WN WR WS WV YO ZE"
)
AREAS = tuple(_NAMES.split())
# They have the form of a postcode, and GOV.UK Notify doesn't know them either.
_NOBODY_THERE = {"XX": "the area XX is for parcels that go back", "GIR": "GIR 0AA was a bank that has closed"}
_CODE = re.compile(rf"(?:{'|'.join(AREAS)}|XX)[0-9][0-9A-HJKMNPR-Y]?[0-9][ABD-HJLNP-UW-Z]{{2}}|GIR0AA")
_FORCES = re.compile(
    r"(?:^|(?<=[\s,]))B[\s.]*F[\s.]*P[\s.]*O[\s.:\-]*(?:C\s?/?\s?O(?![A-Z])[\s.:\-]*)?(?:(?:No|Number)(?![A-Z])[\s.:]*|#\s?)?"
    r"0*([1-9](?:\s?[0-9]){0,3})$",
    re.IGNORECASE | re.ASCII,
)
_BETWEEN = re.compile(r"[\s.\-\N{HYPHEN}-\N{EM DASH}]+")
_WORD = re.compile(r"[^\s,]+")
_MOST_WORDS = 14  # seven signs, each with a full stop or a hyphen behind it
_AFTER, _BEFORE = " .,;:-", " ,;-\N{EN DASH}"

# "Flat B N1 7AA" is not in Brighton: a letter behind one of these belongs to it.
_PARTS = (
    "annexe apartment apartments apt area bay bed block box building bungalow cabin chalet cottage court door entrance "
    "flat floor gate hall hangar house hut level lodge lot maisonette no number office part phase plot pod room "
    "section stair staircase stage studio suite tower unit villa ward wing zone"
)
# "Main St 17 6AA" is not in Stoke: these end the name of a street or of a firm as well.
_ENDS_A_NAME = frozenset(("CO", "CR", "CT", "LN", "PL", "ST"))
# Nor is "Unit B12 Rd" in Birmingham.
_STREET = re.compile(r"[0-9]{2} (?:AV|DR|LN|PL|RD|SQ|ST|NE|NW|SE|SW)$", re.IGNORECASE)
_LONDON = ("EC", "NW", "SE", "SW", "WC")


@dataclass(frozen=True, slots=True)
class Ending:
    """A postcode as it is printed, what stands before it on the line, and how else the end of the line can be read.

    Where ``sure`` is false the postcode may be none, or one of ``others``: ask.
    """

    before: str
    code: str
    others: tuple[str, ...] = ()
    sure: bool = True


def at_end(line: str) -> Ending | None:
    """The postcode or the forces post office with which a line ends, or None."""
    line = line.rstrip(_AFTER)
    if found := _FORCES.search(line):
        return Ending(_head(line, found.start()), f"BFPO {''.join(found[1].split())}")
    readings = list(_readings(line))
    return _chosen(line, readings) if readings else None


def whole(line: str) -> str:
    """The postcode or forces post office that a line is, as it is printed; empty where it is none, or more."""
    ending = at_end(line)
    return ending.code if ending and not ending.before else ""


def is_forces(code: str) -> bool:
    """True for the number of a forces post office, and for a postcode of the forces."""
    return code.startswith("BF")


def why_nobody(code: str) -> str:
    """Why nobody is reached at a postcode, as the end of a sentence; empty for any other."""
    return next((why for area, why in _NOBODY_THERE.items() if code.startswith(area)), "")


def _readings(line: str) -> Iterator[Ending]:
    """From the longest."""
    for word in list(_WORD.finditer(line))[-_MOST_WORDS:]:
        signs = _BETWEEN.sub("", line[word.start() :]).upper()
        if word[0][0].isalnum() and _CODE.fullmatch(signs):
            yield Ending(_head(line, word.start()), f"{signs[:-3]} {signs[-3:]}")


def _head(line: str, end: int) -> str:
    before = line[:end].rstrip(_BEFORE)
    return before if any(map(str.isalnum, before)) else ""


def _chosen(line: str, readings: list[Ending]) -> Ending:
    longest, shortest = readings[0], readings[-1]
    if longest.before and _STREET.search(line):
        return _doubted(readings)
    if not longest.before or not _first(line, longest).isalpha():
        return longest
    last = longest.before.split()[-1].strip(".,").casefold()
    lettered = last in _PARTS.split()
    if longest == shortest:
        return _doubted(readings) if _may_be_words(_first(line, longest), lettered=lettered) else longest
    if lettered and not _first(line, shortest).isalpha():
        return shortest
    return longest if last == "london" and longest.code.startswith(_LONDON) else _doubted(readings)


def _first(line: str, reading: Ending) -> str:
    """The first word of a postcode; letters alone where a blank was typed behind them."""
    rest = line[len(reading.before) :].lstrip(_BEFORE)
    return rest.split()[0].strip(".").upper()


def _may_be_words(area: str, *, lettered: bool) -> bool:
    return area in _ENDS_A_NAME or (lettered and len(area) == 1)


def _doubted(readings: list[Ending]) -> Ending:
    longest, *others = readings
    return Ending(longest.before, longest.code, tuple(other.code for other in others), sure=False)
