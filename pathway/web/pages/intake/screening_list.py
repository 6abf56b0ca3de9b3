"""The screening list, where work begins."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine.drafts import unfinished_contacts
from pathway.engine.referrers import visible_referrer
from pathway.web import paging
from pathway.web.visit import Here
from rules.vocabulary import State
from storage.queries.intake import screening_list_rows
from storage.queries.intake.screening_list_rows import Filters


def show(visit: Here, *, state: str = "", mine: str = "", q: str = "", page: str = "") -> Response:
    """Open referrals by time left, with filters."""
    known = state if state in set(State) else ""
    filters = Filters(
        state=known,
        mine=visit.actor.username if mine else "",
        words=q.strip()[:200],
        closed=visit.closed,
        sees_protected=visit.sees_protected,
    )
    number = paging.number_of(page)
    with visit.reading() as session:
        lines, count = screening_list_rows.lines(session, filters, offset=(number - 1) * paging.SIZE, limit=paging.SIZE)
        lines = [
            replace(line, contact=visible_referrer.as_seen(line.contact, sees=visit.sees_protected)) for line in lines
        ]
        query = {"state": known, "mine": mine, "q": filters.words}
        shown = paging.Page(number=number, count=count, path="/referrals", query=query)
        unfinished = unfinished_contacts.listed(session, visit.actor, visit.book, now=visit.now)
        return visit.page(
            "screening_list.html",
            lines=lines,
            page=shown,
            filters=filters,
            states=list(State),
            unfinished=unfinished,
        )
