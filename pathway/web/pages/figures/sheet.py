"""Monday's sheet as a page, on paper and as a file, and asking for it by e-mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.figures import counting, mondays_sheet
from pathway.engine.figures.mondays_sheet import Sheet
from pathway.engine.watch import weekly_figures
from pathway.engine.watch.weekly_figures import WeeklyInput
from pathway.importing import workbook_writer
from pathway.reports import cells, figures_out
from pathway.web.forms import Form, Posted
from pathway.web.views.figures import asked_view
from pathway.web.views.figures.asked_view import Links
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, PathwayError
from rules.figures import periods
from storage.queries.figures import weekly_rows

PATH = "/reports"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(visit: Here) -> Response:
    """The figures of a period; without one, those of last week."""
    return _shown(visit, "reports.html")


def paper(visit: Here) -> Response:
    """The same on one page of paper, with what each figure means."""
    return _shown(visit, "print_figures.html")


def csv(visit: Here) -> Response:
    """The same as CSV."""
    return _file(
        visit, "csv", lambda sheet: cells.as_bytes([*figures_out.rows(sheet), (), *figures_out.definitions(sheet)])
    )


def xlsx(visit: Here) -> Response:
    """The same as a workbook; what each figure means is a sheet of its own."""
    return _file(visit, "xlsx", _workbook)


def weekly(visit: Here, form: Posted) -> Response:
    """Begins or ends the e-mail of every Monday morning."""
    wants = form.get("weekly") == "yes"
    visit.change(lambda act: weekly_figures.choose(act, WeeklyInput(wants=wants)), form.token)
    return visit.go(PATH, notice="weekly-figures" if wants else "no-weekly-figures")


def _workbook(sheet: Sheet) -> bytes:
    return workbook_writer.written(
        [("Figures", figures_out.rows(sheet)), ("What they mean", figures_out.definitions(sheet))]
    )


def _shown(visit: Visit, template: str) -> Response:
    form = asked_view.values(visit.request.query_params)
    try:
        sheet = _sheet(visit, form)
    except InvalidInput as error:
        return _page(visit, "reports.html", form.refused(error), None, status=error.status)
    return _page(visit, template, form, sheet)


def _sheet(visit: Visit, form: Form) -> Sheet:
    period = asked_view.period_of(form, now=visit.now)
    with counting.counted(visit.services.database) as session:
        return mondays_sheet.measure(session, visit.book, period, now=visit.now)


def _page(visit: Visit, template: str, form: Form, sheet: Sheet | None, *, status: int = 200) -> Response:
    with visit.reading() as session:
        asked = weekly_rows.of_user(session, visit.actor.username)
    context: Mapping[str, Any] = {"links": Links(sheet.period), "about": figures_out.about(sheet)} if sheet else {}
    return visit.page(
        template, form=form, sheet=sheet, presets=periods.PRESETS, status=status, weekly=asked is not None, **context
    )


def _file(visit: Visit, kind: str, made: Callable[[Sheet], bytes]) -> Response:
    form = asked_view.values(visit.request.query_params)
    try:
        sheet = _sheet(visit, form)
        content = made(sheet)
    except PathwayError as error:
        refused = form.refused(error) if isinstance(error, InvalidInput) else form
        return _page(visit, "reports.html", refused, None, status=error.status)
    return as_file(content, f"figures-{sheet.period.start}-to-{sheet.period.last}", kind)


def as_file(content: bytes, name: str, kind: str) -> Response:
    """A file to be kept, of a kind that a spreadsheet opens."""
    media = {"csv": "text/csv; charset=utf-8", "xlsx": EXCEL}[kind]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(content, media_type=media, headers=headers)
