"""What can be corrected: one line a detail, read as the form reads it with which a contact is logged."""

from __future__ import annotations

from collections.abc import Mapping
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
from pathway.engine.intake.logging_contact import ContactInput
from rules.errors import Fault, InvalidInput
from rules.timing import written
from rules.words import nearest

VALUE = "value"


class Whose(StrEnum):
    """Whom a detail is about."""

    CHILD = "child"
    REFERRER = "referrer"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One detail: the column, what it is called, and whose it is.

    ``identity``: it tells who the child is, so that possible matches are judged again. ``long``: typed on lines.
    """

    name: str
    words: str
    whose: Whose
    identity: bool = False
    long: bool = False

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
    )
}


def called(name: str, *, child: bool) -> Detail:
    """The detail of a child, or of a contact and its referrer, with this name. Raises InvalidInput at ``field``."""
    known = {one.name: one for one in DETAILS.values() if (one.whose is Whose.CHILD) is child}
    spelt = name.strip().replace("-", "_").replace(" ", "_").casefold()
    found = known.get(spelt) or known.get(f"referrer_{spelt}")
    if found is None:
        problem = f"There is no detail {name!r} to correct" if name.strip() else "Nothing is chosen"
        raise InvalidInput.of("field", problem, nearest(spelt, known))
    return found


def read(detail: Detail, text: str) -> Any:
    """What was typed, as the log form reads it. Raises InvalidInput at ``value``."""
    if detail is RECEIVED:
        return _moment(text)
    value: Any = text
    if detail.is_day and text.strip():
        value = written.day(text, short_years=True)
        if value is None:
            raise InvalidInput.of(VALUE, "This is not a date", "Write day, month and year, such as 27 3 2009")
    read_as: Any = inputs.parse(_reader(detail), {VALUE: value})
    found = read_as.value
    if detail.name == "sex":
        found = found or "U"
    if detail.name == "referrer_email" and found and not addresses.usable(found):
        problem = "This is not an e-mail address that can be written to"
        raise InvalidInput.of(VALUE, problem, f"{addresses.mend(found)}, or leave it empty")
    return found


def _moment(text: str) -> datetime:
    found = written.moment(text)
    if found is None:
        raise InvalidInput([NO_MOMENT])
    return found.utc


@cache
def _reader(detail: Detail) -> type[BaseModel]:
    model = ChildInput if detail.whose is Whose.CHILD else ContactInput
    field = model.model_fields[detail.name]
    return create_model("OneDetail", __base__=Input, **{VALUE: (field.annotation, field)})  # type: ignore[call-overload, no-any-return]


def kept(value: object) -> str:
    """A value as a correction keeps it: days and moments in ISO form, nothing as the empty text."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def refuse_same(detail: Detail, old: object, new: object) -> None:
    """Raises InvalidInput where nothing would change."""
    if kept(old) == kept(new):
        raise InvalidInput(
            [Fault(place=VALUE, problem=f"This is the {detail.words} already", remedy="Type what is right")]
        )
