"""Postal addresses as they are typed, made into the lines of an envelope. Only the form is judged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from notifications import plain
from rules.errors import Fault, InvalidInput

FIELD = "address"
FEWEST, MOST = 2, 7
_LONGEST = 60  # signs on a line: more can't be read in the window of an envelope

# Postcode areas of Royal Mail, with the Channel Islands, the Isle of Man, forces (BF), non-geographic (BX) and returns
# (XX). The forms of the district follow BS 7666; the last two letters are never C, I, K, M, O or V.
_AREAS = (
    "AB AL B BA BB BD BF BH BL BN BR BS BT BX CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN "
    "NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB "
    "W WA WC WD WF WN WR WS WV XX YO ZE"
)
_FORCES = re.compile(r"BFPO (\d{1,4})")
_CODE = rf"(?:{'|'.join(_AREAS.split())})[0-9][0-9A-HJKMNPR-Y]?\s?[0-9][ABD-HJLNP-UW-Z]{{2}}|GIR\s?0AA"
_AT_END = re.compile(rf"(?:^|\s)({_CODE}|BFPO\s?[0-9]{{1,4}})\.?$", re.IGNORECASE)
_WHOLE = re.compile(rf"{_CODE}|BFPO\s?[0-9]{{1,4}}", re.IGNORECASE)
# "12, High Road": a number in front of a street belongs to it.
_NUMBER = re.compile(r"((?:^|[,\n])\s*\d+[A-Za-z]?)\s*,(?=[^\S\n]*[^\s,])")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_COUNTRIES = frozenset(
    ("uk", "u.k.", "gb", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland")
)
_NO_HOME = re.compile(r"\bno fixed (?:abode|address)\b|^nfa$", re.IGNORECASE | re.MULTILINE)
# GOV.UK Notify refuses lines that begin so; sorting machines read them as something else.
_NO_BEGINNING = '[]@()\\/,<>"=~'
_ODD = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk"))


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The lines of an envelope from the top, the postcode (or the number of a forces post office) being the last."""

    lines: tuple[str, ...]
    postcode: str

    def __str__(self) -> str:
        return "\n".join(self.lines)


def parse(typed: str, *, most: int = MOST) -> PostalAddress:
    """The address that was typed on lines or between commas, with at most ``most`` lines.

    A postcode at the end gets a line of its own, a country of the United Kingdom below it is left out. Raises
    InvalidInput at ``address`` with everything that is wrong. The rules are those of GOV.UK Notify's letters, so that
    what is taken here can be printed there, but that two lines are enough.
    """
    lines = _lines(typed)
    if not lines:
        raise InvalidInput.of(FIELD, "No address is given", "Type the street, the town and the postcode")
    faults = [*_odd_lines(lines), *_count(lines, most), *_postcode_faults(lines)]
    if faults:
        raise InvalidInput(faults)
    return PostalAddress(tuple(lines), lines[-1])


def _lines(typed: str) -> list[str]:
    text = _NUMBER.sub(r"\1 ", _LINE_ENDS.sub("\n", typed))
    lines = [" ".join(line.split()) for line in re.split(r"[\n,]", text)]
    lines = [line for line in lines if line]
    while len(lines) > 1 and lines[-1].rstrip(".").casefold() in _COUNTRIES:
        lines.pop()
    return _parted(lines)


def _parted(lines: list[str]) -> list[str]:
    found = _AT_END.search(lines[-1]) if lines else None
    if not found:
        return lines
    before = lines[-1][: found.start()].strip()
    return [*lines[:-1], *([before] if before else []), _printed(found[1])]


def _printed(postcode: str) -> str:
    signs = "".join(postcode.split()).upper()
    at = 4 if signs.startswith("BFPO") else -3
    return f"{signs[:at]} {signs[at:]}"


def _odd_lines(lines: list[str]) -> Iterator[Fault]:
    if odd := {sign: _name(sign) for line in lines for sign in line if _is_odd(sign)}:
        problem = f"The address has {_listed(list(odd.values()))} in it"
        yield Fault(place=FIELD, problem=problem, remedy="Type it with ordinary letters, digits and punctuation")
    for line in lines:
        if line[0] in _NO_BEGINNING:
            problem = f"The line “{plain.one_line(line)}” begins with {line[0]}"
            yield Fault(place=FIELD, problem=problem, remedy="Begin each line with a letter or a digit")
        if len(line) > _LONGEST:
            problem = f"The line “{plain.one_line(line[:20])}…” has {len(line)} characters, {_LONGEST} fit an envelope"
            yield Fault(place=FIELD, problem=problem, remedy="Break the line in two, or shorten it")
    if _NO_HOME.search("\n".join(lines)):
        yield Fault(place=FIELD, problem="No letter reaches “no fixed abode”", remedy="Give an address that gets post")


def _is_odd(sign: str) -> bool:
    foreign = sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN")
    return foreign or unicodedata.category(sign) in _ODD


def _name(sign: str) -> str:
    code = f"U+{ord(sign):04X}"
    if unicodedata.category(sign) == "Cc":
        return f"a control character ({code})"
    shown = f"“{sign}” " if sign.isprintable() else ""
    return f"{shown}({unicodedata.name(sign, 'no character').capitalize()}, {code})".strip()


def _listed(names: list[str]) -> str:
    shown = names if len(names) <= 3 else [*names[:3], f"{len(names) - 3} more odd characters"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def _count(lines: list[str], most: int) -> Iterator[Fault]:
    if len(lines) < FEWEST:
        problem = f"The address has one line and needs at least {FEWEST}"
        yield Fault(place=FIELD, problem=problem, remedy="Give a street or a place above the postcode")
    if len(lines) > most:
        problem = f"The address has {len(lines)} lines and can have at most {most}"
        yield Fault(place=FIELD, problem=problem, remedy="Leave out what the post does not need, such as the county")


def _postcode_faults(lines: list[str]) -> Iterator[Fault]:
    *before, last = lines
    earlier = [_printed(line) for line in before if _WHOLE.fullmatch(line)]
    if not _WHOLE.fullmatch(last):
        quoted = plain.one_line(last)
        problem = f"The last line, “{quoted}”, is not a UK postcode"
        remedy = "End with a postcode such as N17 6AA, or BFPO and a number; mind O and 0, I and 1"
        if earlier:
            problem, remedy = f"“{quoted}” stands below the postcode {earlier[-1]}", "Put the postcode last"
        yield Fault(place=FIELD, problem=problem, remedy=remedy)
    # British forces write both: the number of the post office and a postcode of the area BF.
    elif others := [code for code in earlier if not (code + last).count("BF") > 1]:
        problem = f"The address has two postcodes, {others[-1]} and {last}"
        yield Fault(place=FIELD, problem=problem, remedy="Keep the one to which the letter should go")
