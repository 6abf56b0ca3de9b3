"""What somebody asks of the figures: a preset or days of one's own, a figure, some of its parts, and from where on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from pathway.engine.figures.mondays_sheet import Line
from pathway.web import typed
from pathway.web.forms import Form
from rules.errors import Fault, InvalidInput
from rules.figures import derive, periods
from rules.figures.periods import DAY, Period
from storage.queries.figures.figure_rows import Place

CHILDREN = "/reports/children"


def period_of(form: Form, *, now: datetime) -> Period:
    """The period: that of a preset, or from ``start`` to ``end``, both included. Raises InvalidInput for each field."""
    today = derive.local(now).date()
    key = form.get("period") or ("" if form.get("start") or form.get("end") else periods.USUAL)
    if key in periods.PRESETS:
        return periods.preset(key, today)
    start, end = typed.day(form.get("start")), typed.day(form.get("end"))
    faults = [
        Fault(place=place, problem="This is not a date", remedy=typed.DAY_REMEDY)
        for place, day in (("start", start), ("end", end))
        if day is None or day == date.max
    ]
    if start and end and not faults:
        faults = _odd(start, end)
    if faults or start is None or end is None:
        raise InvalidInput(faults)
    return Period(start=start, end=end + DAY)


def _odd(start: date, end: date) -> list[Fault]:
    if start > end:
        return [Fault(place="end", problem="The period ends before it begins", remedy="Give a later day")]
    if (end - start).days >= periods.LONGEST:
        return [Fault(place="end", problem="The period is longer than three years", remedy="Give a shorter one")]
    return []


def query(period: Period, **more: str) -> str:
    """The query of an address that asks for this period, as days: a link read tomorrow leads to the same children."""
    asked = {"start": period.start.isoformat(), "end": period.last.isoformat(), **more}
    return urlencode({name: text for name, text in asked.items() if text})


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of the children behind the numbers of a sheet."""

    period: Period

    def of(self, line: Line) -> str:
        """The rows behind one number."""
        only = (
            Period(start=line.wanted.start, end=line.wanted.end)
            if line.wanted.figure == derive.CONTACTS
            else self.period
        )
        more = {"figure": line.wanted.figure}
        if line.wanted.parts is not None:
            more |= {"part": line.part, "some": "yes"}
        return f"{CHILDREN}?{query(only, **more)}"

    def sheet(self, path: str) -> str:
        """The sheet of this period in another form."""
        return f"{path}?{query(self.period)}"


def place_of(text: str) -> Place | None:
    """From where on a list goes on; None for its beginning, and for what is no place."""
    at, _, number = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, typed.whole(number)) if moment.tzinfo is not None else None


def place_words(place: Place) -> str:
    """A place as part of an address."""
    return f"{place[0].isoformat()}~{place[1]}"


def values(query_params: Mapping[str, str]) -> Form:
    """What stands in the address, as a form."""
    return Form(values={name: (value[:200],) for name, value in query_params.items()})
