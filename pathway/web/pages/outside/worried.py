"""Worried about a child? And the council's own words: accessibility, privacy, help."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pathway.engine.rulebooks import published_books
from pathway.web.own_words import council_words
from pathway.web.views.outside import what_happens_view
from pathway.web.visit import Here, Visit
from storage.tables import Council


def show(visit: Here) -> Response:
    """What to do, what happens then, and what a good referral holds."""
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        book = published_books.current(session, now=visit.now).book
        texts = {name: words(visit, council, name) for name in ("worried", "thresholds", "good-referral")}
        duties, levels = what_happens_view.of_book(book), book.levels_of_need
        return visit.page("worried.html", council=council, texts=texts, duties=duties, levels=levels)


def accessibility(visit: Here) -> Response:
    """The accessibility statement."""
    return _own(visit, "accessibility", "Accessibility statement")


def privacy(visit: Here) -> Response:
    """The privacy notice."""
    return _own(visit, "privacy", "Privacy notice")


def help_page(visit: Here) -> Response:
    """Help for whoever fills in the form."""
    return _own(visit, "help", "Help with the form")


def words(visit: Visit, council: Council, name: str) -> Any:
    """One of the texts as HTML."""
    return council_words.html(name, visit.services.own_words, council)


def _own(visit: Visit, name: str, title: str) -> Response:
    with visit.reading() as session:
        council = session.get_one(Council, 1)
        return visit.page("own_words.html", council=council, title=title, text=words(visit, council, name))
