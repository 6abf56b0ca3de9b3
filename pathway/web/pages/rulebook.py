"""The adopted rulebook in words, with the pathway as a picture."""

from __future__ import annotations

from starlette.responses import Response

from pathway.web.visit import Here
from rules import pathway


def show(visit: Here) -> Response:
    """What the book says, with the source of each rule."""
    return visit.page("rulebook.html", book=visit.book, transitions=pathway.TRANSITIONS, diagram="")
