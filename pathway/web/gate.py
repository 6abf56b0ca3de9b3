"""The gate of the pages: who may come in, what is written down of it, and what was typed is kept first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from notifications.smtp import catcher
from pathway.engine import record_access
from pathway.web import needs
from pathway.web.kept import typed_forms
from pathway.web.needs import Open, Route, Shows
from pathway.web.visit import SignInNeeded, Visit, arrive
from rules.errors import NotAllowed, NotFound
from storage.queries import shown_rows
from storage.queries.shown_rows import Shown


def gate(request: Request) -> None:
    """Lets a request through to its handler, or not; what no route table declares is refused.

    Raises SignInNeeded, NotAllowed, NotFound. Whoever looks at a child's record is written down, and so is a refusal.
    """
    route = _declared(request)
    visit = arrive(request)
    request.state.visit = visit
    request.state.keeps = route.keeps
    if route.needs in (Open.EVERYBODY, Open.CALL_BACK):
        return  # the page of a call-back asks for its token
    if not visit.signed_in:
        raise SignInNeeded(_kept_for_whoever_left(visit, route))
    if route.shows is Shows.NOTHING:
        needs.require(route, actor=visit.actor, book=visit.book)
    else:
        _look(visit, route, request.path_params)
    if _takes_text(request, route):
        typed_forms.keep(request, visit.actor, form_path=request.url.path, sent=True, now=visit.now)


def _takes_text(request: Request, route: Route) -> bool:
    return route.keeps and request.method == "POST"


def _kept_for_whoever_left(visit: Visit, route: Route) -> str:
    """The address of what was typed when the session had ended already; empty where nothing was kept."""
    request = visit.request
    if not _takes_text(request, route):
        return ""
    kept = typed_forms.keep_after_the_end(request, form_path=request.url.path, sent=True, now=visit.now)
    return typed_forms.way_back(kept.draft) if kept else ""


def _declared(request: Request) -> Route:
    table: Mapping[tuple[str, str], Route] = request.app.state.routes
    path = getattr(request.scope.get("route"), "path", "")
    route = table.get((request.method, path))
    if route is None:
        raise NotAllowed("This page is in no route table, so nobody may open it.")
    return route


def _look(visit: Visit, route: Route, params: Mapping[str, Any]) -> None:
    refused = ""
    try:
        needs.require(route, actor=visit.actor, book=visit.book)
    except NotAllowed as error:
        refused = str(error)
    shown, missing = record_access.NOTHING, None
    try:
        shown = _shown(visit, route, params)
    except NotFound as error:
        missing = error
    look_id = record_access.open_record(
        visit.services.database,
        visit.actor,
        route.title + shown.which,
        shown,
        now=visit.now,
        refused=refused,
        reason=str(missing or ""),
        words=visit.words,
    )
    visit.request.state.look = (look_id, set(shown.children))
    if missing is not None:
        raise missing


def _shown(visit: Visit, route: Route, params: Mapping[str, Any]) -> Shown:
    if route.shows is Shows.MAIL:
        params = {"mail": catcher.read(visit.mailbox, params["name"]).message_id}
    with visit.reading() as session:
        return shown_rows.shown(session, route.shows, params)
