"""Who looked at one child, on the screen and as a file for a spreadsheet."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from starlette.responses import Response

from pathway.web.forms import Form
from pathway.web.looks import child_access_view
from pathway.web.looks.child_access_view import Asked
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound
from storage.queries import child_access_rows
from storage.queries.children import person_rows
from storage.queries.shown_rows import LARGEST
from storage.sessions import ReadSession
from storage.tables import Person

LONGEST = 200


def show(visit: Here, person_id: int) -> Response:
    """The newest looks first; a child who was merged with another leads to the one kept."""
    asked = _asked(visit)
    with visit.reading() as session:
        person = _person(session, person_id)
        kept = person_rows.kept_id(session, person_id)
        if kept != person_id:
            return visit.go(f"/children/{kept}/access-log{_query(asked)}")
        try:
            wanted = child_access_view.wanted(session, person_id, asked, closed=visit.closed)
        except InvalidInput as error:
            return _page(visit, asked, error, person=person)
        looks = child_access_rows.looks(session, wanted, limit=asked.limit + 1)
        older = str(looks[asked.limit - 1].access.id) if len(looks) > asked.limit else ""
        return _page(visit, asked, person=person, looks=looks[: asked.limit], older=older)


def export(visit: Here, person_id: int) -> Response:
    """All that was asked for as CSV; that it was exported is in the log, and so in the file itself."""
    asked = _asked(visit)
    with visit.reading() as session:
        person = _person(session, person_id)
        kept = person_rows.kept_id(session, person_id)
        try:
            wanted = child_access_view.wanted(session, kept, asked, closed=visit.closed)
        except InvalidInput as error:
            return _page(visit, asked, error, person=person)
        text = child_access_view.exported(session, wanted)
    headers = {"Content-Disposition": f'attachment; filename="access-log-of-child-{kept}.csv"'}
    # The mark at the beginning, without which spreadsheets take UTF-8 for something else.
    return Response(text.encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)


def _person(session: ReadSession, person_id: int) -> Person:
    person = session.get(Person, min(person_id, LARGEST))
    if person is None:
        raise NotFound(f"There is no child with number {person_id}; open the chronology and go on from there.")
    return person


def _asked(visit: Visit) -> Asked:
    given = visit.request.query_params
    return Asked(**{name: given.get(name, "").strip()[:LONGEST] for name in asdict(Asked())})


def _query(asked: Asked, **changed: str) -> str:
    query = {name: text for name, text in {**asdict(asked), **changed}.items() if text}
    return f"?{urlencode(query)}" if query else ""


def _page(visit: Visit, asked: Asked, error: InvalidInput | None = None, **context: object) -> Response:
    form = Form(values={name: (text,) for name, text in asdict(asked).items()})
    return visit.page(
        "child_access.html",
        status=error.status if error else 200,
        form=form.refused(error) if error else form,
        asked=asked,
        said=child_access_view,
        query=lambda **changed: _query(asked, **changed),
        **{"looks": (), "older": "", **context},
    )
