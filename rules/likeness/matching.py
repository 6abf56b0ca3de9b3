"""Which two records may be one child. Nobody is joined by this: an officer looks, and decides.

Each agreement and each difference of names, dates, addresses and numbers has points, for or against. The points are
local: no source gives any. They are weighed so that children who only share a common name stay apart, and a child whose
one fact was misheard or mistyped is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from rules.likeness import birth_dates, identifiers, names, not_known, places
from rules.likeness.names import UNKNOWN, Forms, Name
from rules.likeness.places import NOWHERE, Place

ENOUGH = 12
DUE_WEEKS = 10  # a child may be born ten weeks early
NO_FORMS = Forms()
ANOTHER = "another "
_SEXES = frozenset(("M", "F"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What two records are compared by, read; what is not known is empty or None."""

    forename: Name = UNKNOWN
    surname: Name = UNKNOWN
    birth_date: date | None = None
    due_date: date | None = None
    nhs_number: str = ""
    repaired: frozenset[str] = field(default_factory=frozenset)
    upn: str = ""
    place: Place = NOWHERE
    sex: str = ""
    mother: Name = UNKNOWN
    mother_born: date | None = None
    born_from: date | None = None
    born_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one comparison says: its points, and its words where an officer should read them."""

    points: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Why two records may be one child; a higher ``weight`` is more likely."""

    weight: int
    reasons: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The reasons in one sentence, without a full stop; behind an equal number what speaks against it."""
        against = [words.removeprefix(ANOTHER) for words in self.reasons if words.startswith(ANOTHER)]
        by_number = [words for words in self.reasons if words in (SAME_NHS.words, SAME_UPN.words)]
        rest = [words for words in self.reasons if words not in by_number and not words.startswith(ANOTHER)]
        if by_number and against:
            text = "; ".join([f"{' and '.join(by_number)}, but {ANOTHER}{', '.join(against)}", *rest])
        else:
            text = "; ".join(self.reasons)
        return text[:1].upper() + text[1:]


NOTHING = Evidence()


def read(
    *,
    forename: str = "",
    surname: str = "",
    birth_date: date | None = None,
    due_date: date | None = None,
    nhs_number: str = "",
    upn: str = "",
    address: str = "",
    sex: str = "",
    mother: str = "",
    mother_born: date | None = None,
    born_from: date | None = None,
    born_to: date | None = None,
    forms: Forms = NO_FORMS,
) -> Child:
    """A child as typed, ready to be compared. A number that fails its check digit counts by what it may have been."""
    valid = identifiers.normalise_nhs_number(nhs_number)
    return Child(
        forename=names.forename(forename, forms),
        surname=names.surname(surname),
        birth_date=birth_date,
        due_date=due_date,
        nhs_number=valid,
        repaired=frozenset() if valid else identifiers.repaired_nhs_numbers(nhs_number),
        upn=identifiers.normalise_upn(upn),
        place=places.read(address),
        sex=sex if sex in _SEXES else "",
        mother=names.surname(mother),
        mother_born=mother_born,
        born_from=born_from,
        born_to=born_to,
    )


def likeness(one: Child, other: Child) -> Likeness | None:
    """Why the two may be one child, or None where too little speaks for it."""
    found = [*_names(one, other), _dates(one, other), _places(one.place, other.place), _mothers(one, other)]
    found += _numbers(one, other)
    weight = sum(evidence.points for evidence in found)
    if weight < ENOUGH:
        return None
    return Likeness(weight=weight, reasons=tuple(evidence.words for evidence in found if evidence.words))


def _names(one: Child, other: Child) -> Iterator[Evidence]:
    if not (one.forename or one.surname) or not (other.forename or other.surname):
        yield Evidence(words="no name to compare")
        return
    mine, theirs = _forenames(one.forename, other.forename), _surnames(one.surname, other.surname)
    turned = _swapped(one, other)
    if turned.points > mine.points + theirs.points:
        # Other names count for nothing, but are said.
        yield from (turned,) if turned.points else (replace(mine, points=0), replace(theirs, points=0))
    elif one.forename and one.surname and names.same(one.forename, other.forename) and theirs is SAME_SURNAME:
        typed = (one.forename.typed, one.surname.typed) == (other.forename.typed, other.surname.typed)
        more = "" if typed else ", but for accents, hyphens or spaces"
        yield Evidence(points=mine.points + theirs.points, words=f"same name{more}")
    else:
        yield from (mine, theirs)


SAME_FORENAME = Evidence(points=7, words="same first name")
FORENAME_FORM = Evidence(points=6, words="another form of the first name")
FORENAME_PART = Evidence(points=6, words="one of two first names")
FORENAME_NEAR = Evidence(points=5, words="first name spelt nearly the same")
FORENAME_SOUND = Evidence(points=3, words="first name sounds alike")
FORENAME_INITIAL = Evidence(points=-2, words="another first name with the same initial")
FORENAME_OTHER = Evidence(points=-6, words="another first name")


def _forenames(one: Name, other: Name) -> Evidence:
    if not (one and other):
        return NOTHING
    ladder = (
        (names.same, SAME_FORENAME),
        (names.form_of, FORENAME_FORM),
        (names.shared_part, FORENAME_PART),
        (names.akin, FORENAME_FORM),
        (names.spelt_nearly, FORENAME_NEAR),
        (names.sounds_alike, FORENAME_SOUND),
        (names.same_initial, FORENAME_INITIAL),
    )
    return next((evidence for test, evidence in ladder if test(one, other)), FORENAME_OTHER)


SAME_SURNAME = Evidence(points=6, words="same surname")
SURNAME_PART = Evidence(points=5, words="part of a double surname")
SURNAME_NEAR = Evidence(points=5, words="surname spelt nearly the same")
SURNAME_SOUND = Evidence(points=3, words="surname sounds alike")
SURNAME_OTHER = Evidence(points=-4, words="another surname")


def _surnames(one: Name, other: Name) -> Evidence:
    if not (one and other):
        return NOTHING
    ladder = (
        (names.same, SAME_SURNAME),
        (names.shared_part, SURNAME_PART),
        (names.spelt_nearly, SURNAME_NEAR),
        (names.sounds_alike, SURNAME_SOUND),
    )
    return next((evidence for test, evidence in ladder if test(one, other)), SURNAME_OTHER)


def _swapped(one: Child, other: Child) -> Evidence:
    across = ((one.forename, other.surname), (one.surname, other.forename))
    if not all(mine and theirs for mine, theirs in across):
        return NOTHING
    if all(names.same(mine, theirs) for mine, theirs in across):
        return Evidence(points=12, words="first name and surname swapped")
    if all(names.shared_part(*pair) or names.spelt_nearly(*pair) or names.sounds_alike(*pair) for pair in across):
        return Evidence(points=6, words="first name and surname swapped, and spelt otherwise")
    return NOTHING


SAME_DATE = Evidence(points=9, words="same birth date")
SWAPPED_DATE = Evidence(points=7, words="day and month of the birth date swapped")
SLIPPED_DATE = Evidence(points=5, words="a digit of the birth date differs")
NEXT_YEAR = Evidence(points=5, words="birth dates a year apart")
OTHER_DATE = Evidence(points=-7, words="another birth date")
NO_DATE = Evidence(words="no birth date to compare")
SAME_YEAR = Evidence(points=2, words="born about the same year, one of the dates being 1 January")


def _dates(one: Child, other: Child) -> Evidence:
    born, also_born = one.birth_date, other.birth_date
    if born is None or also_born is None:
        return _ages(one, other) or _due(one, other)
    if not_known.date_is_none(born) or not_known.date_is_none(also_born):
        return _doubtful(born, also_born)
    if born == also_born:
        return SAME_DATE
    if birth_dates.swapped(born, also_born):
        return SWAPPED_DATE
    return _near_dates(born, also_born)


def _doubtful(born: date, also_born: date) -> Evidence:
    placeholder = not_known.is_placeholder(born) or not_known.is_placeholder(also_born)
    return NO_DATE if placeholder else SAME_YEAR if abs(born.year - also_born.year) <= 1 else OTHER_DATE


def _near_dates(born: date, also_born: date) -> Evidence:
    apart = abs((born - also_born).days)
    words = f"birth dates {apart} day{'s' if apart > 1 else ''} apart"
    if apart <= birth_dates.FEW_DAYS:
        return Evidence(points=5, words=words)
    if birth_dates.one_slip(born, also_born):
        return SLIPPED_DATE
    if birth_dates.a_year_apart(born, also_born):
        return NEXT_YEAR
    return Evidence(points=3, words=words) if apart <= birth_dates.MANY_DAYS else OTHER_DATE


ABOUT_THAT_AGE = Evidence(points=4, words="about that age")
SLACK = timedelta(days=366)


def _ages(one: Child, other: Child) -> Evidence | None:
    """What an estimated age says, on either side; None where there is none to be compared."""
    apart = years_apart(one, other)
    if apart is None:
        return None
    return ABOUT_THAT_AGE if not apart else OTHER_DATE if apart > SLACK else NO_DATE


def years_apart(one: Child, other: Child) -> timedelta | None:
    """How far the birth dates that two records leave are apart, nothing where they meet; None where one leaves none."""
    mine, theirs = _left(one), _left(other)
    if mine is None or theirs is None or (one.birth_date and other.birth_date):
        return None
    return max(mine[0] - theirs[1], theirs[0] - mine[1], timedelta(0))


def _left(child: Child) -> tuple[date, date] | None:
    if child.birth_date and not not_known.date_is_none(child.birth_date):
        return child.birth_date, child.birth_date
    return (child.born_from, child.born_to) if child.born_from and child.born_to else None


def _due(one: Child, other: Child) -> Evidence:
    mine, theirs = one.birth_date or one.due_date, other.birth_date or other.due_date
    if mine is None or theirs is None:
        return NO_DATE
    if abs((mine - theirs).days) <= 7 * DUE_WEEKS:
        return Evidence(points=6, words="the birth was due about then")
    return OTHER_DATE


SAME_HOUSE = Evidence(points=6, words="same address")
SAME_POSTCODE = Evidence(points=2, words="same postcode")


def _places(one: Place, other: Place) -> Evidence:
    if places.same(one, other):
        return SAME_HOUSE
    return SAME_POSTCODE if one.postcode and one.postcode == other.postcode else NOTHING


SAME_MOTHER = Evidence(points=6, words="same mother, by name and birth date")
NAMED_MOTHER = Evidence(points=4, words="mother of the same name")


def _mothers(one: Child, other: Child) -> Evidence:
    """Brothers and sisters have one mother too: she speaks for two records, and is never enough."""
    if not (one.mother and other.mother and names.same(one.mother, other.mother)):
        return NOTHING
    if one.mother_born is None or other.mother_born is None:
        return NAMED_MOTHER
    return SAME_MOTHER if one.mother_born == other.mother_born else NOTHING


SAME_NHS = Evidence(points=30, words="same NHS number")
SLIPPED_NHS = Evidence(points=6, words="an NHS number a slip away")
OTHER_NHS = Evidence(points=-9, words="but another NHS number")
SAME_UPN = Evidence(points=30, words="same unique pupil number")
OTHER_UPN = Evidence(points=-4, words="but another unique pupil number")


def _numbers(one: Child, other: Child) -> Iterator[Evidence]:
    mine, theirs = _possible(one), _possible(other)
    if one.nhs_number and other.nhs_number:
        yield SAME_NHS if one.nhs_number == other.nhs_number else OTHER_NHS
    elif mine & theirs:
        yield SLIPPED_NHS
    if one.upn and other.upn:
        yield SAME_UPN if one.upn == other.upn else OTHER_UPN


def _possible(child: Child) -> frozenset[str]:
    return frozenset({child.nhs_number}) if child.nhs_number else child.repaired
