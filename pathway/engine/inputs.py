"""What people type, checked field by field before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from notifications import addresses
from rules.errors import Fault, InvalidInput

LONGEST_TEXT = 100_000
LARGEST_NUMBER = 2**31 - 1  # that a column can hold


def tidy(value: object) -> object:
    """Typed text with single blanks."""
    return " ".join(value.split()) if isinstance(value, str) else value


def tidy_lines(value: object) -> object:
    """Typed text with single blanks, on the lines on which it was typed."""
    return "\n".join(map(str, map(tidy, value.splitlines()))) if isinstance(value, str) else value


def _optional(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, Field(max_length=500), BeforeValidator(tidy)]
NeededLine = Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(tidy)]
Lines = Annotated[str, Field(max_length=500), BeforeValidator(tidy_lines)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
NeededText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Number = Annotated[int, Field(ge=0, le=LARGEST_NUMBER)]
OptionalNumber = Annotated[Number | None, BeforeValidator(_optional)]
OptionalDate = Annotated[date | None, BeforeValidator(_optional)]
OptionalMoment = Annotated[AwareDatetime | None, BeforeValidator(_optional)]
OptionalAnswer = Annotated[bool | None, BeforeValidator(_optional)]


EmailLine = Annotated[str, Field(max_length=500), BeforeValidator(tidy), BeforeValidator(addresses.freed)]
NeededEmail = Annotated[
    str, Field(min_length=1, max_length=500), BeforeValidator(tidy), BeforeValidator(addresses.freed)
]


class Input(BaseModel):
    """What somebody types for one command; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ReasonInput(Input):
    """Why something is done that needs its reason."""

    reason: NeededText


_Model = TypeVar("_Model", bound=BaseModel)

_FROM_A_LIST = "Choose from the list"
_PROBLEMS = {
    "missing": "This is needed",
    "string_too_short": "This is needed",
    "less_than_equal": "There is none with this number",
    "greater_than_equal": "There is none with this number",
    "int_parsing_size": "There is none with this number",
}
_REMEDIES = {
    "missing": "Fill it in",
    "string_too_short": "Fill it in",
    "string_too_long": "Shorten it, or attach the rest to the record",
    "too_short": "Add at least one child",
    "too_long": "Log the other children in a contact of their own",
    "date_from_datetime_parsing": "Give a date such as 2009-03-27",
    "timezone_aware": "Give the moment with its time zone",
    "extra_forbidden": "Leave it out",
    "less_than_equal": _FROM_A_LIST,
    "greater_than_equal": _FROM_A_LIST,
    "int_parsing_size": _FROM_A_LIST,
}


def parse(model: type[_Model], fields: Mapping[str, Any]) -> _Model:
    """The validated input. Raises InvalidInput with one fault a field, such as ``children.0.birth_date``."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput([_fault(dict(found)) for found in error.errors()]) from error


def _fault(found: Mapping[str, Any]) -> Fault:
    place = ".".join(str(part) for part in found["loc"])
    kind = str(found["type"])
    problem = _too_long(found) if kind == "string_too_long" else _PROBLEMS.get(kind, str(found["msg"]))
    return Fault(place=place, problem=problem, remedy=_REMEDIES.get(kind, "Correct it"))


def _too_long(found: Mapping[str, Any]) -> str:
    most, typed = int(found["ctx"]["max_length"]), len(str(found["input"]).strip())
    return f"This has {typed:,} characters, and {most:,} can be recorded. Nothing of it was cut"


def refuse_future(place: str, moment: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for a moment that has not come yet."""
    if moment > now:
        raise InvalidInput.of(place, "This moment lies in the future", "Give the moment when it really happened")
