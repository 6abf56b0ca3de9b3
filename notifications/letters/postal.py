"""Postal addresses as they are typed, made into the lines of an envelope. Only the form is judged."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from notifications import plain
from notifications.letters import countries, postcodes
from rules.errors import Fault, InvalidInput

FIELD = "address"
FEWEST, MOST = 2, 7
_LONGEST = 60  # signs on a line: more can't be read in the window of an envelope
_LAST_WORDS = 12  # the longest name of a country has nine

# "12, High Road": a number in front of a street belongs to it.
_NUMBER = re.compile(r"((?:^|,) ?\d+[A-Za-z]?), ?(?=[^ ,])")
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
_NO_HOME = re.compile(r"\bno fixed (?:abode|address)\b|^nfa$", re.IGNORECASE | re.MULTILINE)
# GOV.UK Notify refuses lines that begin so; sorting machines read them as something else.
_NO_BEGINNING = '@()=[]":\\/,<>~'
_ODD = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk"))
_POSTCODE = "End with a postcode such as N17 6AA, BFPO and a number, or a country abroad; mind O and 0, I and 1"


class Printer(StrEnum):
    """Who prints a letter and takes it to the post: people here, or GOV.UK Notify, which is asked for UK post alone."""

    HERE = "here"
    NOTIFY = "GOV.UK Notify"


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The lines of an envelope from the top. The last is ``postcode``, or the number of a forces post office.

    Abroad the last line is ``country``, in capital letters, and ``postcode`` is empty.
    """

    lines: tuple[str, ...]
    postcode: str
    country: str = ""

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def kept(self) -> str:
        """The text that is stored and reads as these lines: commas between, or lines where commas don't do."""
        single = ", ".join(self.lines)
        return single if _typed(single) == list(self.lines) else str(self)


def parse(typed: str, *, most: int = MOST, by: Printer = Printer.HERE) -> PostalAddress:
    """The address that was typed, with at most ``most`` lines. Lines stay lines; a single one is parted at its commas.

    A postcode at the end gets a line of its own, a country of the United Kingdom below it is left out. Raises
    InvalidInput at ``address`` with everything that is wrong. The rules are those of GOV.UK Notify's letters, so that
    what is taken here can be printed there, but that two lines are enough, and that ``by`` NOTIFY nothing goes abroad.
    """
    told = _typed(typed)
    if not told:
        raise InvalidInput.of(FIELD, "No address is given", "Type the street, the town and the postcode")
    lines, country = _read(told)
    faults = [*_line_faults(told, lines), *_count(lines, most)]
    faults += _abroad_faults(lines, country, by) if country else _postcode_faults(lines)
    if faults:
        raise InvalidInput(faults)
    return PostalAddress(tuple(lines), "" if country else lines[-1], country)


def wrong_line(line: str) -> Fault | None:
    """Why GOV.UK Notify would not print a line of an address, the name above it too, for the signs that it has."""
    quoted = plain.one_line(line)
    if not any(map(str.isalnum, line)):
        problem = f"The line “{quoted}” has no letter and no digit"
        return Fault(place=FIELD, problem=problem, remedy="Leave it out, or type what belongs there")
    first = next((sign for sign in line if unicodedata.category(sign)[0] not in "CMZ"), "")
    if unicodedata.normalize("NFKC", first)[:1] in _NO_BEGINNING:
        problem = f"The line “{quoted}” begins with {first}"
        return Fault(place=FIELD, problem=problem, remedy="Begin each line with a letter or a digit")
    return None


def _typed(text: str) -> list[str]:
    lines = [line for line in map(_tidy, _LINE_ENDS.sub("\n", text).split("\n")) if line]
    parts = _at_commas(lines[0]) if len(lines) == 1 else lines
    return parts if any(part.strip(",") for part in parts) else []


def _tidy(line: str) -> str:
    single = _NUMBER.sub(r"\1 ", " ".join(line.split()).replace(" ,", ","))
    return single.rstrip(" ,") or single


def _at_commas(line: str) -> list[str]:
    parts = [part.strip() for part in line.split(",")]
    first, *rest = [part for part in parts if part] or [""]
    # Nobody begins an address with a comma, and where one stands something is missing before it.
    return [f",{first}" if line.startswith(",") else first, *rest]


def _read(told: list[str]) -> tuple[list[str], str]:
    lines = _without_home(told)
    head, _, tail = lines[-1].rpartition(",")
    if country := countries.abroad(lines[-1]):
        return [*lines[:-1], country], country
    if country := countries.abroad(tail):
        return [*lines[:-1], *_kept(head), country], country
    return _parted(lines), ""


