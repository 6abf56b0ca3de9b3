"""Queries: what is odd on records and waits for somebody to look into it."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.children import oddities
from pathway.engine.children.oddities import QueryInput
from pathway.engine.referrers import visible_referrer
from pathway.web import forms, paging
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, PathwayError, Refused
from storage.queries import record_rows
from storage.queries.children import oddity_rows
from storage.queries.children.oddity_rows import Hidden


def show(visit: Here, tab: str = "", q: str = "", page: str = "") -> Response:
    """The open queries, or those that have been settled."""
    return _list(visit, settled=tab == "settled", words=q.strip()[:200], number=paging.number_of(page))


def settle(visit: Here, query_id: int, form: Posted) -> Response:
    """Settles one query with what was found out."""
    try:
        data = inputs.parse(QueryInput, {"note": form.get("note")})
        visit.change(lambda act: oddities.settle(act, query_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        wrong = form.where(**{f"note-{query_id}": form.get("note")}).refused(_placed(error, query_id))
        words, number = form.get("q"), paging.number_of(form.get("page"))
        return _list(visit, settled=False, words=words, number=number, status=error.status, wrong=wrong)
    return visit.go("/queries", notice="query-settled")


def _placed(error: PathwayError, query_id: int) -> PathwayError:
    """Every query of the page has a field of its own for the note."""
    if not isinstance(error, InvalidInput):
        return error
    return InvalidInput([replace(fault, place=f"note-{query_id}") for fault in error.faults])


def _list(
    visit: Visit, *, settled: bool, words: str, number: int, status: int = 200, wrong: Form | None = None
) -> Response:
    with visit.reading() as session:
        offset = (number - 1) * paging.SIZE
        hidden = Hidden(places=() if visit.sees_protected else visible_referrer.FACTS, children=visit.closed)
        lines, count = oddity_rows.lines(
            session,
            settled=settled,
            words=words,
            offset=offset,
            limit=paging.SIZE,
            hidden=hidden,
        )
        visit.shut(session, [line.contact.id for line in lines])
        query = {"tab": "settled" if settled else "", "q": words}
        shown = paging.Page(number=number, count=count, path="/queries", query=query)
        context = {"settled": settled, "words": words, "names": record_rows.names(session), "fresh": forms.fresh}
        return visit.page("queries.html", status=status, lines=lines, page=shown, form=wrong or Form(), **context)
