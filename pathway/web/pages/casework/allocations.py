"""The allocation list: who waits for a worker, and which transfers wait for an answer."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web import paging, typed
from pathway.web.visit import Here
from storage.queries.casework import allocation_list_rows, transfer_rows

MOST_TRANSFERS = 100


def show(visit: Here, *, team: str = "", page: str = "") -> Response:
    """Accepted children without a worker, by team: danger first, then the longest overdue."""
    number, team_id = paging.number_of(page), typed.whole(team) or None
    with visit.reading() as session:
        lines, count = allocation_list_rows.waiting(
            session, team_id=team_id, offset=(number - 1) * paging.SIZE, limit=paging.SIZE
        )
        query = {"team": team if team_id else ""}
        shown = paging.Page(number=number, count=count, path="/allocations", query=query)
        counts = allocation_list_rows.counts(session)
        waiting = transfer_rows.open_lines(session, limit=MOST_TRANSFERS)
        return visit.page(
            "allocations.html", lines=lines, page=shown, counts=counts, team_id=team_id, transfers=waiting
        )
