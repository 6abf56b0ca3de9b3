"""A column that fails as a whole, and a file that knows nobody: not single lines are wrong there, but the file is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from pathway.importing import values
from pathway.importing.grouping import Group
from pathway.importing.layout import CONTACT_COLUMNS
from pathway.importing.terms import Terms
from pathway.importing.texts import kept
from rules.likeness import ages, identifiers

_TIME, _DATE = "Write it as 10/03/2009 18:56", "Write it as 31/08/2008"
_CODES = "Use the codes of docs/import-format.md"
_REMEDIES = {
    "received": _TIME,
    "decided": _TIME,
    "feedback_sent": _TIME,
    "child_dob": _DATE,
    "child_edd": _DATE,
    "child_age": "Write it as 4, about 4 or 18 months",
    "anonymous": "Write Y or N",
    "immediate_danger": "Write Y or N",
    "child_nhs_number": "Export it as text: ten digits, of which the last checks the others",
}
WHO = "child_forename, child_surname, child_dob, child_nhs_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From how many values on, and from which share of them in per cent, a column fails as a whole.

    In a file of ``children`` or more somebody must be known where ``on_record`` or more are on record.
    """

    values: int = 3
    percent: int = 90
    children: int = 100
    on_record: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing of a file is taken, for one column."""

    column: str
    problem: str
    remedy: str

    def as_json(self) -> dict[str, str]:
        """The refusal as ``--json`` spells it."""
        return asdict(self)


def columns(file: Sequence[Group], terms: Terms, limits: Limits) -> Iterator[Refusal]:
    """Each column of which hardly a value can be read."""
    for column, can_be_read in _readers(terms).items():
        filled = list(_filled(file, column))
        odd = [value for value in filled if not can_be_read(value)]
        if len(odd) >= limits.values and len(odd) * 100 >= len(filled) * limits.percent:
            yield _refusal(column, odd, of=len(filled))


def nobody_known(children: int, on_record: int) -> Refusal:
    """For a file of which nobody is known here."""
    problem = f"None of the {children:,} children is known here, although {on_record:,} are on record"
    return Refusal(
        column=WHO, problem=problem, remedy="See whether names, dates and numbers stand in the right columns"
    )


def _refusal(column: str, odd: Sequence[str], *, of: int) -> Refusal:
    shape, times = Counter(map(_shape, odd)).most_common(1)[0]
    example = next(value for value in odd if _shape(value) == shape)
    said = "have" if times == len(odd) else f"can’t be read; {times:,} of them have"
    count = f"All {of:,}" if len(odd) == of else f"{len(odd):,} of {of:,}"
    problem = f"{count} values of {column} {said} the shape {shape}, such as {example[:60]!r}"
    problem += ", which can’t be read" if times == len(odd) else ""
    return Refusal(column=column, problem=problem, remedy=_REMEDIES.get(column, _CODES))


def _filled(file: Sequence[Group], column: str) -> Iterator[str]:
    """Of what is about the contact the first line counts."""
    for group in file:
        for line in group.lines[:1] if column in CONTACT_COLUMNS else group.lines:
            if value := kept(line.values[column]):
                yield value


def _readers(terms: Terms) -> Mapping[str, Callable[[str], bool]]:
    """Whether a value can be read, by column."""
    moment, day = _known(values.moment), _known(values.day)
    age = _known(lambda value: ages.said(value, terms.now.date()))
    return {
        "received": moment,
        "source_code": lambda value: value.upper() in terms.sources,
        "anonymous": _known(values.anonymous),
        "immediate_danger": _known(values.yes_or_no),
        "child_dob": lambda value: day(value) or age(value),
        "child_age": age,
        "child_edd": day,
        "child_sex": lambda value: value.upper() in terms.sexes,
        "child_ethnicity": lambda value: value.upper() in terms.ethnicities,
        "child_nhs_number": lambda value: bool(identifiers.normalise_nhs_number(value)),
        "outcome": _known(terms.book.outcome_imported_as),
        "decided": moment,
        "feedback_sent": moment,
    }


def _known(read: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda value: read(value) is not None


def _shape(value: str) -> str:
    """Its letters and digits without what they say: 99/99/99 99:99, aa aaa."""
    return re.sub(r"[A-Z]", "A", re.sub(r"[^\W\dA-Z_]", "a", re.sub(r"\d", "9", value)))[:40]
