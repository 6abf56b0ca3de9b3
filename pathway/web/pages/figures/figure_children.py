"""The children behind one number, as a list and as a file. Whoever is shut out of a record reads that there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from pathway.engine.figures import counting, figure_list
from pathway.engine.figures.figure_list import Naming
from pathway.importing import workbook_writer
from pathway.reports import cells, figures_out
from pathway.web.forms import Form
from pathway.web.pages.figures import sheet
from pathway.web.views.figures import asked_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput
from rules.figures.definitions import Definition
from rules.figures.derive import CHILDREN, local
from rules.figures.periods import PRESETS, Period
from storage.queries.figures import figure_rows
from storage.queries.figures.figure_rows import Listed, Wanted
from storage.queries.staff import worker_names
from storage.sessions import ReadSession
from storage.tables import id_of

SIZE = 50
MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One number of which somebody wants the children."""

    definition: Definition
    period: Period
    wanted: Wanted
    part: str


def show(visit: Here) -> Response:
    """The children, fifty at a time, and how many there are whom this person may not see."""
    form = asked_view.values(visit.request.query_params)
    try:
        asked = _asked(visit, form)
    except InvalidInput as error:
        return _refused(visit, form, error)
    with counting.counted(visit.services.database) as session:
        after = asked_view.place_of(form.get("after"))
        lines = figure_rows.page(session, asked.wanted, closed=visit.closed, after=after, limit=SIZE + 1)
        return _page(visit, session, asked, lines, form)


def csv(visit: Here) -> Response:
    """The same as CSV, all of them."""
    return _file(visit, "csv")


def xlsx(visit: Here) -> Response:
    """The same as a workbook."""
    return _file(visit, "xlsx")


def _refused(visit: Visit, form: Form, error: InvalidInput) -> Response:
    told = form.refused(error)
    return visit.page("reports.html", form=told, sheet=None, presets=PRESETS, weekly=False, status=error.status)


def _asked(visit: Visit, form: Form) -> Asked:
    definition = figure_list.find(visit.book, form.get("figure") or CHILDREN)
    period = asked_view.period_of(form, now=visit.now)
    parts = (form.get("part"),) if form.get("some") else ()
    wanted = figure_list.wanted(definition, period, *parts, today=local(visit.now).date())
    return Asked(definition=definition, period=period, wanted=wanted, part=form.get("part"))


def _naming(visit: Visit, session: ReadSession) -> Naming:
    return Naming(book=visit.book, workers=worker_names.by_number(session))


def _page(visit: Visit, session: ReadSession, asked: Asked, lines: Sequence[Listed], form: Form) -> Response:
    naming, more = _naming(visit, session), lines[SIZE - 1].place if len(lines) > SIZE else None
    some = {"part": asked.part, "some": form.get("some"), "figure": asked.definition.key}
    return visit.page(
        "figure_children.html",
        asked=asked,
        lines=lines[:SIZE],
        count=figure_rows.count(session, asked.wanted),
        hidden=figure_rows.hidden(session, asked.wanted, closed=visit.closed),
        name=figure_list.part_name(asked.definition, asked.part, naming) if form.get("some") else "",
        part_name=lambda part: figure_list.part_name(asked.definition, part, naming),
        reason=lambda line: figures_out.reason(line, naming),
        late_by=lambda line: figures_out.late_by(line, now=visit.now),
        query=asked_view.query(asked.period, **some),
        further=asked_view.query(asked.period, **some, after=asked_view.place_words(more)) if more else "",
        begun=bool(form.get("after")),
    )


def _file(visit: Visit, kind: str) -> Response:
    form = asked_view.values(visit.request.query_params)
    try:
        asked = _asked(visit, form)
    except InvalidInput as error:
        return _refused(visit, form, error)
    with counting.counted(visit.services.database) as session:
        lines = figure_rows.page(session, asked.wanted, closed=visit.closed, limit=MOST_EXPORTED)
        hidden = figure_rows.hidden(session, asked.wanted, closed=visit.closed)
        rows = [*figures_out.listed(lines, asked.definition, _naming(visit, session), now=visit.now)]
    visit.showed({id_of(person) for line in lines for _, person in line.children})
    rows += [*figures_out.left_out(hidden, cut=len(lines) == MOST_EXPORTED)]
    content = cells.as_bytes(rows) if kind == "csv" else workbook_writer.written([("Children", rows)])
    return sheet.as_file(content, f"children-{asked.period.start}-to-{asked.period.last}", kind)
