"""When a child who is named joins a person on record by itself. Everything else is a person of its own and a proposal.

One rule for pages, interface and import. The table of it in ``docs/matching.md`` is written from ``RULES``. Where the
numbers of the record are wrong, a person is asked: a child filed under another is a child whom nobody finds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rules.likeness import birth_dates, matching, names, not_known, places
from rules.likeness.matching import Child

VERSION = "2"  # of the rule, kept with each join: 1 was an equal number, or an equal name and birth date
_YEARS_APART = 1


class Fact(StrEnum):
    """What one record says of another; the words stand in reasons, in the history and in the table."""

    NUMBER = "same NHS number or unique pupil number"
    OTHER_NUMBER = "another valid number"
    FORENAME = "same first name, or another form of it"
    NO_FORENAME = "a first name is not known"
    OTHER_FORENAME = "another first name"
    SURNAME = "same surname"
    OTHER_SURNAME = "another surname"
    FULL_NAME = "same full name"
    NO_NAME = "a full name is not known"
    DATE = "same birth date"
    SLIP = "birth date a slip of the pen away"
    NO_DATE = "a birth date is not known"
    OTHER_DATE = "another birth date"
    ADDRESS = "same address"
    OTHER_ADDRESS = "another address"
    HOUSEHOLD = "same household"
    SEX = "same sex"
    OTHER_SEX = "the other sex"
    TWIN = "somebody of the contact or household born within a day"
    NAMESAKE = "another person on record of the same full name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One way to join: of each group in ``needs`` at least one fact, and no group of ``never`` as a whole."""

    name: str
    needs: tuple[tuple[Fact, ...], ...]
    never: tuple[tuple[Fact, ...], ...] = ()


