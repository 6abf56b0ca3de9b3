"""The timeliness report as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.responses import Response

from pathway.reports import timeliness
from pathway.reports.timeliness import Row, Timeliness
from pathway.web import times, typed
from pathway.web.forms import Form
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What was asked for."""

    start: date
    end: date
    as_at: datetime


def show(visit: Here) -> Response:
    """The period's figures; without one, those of the last four weeks."""
    query = visit.request.query_params
    form = Form(values={name: (value,) for name, value in query.items()}) if "start" in query else _usual(visit)
    try:
        period = _period(visit, form)
    except InvalidInput as error:
        return _page(visit, form.refused(error), None, status=error.status)
    with visit.reading() as session:
        report = timeliness.measure(session, start=period.start, end=period.end, as_at=period.as_at)
    return _page(visit, form, report)


def _page(visit: Visit, form: Form, report: Timeliness | None, *, status: int = 200) -> Response:
    rows = _rows(report) if report else {}
    return visit.page("timeliness.html", form=form, report=report, status=status, **rows)


def _rows(report: Timeliness) -> Mapping[str, Sequence[object]]:
    weeks = [(_week(row), row) for row in report.by_week]
    return {
        "bars": [Bar(label=week, decided=row.decided.percent, told=row.told.percent) for week, row in weeks],
        "week_rows": weeks,
        "source_rows": [(f"{row.source_code} {row.source}", row) for row in report.by_source],
    }


def _week(row: Row) -> str:
    return f"{row.week.day} {row.week:%b %Y}" if row.week else ""


def _usual(visit: Visit) -> Form:
    today = times.local(visit.now).date()
    monday = today - timedelta(days=today.weekday() + 21)
    return Form(values={"start": (f"{monday:%d/%m/%Y}",), "end": (f"{today:%d/%m/%Y}",)})


def _period(visit: Visit, form: Form) -> Period:
    start, end = typed.day(form.get("start")), typed.day(form.get("end"))
    faults = [
        Fault(place=place, problem="This is not a date", remedy=typed.DAY_REMEDY)
        for place, day in (("start", start), ("end", end))
        if day is None
    ]
    if start and end and start > end:
        faults.append(Fault(place="end", problem="The period ends before it begins", remedy="Give a later day"))
    if start and end and end - start > LONGEST:
        faults.append(Fault(place="end", problem="The period is longer than three years", remedy="Give a shorter one"))
    as_at = _as_at(visit, form, faults)
    if faults or start is None or end is None:
        raise InvalidInput(faults)
    return Period(start=start, end=end, as_at=as_at)


def _as_at(visit: Visit, form: Form, faults: list[Fault]) -> datetime:
    if not form.get("as_at").strip():
        return visit.now
    try:
        return typed.moment(form.get("as_at"), form.get("as_at_time") or "23:59", place="as_at").utc
    except InvalidInput as error:
        faults += error.faults
        return visit.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One week's pair of bars: percentages, None where there is nothing to judge."""

    label: str
    decided: float | None
    told: float | None
