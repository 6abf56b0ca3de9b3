"""Do we know this child? The search that stands in the header of every page, and its answers."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.children import finding, kept_back
from pathway.web.views import found_view
from pathway.web.visit import Here


def show(visit: Here, *, q: str = "", wider: str = "") -> Response:
    """The people whom the words find. Whoever is named on a restricted record that fits is told before that is said."""
    words = q.strip()[: finding.LONGEST]
    with visit.reading() as session:
        answer = finding.find(session, visit.actor, words, now=visit.now, wider=bool(wider))
    if answer.kept_back:
        visit.change(lambda act: kept_back.tell(act, words))
    with visit.reading() as session:
        people = found_view.people(session, answer, now=visit.now)
        return visit.page("find.html", answer=answer, people=people, words=words, said=found_view)
