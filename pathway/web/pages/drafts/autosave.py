"""What a form's script sends while somebody types, and throwing away what was kept."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route as Served

from pathway.engine.drafts import keeping
from pathway.engine.drafts.keeping import Kept
from pathway.web import needs, times, typed
from pathway.web.forms import Posted
from pathway.web.kept import typed_forms
from pathway.web.needs import Route
from pathway.web.visit import Here, SignInNeeded, Visit
from rules.errors import NotFound

BESIDE = "beside another text that was typed on another page or device"
ENDED = "Your session has ended: send the form, and you are asked to sign in"
NO_FORM = "Nothing was typed into a form at this address of which text is kept."
SENT = "This form was sent already. What you type here now is not kept: open the form again"


def keep(visit: Here, _: Posted, of: str = "") -> Response:
    """Keeps what was typed into the form at the address ``of``; after the session's end for whoever was given it.

    Raises NotAllowed, NotFound, SignInNeeded.
    """
    route = _form_at(visit.request, of)
    kept = _keep(visit, route, of)
    if kept is None and not visit.signed_in:
        raise SignInNeeded
    if kept is None:
        raise NotFound(NO_FORM)
    return JSONResponse({"token": kept.draft.token, "version": kept.draft.version, "words": _words(visit, kept)})


def _keep(visit: Visit, route: Route | None, path: str) -> Kept | None:
    if route is None:
        return None
    if not visit.signed_in:
        return typed_forms.keep_after_the_end(visit.request, form_path=path, sent=False, now=visit.now)
    needs.require(route, actor=visit.actor, book=visit.book)
    return typed_forms.keep(visit.request, visit.actor, form_path=path, sent=False, now=visit.now)


def _form_at(request: Request, path: str) -> Route | None:
    """The route of the form at an address, where what is typed into it is kept."""
    table: Mapping[tuple[str, str], Route] = request.app.state.routes
    for one in request.app.routes:
        if isinstance(one, Served) and one.path_regex.match(path):
            route = table.get(("POST", one.path))
            if route is not None and route.keeps:
                return route
    return None


def _words(visit: Visit, kept: Kept) -> str:
    if kept.draft.ended_at is not None:
        return f"{SENT}."
    beside = f", {BESIDE}" if kept.beside is not None else ""
    ended = "" if visit.signed_in else f" {ENDED}."
    return f"Kept at {times.local(visit.now):%H:%M}{beside}.{ended}"


def drop(visit: Here, form: Posted) -> Response:
    """Throws away what this person typed, which is no new contact, and opens the form anew. Raises NotFound."""
    return visit.go(visit.change(lambda act: keeping.throw_away(act, typed.whole(form.get("draft")))))
