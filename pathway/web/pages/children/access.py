"""Who looked at which child's record, and who was refused."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web import paging
from pathway.web.visit import Here
from storage.queries import access_rows
from storage.queries.access_rows import Wanted


def show(visit: Here, *, q: str = "", child: str = "", refused: str = "", page: str = "") -> Response:
    """The newest looks first, all or those at one child."""
    number = paging.number_of(page)
    wanted = Wanted(
        words=q.strip()[:200], child=child.strip()[:40], refused_only=bool(refused), before=visit.look if q else None
    )
    with visit.reading() as session:
        looks, count = access_rows.looks(session, wanted, offset=(number - 1) * paging.SIZE, limit=paging.SIZE)
        query = {"q": wanted.words, "child": wanted.child, "refused": refused}
        shown = paging.Page(number=number, count=count, path="/access-log", query=query)
        return visit.page("access_log.html", looks=looks, page=shown, wanted=wanted)
