"""Who looked at which child's record, and who was refused."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import record_access
from pathway.web import paging
from pathway.web.looks.child_access_view import PAGE
from pathway.web.visit import Here, Visit
from storage.queries import access_rows, shown_rows
from storage.queries.access_rows import Wanted
from storage.sessions import ReadSession


def show(visit: Here, *, q: str = "", child: str = "", refused: str = "", page: str = "") -> Response:
    """The newest looks first, all or those at one child. Whose record is closed to the reader is not named."""
    number = paging.number_of(page)
    wanted = Wanted(
        words=q.strip()[:200],
        child=child.strip()[:40],
        refused_only=bool(refused),
        before=visit.look if q else None,
        closed=visit.closed,
    )
    with visit.reading() as session:
        _refuse_closed(visit, session, wanted.child)
        looks, count = access_rows.looks(session, wanted, offset=(number - 1) * paging.SIZE, limit=paging.SIZE)
        query = {"q": wanted.words, "child": wanted.child, "refused": refused}
        shown = paging.Page(number=number, count=count, path="/access-log", query=query)
        return visit.page("access_log.html", looks=looks, page=shown, wanted=wanted)


def _refuse_closed(visit: Visit, session: ReadSession, child: str) -> None:
    """Raises NotAllowed, after the refusal has been written down, where the child's record is closed to the reader."""
    asked = access_rows.persons(session, child) if child else ()
    for person_id in sorted(visit.closed.intersection(asked))[:1]:
        shown = shown_rows.of_child(session, person_id)
        record_access.open_record(visit.services.database, visit.actor, PAGE, shown, now=visit.now)
