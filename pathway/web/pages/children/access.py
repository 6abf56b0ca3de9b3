"""Who looked at which child's record, and who was refused."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web import paging
from pathway.web.visit import Here
from storage.queries import access_rows


def show(visit: Here, q: str = "", refused: str = "", page: str = "") -> Response:
    """The newest looks first."""
    number, words = paging.number_of(page), q.strip()[:200]
    with visit.reading() as session:
        looks, count = access_rows.looks(
            session, words=words, refused_only=bool(refused), offset=(number - 1) * paging.SIZE, limit=paging.SIZE
        )
        shown = paging.Page(number=number, count=count, path="/access-log", query={"q": words, "refused": refused})
        return visit.page("access_log.html", looks=looks, page=shown, words=words, refused=bool(refused))