F = Fact
_NO_OTHER_NUMBER = ((F.OTHER_NUMBER,),)
_NEITHER_AGAINST = (*_NO_OTHER_NUMBER, (F.OTHER_SEX, F.OTHER_ADDRESS))
_NO_OTHER_NAME = ((F.OTHER_FORENAME,), (F.OTHER_SURNAME,), (F.TWIN,))
RULES = (
    Rule(name="a1", needs=((F.NUMBER,), (F.FORENAME,), (F.DATE, F.SLIP)), never=_NO_OTHER_NUMBER),
    Rule(
        name="a2",
        needs=((F.NUMBER,), (F.FORENAME,), (F.NO_DATE,), (F.SURNAME,)),
        never=(*_NO_OTHER_NUMBER, (F.OTHER_DATE,)),
    ),
    Rule(name="a3", needs=((F.NUMBER,), (F.DATE,), (F.NO_FORENAME,)), never=(*_NO_OTHER_NUMBER, (F.TWIN,))),
    Rule(name="b1", needs=((F.FULL_NAME,), (F.DATE,), (F.ADDRESS, F.HOUSEHOLD)), never=_NEITHER_AGAINST),
    Rule(name="b2", needs=((F.FULL_NAME,), (F.DATE,), (F.SEX,)), never=(*_NEITHER_AGAINST, (F.NAMESAKE,))),
    Rule(
        name="b3",
        needs=((F.FULL_NAME,), (F.NO_DATE,), (F.ADDRESS,), (F.HOUSEHOLD, F.SEX)),
        never=(*_NEITHER_AGAINST, (F.OTHER_DATE,)),
    ),
    Rule(
        name="b4",
        needs=((F.NO_NAME,), (F.DATE,), (F.ADDRESS,), (F.HOUSEHOLD, F.SEX)),
        never=(*_NEITHER_AGAINST, *_NO_OTHER_NAME),
    ),
)
# What keeps a child off a person when it stands against any one record already under that person.
_AGAINST_ANY = ((F.OTHER_NUMBER,), (F.OTHER_FORENAME,), (F.OTHER_DATE,), (F.OTHER_SEX, F.OTHER_ADDRESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around the two: who else is of the contact or household, and who else bears the name."""

    household: bool = False
    twin: bool = False
    namesake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """By which rule a child joins, and the facts that speak for it."""

    rule: str
    reasons: tuple[str, ...]


ALONE = Around()


def judge(child: Child, records: Sequence[Child], around: Around = ALONE) -> Join | None:
    """How a child joins the person under whom all these records are; None where a human being is to be asked."""
    if against(child, records):
        return None
    found = (facts(child, record, around) for record in records)
    return next((join for one in found if (join := _by_rule(one))), None)


def against(child: Child, records: Sequence[Child]) -> tuple[str, ...]:
    """What keeps a child off a person, standing against any one of the records under that person."""
    found = [facts(child, record) for record in records]
    groups = (group for group in _AGAINST_ANY if any(_holds(group, one) for one in found))
    return tuple(" with ".join(group) for group in groups)


def _by_rule(found: Collection[Fact]) -> Join | None:
    for rule in RULES:
        if all(any(fact in found for fact in group) for group in rule.needs) and not any(
            _holds(group, found) for group in rule.never
        ):
            return Join(rule=rule.name, reasons=tuple(f.value for g in rule.needs for f in g if f in found))
    return None


def _holds(group: Sequence[Fact], found: Collection[Fact]) -> bool:
    return all(fact in found for fact in group)


def facts(one: Child, other: Child, around: Around = ALONE) -> frozenset[Fact]:
    """Everything that two records say of each other; the sides may be changed."""
    told = {F.HOUSEHOLD: around.household, F.TWIN: around.twin, F.NAMESAKE: around.namesake}
    known = (fact for fact, is_so in told.items() if is_so)
    return frozenset((*known, *_numbers(one, other), *_names(one, other), *_dates(one, other), *_rest(one, other)))


def _numbers(one: Child, other: Child) -> Iterator[Fact]:
    for mine, theirs in ((one.nhs_number, other.nhs_number), (one.upn, other.upn)):
        if mine and theirs:
            yield F.NUMBER if mine == theirs else F.OTHER_NUMBER


def _names(one: Child, other: Child) -> Iterator[Fact]:
    same_surname = names.same(one.surname, other.surname)
    if not (one.forename and other.forename):
        yield F.NO_FORENAME
    elif names.same(one.forename, other.forename) or names.form_of(one.forename, other.forename):
        yield F.FORENAME
    elif not names.like(one.forename, other.forename):
        yield F.OTHER_FORENAME
    if one.surname and other.surname:
        yield F.SURNAME if same_surname else F.OTHER_SURNAME
    if not all((one.forename, one.surname, other.forename, other.surname)):
        yield F.NO_NAME
    elif same_surname and names.same(one.forename, other.forename):
        yield F.NO_NAME if names.is_initial(one.forename) else F.FULL_NAME


def _dates(one: Child, other: Child) -> Iterator[Fact]:
    born, also_born = one.birth_date, other.birth_date
    if born is None or also_born is None:
        yield F.NO_DATE
        if (apart := matching.years_apart(one, other)) is not None and apart > matching.SLACK:
            yield F.OTHER_DATE
    elif not_known.date_is_none(born) or not_known.date_is_none(also_born):
        yield F.NO_DATE
        if _year_speaks(born, also_born):
            yield F.OTHER_DATE
    elif born == also_born:
        yield F.DATE
    else:
        yield F.SLIP if birth_dates.is_slip(born, also_born) else F.OTHER_DATE


def _year_speaks(born: date, also_born: date) -> bool:
    # Who types 1 January knows the year more or less; 1900 says nothing.
    told = not (not_known.is_placeholder(born) or not_known.is_placeholder(also_born))
    return told and abs(born.year - also_born.year) > _YEARS_APART


def _rest(one: Child, other: Child) -> Iterator[Fact]:
    if one.place and other.place:
        yield F.ADDRESS if places.same(one.place, other.place) else F.OTHER_ADDRESS
    if one.sex and other.sex:
        yield F.SEX if one.sex == other.sex else F.OTHER_SEX


def table() -> str:
    """The rule as a table in Markdown, for the document."""
    lines = ["| Rule | Every one of | and none of |", "| --- | --- | --- |"]
    for rule in RULES:
        needs, never = (_words(groups, between) for groups, between in ((rule.needs, " or "), (rule.never, " with ")))
        lines.append(f"| {rule.name} | {needs} | {never} |")
    lines.append(f"| all | | against any record under that person: {_words(_AGAINST_ANY, ' with ')} |")
    return "\n".join(lines)


def _words(groups: Sequence[Sequence[Fact]], between: str) -> str:
    return "; ".join(between.join(group) for group in groups)
