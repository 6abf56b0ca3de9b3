"""The adopted rulebook in words, with the pathway as a picture."""

from __future__ import annotations

from markupsafe import Markup
from starlette.responses import Response

from pathway.web.visit import Here
from rules import pathway
from rules.books import describe, diagram

WORDS = {
    "limit": describe.limit_words,
    "start": describe.start_words,
    "stop": describe.stop_words,
}


def show(visit: Here) -> Response:
    """What the book says, with the source of each rule."""
    arrows = [diagram.in_words(arrow) for arrow in pathway.TRANSITIONS]
    picture = Markup(diagram.svg())  # noqa: S704 - made by the rules from their own words, which they escape
    return visit.page("rulebook.html", book=visit.book, arrows=arrows, picture=picture, words=WORDS)
