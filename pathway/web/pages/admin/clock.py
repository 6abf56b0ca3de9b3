"""The clock in doubt: what is known of it, and the button by which somebody who may says that it is right."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.watch import clock_doubts
from pathway.web.visit import Here
from storage.queries import hold_rows


def show(visit: Here) -> Response:
    """Whether the clock is in doubt, why, and who may end that."""
    with visit.reading() as session:
        doubt = hold_rows.doubt(session)
        return visit.page("clock.html", doubt=doubt, may=clock_doubts.may_accept(session, visit.actor))


def accept(visit: Here) -> Response:
    """The clock is right; everything goes on."""
    visit.change(clock_doubts.accept)
    return visit.go("/clock", notice="clock-accepted")
