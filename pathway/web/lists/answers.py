"""The answer that shows a list: with its saved views, and kept as the list to come back to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pathway.engine.staff import saved_views
from pathway.web.kept import list_back
from pathway.web.kept.list_back import Back
from pathway.web.lists.filtered import Filtered
from pathway.web.visit import Visit
from storage.queries.lists import saved_view_rows
from storage.sessions import ReadSession
from storage.tables import SavedView


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The saved views of a list, as this person sees them."""

    views: Sequence[SavedView]
    filtered: Filtered
    may_share: bool

    def href(self, view: SavedView) -> str:
        """Where a view is opened."""
        return f"{view.path}?{view.query}" if view.query else view.path

    def is_open(self, view: SavedView) -> bool:
        """True where the list is filtered as the view is."""
        return view.query == self.filtered.query


def show(visit: Visit, session: ReadSession, template: str, filtered: Filtered, **context: Any) -> Response:
    """The page of a list; ``context`` is the list's own."""
    views = Views(
        views=saved_view_rows.seen_by(session, visit.actor.username, path=filtered.offer.path),
        filtered=filtered,
        may_share=saved_views.may_share(visit.actor, visit.book),
    )
    response = visit.page(template, filtered=filtered, views=views, **context)
    if visit.request.method != "GET":
        return response
    back = Back(href=filtered.here, title=filtered.offer.title)
    return list_back.keep(response, visit.request, visit.actor.username, back)
