"""What can be corrected: one line a detail, read as the form reads it with which a contact is logged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, create_model

from notifications import addresses
from pathway.engine import inputs
from pathway.engine.children.child_input import ChildInput
from pathway.engine.inputs import Input
from pathway.engine.intake.adults import AdultInput
from pathway.engine.intake.logging_contact import ContactInput
from rules.errors import Fault, InvalidInput
from rules.relations import Relation
from rules.timing import written
from rules.words import nearest

VALUE = "value"


class Whose(StrEnum):
    """Whom a detail is about."""

    CHILD = "child"
    REFERRER = "referrer"
    CONTACT = "contact"
    ADULT = "adult"


OF_CHILD = frozenset((Whose.CHILD,))
OF_CONTACT = frozenset((Whose.REFERRER, Whose.CONTACT))
OF_ADULT = frozenset((Whose.ADULT,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One detail: the column, what it is called, and whose it is.

    ``identity``: it tells who the child is, so that possible matches are judged again. ``long``: typed on lines.
    ``each``: an adult has it for each child.
    """

    name: str
    words: str
    whose: Whose
    identity: bool = False
    long: bool = False
    each: bool = False

    @property
    def column(self) -> str:
        """The column of its table: an adult's name is kept under another word than a child's."""
        return self.name.removeprefix("adult_")

    @property
    def is_day(self) -> bool:
        """True for a birth or due date."""
        return self.name.endswith("_date")


def _child(name: str, words: str, *, identity: bool = True) -> Detail:
    return Detail(name=name, words=words, whose=Whose.CHILD, identity=identity)


def _referrer(name: str, words: str, *, long: bool = False) -> Detail:
    return Detail(name=f"referrer_{name}", words=words, whose=Whose.REFERRER, long=long)


def _contact(name: str, words: str, *, long: bool = False) -> Detail:
    return Detail(name=name, words=words, whose=Whose.CONTACT, long=long)


def _adult(name: str, words: str, *, long: bool = False) -> Detail:
    return Detail(name=f"adult_{name}", words=f"adult’s {words}", whose=Whose.ADULT, long=long)


def _of_each(name: str, words: str) -> Detail:
    return Detail(name=f"adult_{name}", words=words, whose=Whose.ADULT, each=True)


MISTAKE = Detail(name="adult_mistake", words="adult named by mistake", whose=Whose.ADULT)
RELATION = _of_each("relation", "relation to the child")
RECEIVED = _contact("received_at", "time of receipt")
NO_MOMENT = Fault(
    place=VALUE, problem="This is not a date with a time of day", remedy="Write both, such as 27 3 2009 16:40"
)
DETAILS: Mapping[str, Detail] = {
    detail.name: detail
    for detail in (
        _child("forename", "first names"),
        _child("surname", "last name"),
        _child("birth_date", "birth date"),
        _child("due_date", "due date"),
        _child("about_age", "estimated age"),
        _child("sex", "sex"),
        _child("ethnicity", "ethnicity", identity=False),
        _child("nhs_number", "NHS number"),
        _child("upn", "unique pupil number"),
        _child("address", "address"),
        _child("school", "school or nursery", identity=False),
        _child("disability", "disability", identity=False),
        _child("religion", "religion", identity=False),
        _child("language", "first language", identity=False),
        _child("gp", "GP", identity=False),
        _child("health_visitor", "health visitor", identity=False),
        _child("mother", "mother’s name"),
        _child("mother_birth_date", "mother’s birth date"),
        _referrer("name", "referrer’s name"),
        _referrer("agency", "referrer’s agency"),
        _referrer("role", "referrer’s role"),
        _referrer("phone", "referrer’s telephone"),
        _referrer("email", "referrer’s e-mail"),
        _referrer("address", "referrer’s address", long=True),
        RECEIVED,
        _contact("channel", "channel"),
        _contact("concern_facts", "facts", long=True),
        _contact("professional_opinion", "professional opinion", long=True),
        _contact("consent", "whether the family knows"),
        _adult("forename", "first names"),
        _adult("surname", "last name"),
        _adult("birth_date", "birth date"),
        _adult("phone", "telephone"),
        _adult("language", "language"),
        _adult("interpreter", "need of an interpreter"),
        _adult("risk", "known risk to workers", long=True),
        RELATION,
        _of_each("parental_responsibility", "parental responsibility for the child"),
        _of_each("lives_there", "living with the child"),
        MISTAKE,
    )
}


def called(name: str, whose: Collection[Whose]) -> Detail:
    """The detail with this name of a child, of a contact and its referrer, or of an adult.

    Raises InvalidInput at ``field``.
    """
    known = {one.name: one for one in DETAILS.values() if one.whose in whose}
    spelt = name.strip().replace("-", "_").replace(" ", "_").casefold()
    found = next((known[one] for one in (spelt, f"referrer_{spelt}", f"adult_{spelt}") if one in known), None)
    if found is None:
        problem = f"There is no detail {name!r} to correct" if name.strip() else "Nothing is chosen"
        raise InvalidInput.of("field", problem, nearest(spelt, known))
    return found


def read(detail: Detail, text: str) -> Any:
    """What was typed, as the log form reads it. Raises InvalidInput at ``value``."""
    if detail is RECEIVED:
        return _moment(text)
    if detail is RELATION:
        return _relation(text)
    value = _day(text) if detail.is_day and text.strip() else text
    if detail.name == "adult_interpreter":
        value = text.strip() or False
    read_as: Any = inputs.parse(_reader(detail), {VALUE: value})
    found = read_as.value
    if detail.name == "sex":
        found = found or "U"
    if detail.name == "referrer_email" and found and not addresses.usable(found):
        problem = "This is not an e-mail address that can be written to"
        raise InvalidInput.of(VALUE, problem, f"{addresses.mend(found)}, or leave it empty")
    return found


def _day(text: str) -> Any:
    value = written.day(text, short_years=True)
    if value is None:
        raise InvalidInput.of(VALUE, "This is not a date", "Write day, month and year, such as 27 3 2009")
    return value


def _relation(text: str) -> str:
    """A relation of the list; the empty text where the adult is nothing to the child."""
    found = text.strip().casefold()
    if found and found not in list(Relation):
        raise InvalidInput.of(VALUE, f"There is no relation {found}", nearest(found, list(Relation)))
    return found


def _moment(text: str) -> datetime:
    found = written.moment(text)
    if found is None:
        raise InvalidInput([NO_MOMENT])
    return found.utc


_READ_AS: Mapping[Whose, type[Input]] = {
    Whose.CHILD: ChildInput,
    Whose.REFERRER: ContactInput,
    Whose.CONTACT: ContactInput,
    Whose.ADULT: AdultInput,
}


@cache
def _reader(detail: Detail) -> type[BaseModel]:
    field = _READ_AS[detail.whose].model_fields[detail.column]
    return create_model("OneDetail", __base__=Input, **{VALUE: (field.annotation, field)})  # type: ignore[call-overload, no-any-return]


def kept(value: object) -> str:
    """A value as a correction keeps it: days and moments in ISO form, yes or no, nothing as the empty text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def refuse_same(detail: Detail, old: object, new: object) -> None:
    """Raises InvalidInput where nothing would change."""
    if kept(old) == kept(new):
        raise InvalidInput(
            [Fault(place=VALUE, problem=f"This is the {detail.words} already", remedy="Type what is right")]
        )
