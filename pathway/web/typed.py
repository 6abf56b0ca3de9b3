"""Dates and times as people type them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

from pydantic import BaseModel

from pathway.engine import inputs
from pathway.engine.inputs import ReasonInput
from pathway.web.forms import Form
from rules.errors import Fault, InvalidInput
from rules.timing import written, zones
from rules.timing.zones import LONDON

LARGEST = 2**31 - 1
LONGEST_NUMBER = 10
DAY_REMEDY = "Write day, month and year, such as 27 3 2009"
TIME_REMEDY = "Write hours and minutes, such as 16:40"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A local date and time as a UTC moment.

    ``existed`` is False for a time that the clocks jumped over, ``twice`` True for one that they went back over.
    """

    utc: datetime
    existed: bool = True
    twice: bool = False


def day(text: str) -> date | None:
    """The date that somebody means, day first as in Britain; None where it is none."""
    return written.day(text, short_years=True)


def clock(text: str) -> time | None:
    """The time of day that somebody means: 16:40, 16.40, 1640, 4.40pm; None where it is none."""
    return written.clock(text)


def moment(day_text: str, clock_text: str, *, place: str) -> Moment:
    """The moment of a local date and time; an hour that happens twice is the first, one that does not exist its end.

    Raises InvalidInput at ``place`` for the date and at ``place``_time for the time.
    """
    on, at = day(day_text), clock(clock_text)
    faults = []
    if on is None:
        faults.append(Fault(place=place, problem="This is not a date", remedy=DAY_REMEDY))
    if at is None:
        faults.append(Fault(place=f"{place}_time", problem="This is not a time of day", remedy=TIME_REMEDY))
    if on is None or at is None:
        raise InvalidInput(faults)
    there = datetime.combine(on, at)
    return Moment(utc=zones.localise(there, LONDON), existed=zones.existed(there, LONDON), twice=_happened_twice(there))


def _happened_twice(there: datetime) -> bool:
    place = zones.zone_named(LONDON)
    first, second = (there.replace(tzinfo=place, fold=fold).utcoffset() for fold in (0, 1))
    return zones.existed(there, LONDON) and first != second


def whole(text: str) -> int:
    """A whole number from 1 up that a column can hold; 0 for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else 0
    return number if number <= LARGEST else 0


Model = TypeVar("Model", bound=BaseModel)


def reason(form: Form) -> ReasonInput:
    """What a form says that asks for a reason alone. Raises InvalidInput."""
    return inputs.parse(ReasonInput, {"reason": form.get("reason")})


def parse(
    model: type[Model], fields: Mapping[str, Any], faults: Sequence[Fault], *, unread: Collection[str] = ()
) -> Model:
    """The validated input. Raises InvalidInput with ``faults``, found before, and all that the model finds elsewhere.

    ``unread`` are fields whose parts have been judged already, so that the model's word on them says nothing new.
    """
    places = {fault.place for fault in faults} | (set(unread) if faults else set())
    try:
        data = inputs.parse(model, fields)
    except InvalidInput as error:
        raise InvalidInput([*faults, *(fault for fault in error.faults if fault.place not in places)]) from error
    if faults:
        raise InvalidInput(faults)
    return data
