"""My children: what a social worker holds, what is due, and what waits for the worker's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from pathway.engine.casework import caseloads, transfer_sides
from pathway.engine.casework.caseloads import Load
from pathway.engine.watch import acknowledging
from pathway.web.views import clock_view
from pathway.web.views.clock_view import ClockView
from pathway.web.visit import Here, Visit
from storage.queries.casework import my_children_rows, transfer_rows
from storage.queries.casework.my_children_rows import Mine
from storage.sessions import ReadSession
from storage.tables import Alert, Worker, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child on the page, with what is due for it, the soonest first."""

    mine: Mine
    clocks: Sequence[ClockView]


def show(visit: Here) -> Response:
    """The worker's own children; a word about what is missing where the user is no worker."""
    with visit.reading() as session:
        worker = transfer_sides.worker_of(session, visit.actor)
        if worker is None:
            return visit.page("my_children.html", worker=None)
        return _page(visit, session, worker)


def _page(visit: Visit, session: ReadSession, worker: Worker) -> Response:
    children = [
        Child(mine=mine, clocks=clock_view.views(session, mine.clocks, now=visit.now))
        for mine in my_children_rows.of_worker(session, id_of(worker))
    ]
    load: Load = caseloads.load_of(session, worker, now=visit.now)
    return visit.page(
        "my_children.html",
        worker=worker,
        children=children,
        load=load,
        alerts=_alerts(visit, session, worker),
        transfers=transfer_rows.open_of_worker(session, id_of(worker)),
    )


def _alerts(visit: Visit, session: ReadSession, worker: Worker) -> Sequence[tuple[Alert, bool]]:
    """Each alert about the worker's children, and whether it is the worker's to acknowledge; those first."""
    found = [
        (alert, not acknowledging.why_not(session, alert, visit.actor, visit.book))
        for alert in my_children_rows.alerts(session, id_of(worker))
    ]
    return sorted(found, key=lambda pair: not pair[1])