def _without_home(told: list[str]) -> list[str]:
    lines = list(told)
    while (head := _before_home(lines[-1])) != lines[-1] and (head or len(lines) > 1):
        lines[-1:] = _kept(head)
    return lines


def _before_home(line: str) -> str:
    """What stands before the UK at the end of a line; the line itself where no country does."""
    for word in list(re.finditer(r"[^\s,]+", line))[-_LAST_WORDS:]:
        head = line[: word.start()].strip()
        if countries.is_home(line[word.start() :]) and _may_precede(head):
            return "".join(_kept(head))
    return line


def _may_precede(head: str) -> bool:
    return not head or head.endswith(",") or postcodes.at_end(head) is not None


def _kept(head: str) -> list[str]:
    head = head.rstrip(" ,")
    return [head] if any(map(str.isalnum, head)) else []


def _parted(lines: list[str]) -> list[str]:
    before = [postcodes.whole(line) or line for line in lines[:-1]]
    ending = postcodes.at_end(lines[-1])
    if not ending or not ending.sure:
        return [*before, lines[-1]]
    return [*before, *([ending.before] if ending.before else []), ending.code]


def _line_faults(told: Sequence[str], lines: Sequence[str]) -> Iterator[Fault]:
    if odd := {sign: plain.sign_named(sign) for line in told for sign in line if _is_odd(sign)}:
        problem = f"The address has {_listed(list(odd.values()))} in it"
        yield Fault(place=FIELD, problem=problem, remedy="Type it with ordinary letters, digits and punctuation")
    yield from filter(None, (wrong_line(line) for line in told if not all(map(_is_odd, line))))
    for line in lines:
        if len(line) > _LONGEST:
            problem = f"The line “{plain.one_line(line[:20])}…” has {len(line)} characters, {_LONGEST} fit an envelope"
            yield Fault(place=FIELD, problem=problem, remedy="Break the line in two, or shorten it")
    if _NO_HOME.search("\n".join(lines)):
        yield Fault(place=FIELD, problem="No letter reaches “no fixed abode”", remedy="Give an address that gets post")


def _is_odd(sign: str) -> bool:
    foreign = sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN")
    return foreign or unicodedata.category(sign) in _ODD


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
    earlier = list(filter(None, map(postcodes.whole, before)))
    if not postcodes.whole(last):
        yield _no_postcode(last, earlier)
    elif why := postcodes.why_nobody(last):
        remedy = "Give the postcode of the place where the letter is to be read"
        yield Fault(place=FIELD, problem=f"No letter reaches anybody at {last}: {why}", remedy=remedy)
    # British forces write both: the number of the post office and a postcode of the area BF.
    elif others := [code for code in earlier if not (postcodes.is_forces(code) and postcodes.is_forces(last))]:
        problem = f"The address has two postcodes, {others[-1]} and {last}"
        yield Fault(place=FIELD, problem=problem, remedy="Keep the one to which the letter should go")


def _no_postcode(last: str, earlier: list[str]) -> Fault:
    quoted, ending = plain.one_line(last), postcodes.at_end(last)
    problem, remedy = f"The last line, “{quoted}”, is not a UK postcode", _POSTCODE
    if ending:
        read = " or ".join((ending.code, *ending.others, *([] if ending.others else ["as no postcode"])))
        problem, remedy = f"The end of “{quoted}” can be read as {read}", "Type the postcode on a line of its own"
    elif earlier:
        problem, remedy = f"“{quoted}” stands below the postcode {earlier[-1]}", "Put the postcode last"
    return Fault(place=FIELD, problem=problem, remedy=remedy)


def _abroad_faults(lines: list[str], country: str, by: Printer) -> Iterator[Fault]:
    endings = [ending for line in lines[:-1] if (ending := postcodes.at_end(line))]
    if endings and postcodes.is_forces(code := endings[-1].code):
        problem = f"“{country}” stands below {code}, and forces post goes by that alone"
        yield Fault(place=FIELD, problem=problem, remedy="Leave the country out")
    elif endings:
        problem = f"The address has the UK postcode {endings[-1].code} and a country abroad, {country}"
        yield Fault(place=FIELD, problem=problem, remedy="Leave out the one that is wrong")
    if by is Printer.NOTIFY:
        problem = f"The address is abroad, in {country}, and GOV.UK Notify is asked for post within the UK alone"
        yield Fault(place=FIELD, problem=problem, remedy="Print the letter from the print queue, and post it yourself")
