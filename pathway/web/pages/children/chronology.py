"""The chronology of one child, on the screen and on paper."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web.views import chronology_view
from pathway.web.visit import Here
from rules.errors import NotFound
from storage.queries.children import person_rows
from storage.queries.shown_rows import LARGEST
from storage.tables import Person


def show(visit: Here, person_id: int, *, kind: str = "", significant: str = "") -> Response:
    """Everything dated about one child; a child who was merged with another leads to the one kept."""
    known = kind if kind in chronology_view.KINDS else ""
    with visit.reading() as session:
        person = session.get(Person, min(person_id, LARGEST))
        if person is None:
            raise NotFound(f"There is no child with number {person_id}; open the referral and go on from there.")
        kept = person_rows.kept_id(session, person_id)
        if kept != person_id:
            return visit.go(f"/children/{kept}/chronology")
        found = chronology_view.of_child(session, person, kind=known, significant=bool(significant))
        return visit.page(
            "chronology.html", chronology=found, kinds=chronology_view.KINDS, kind=known, significant=bool(significant)
        )
