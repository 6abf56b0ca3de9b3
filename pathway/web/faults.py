"""Every error as a page that says what happened and what to do; the health check alone answers machines."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from pathway.web import forms, rendering
from pathway.web.kept import typed_forms
from pathway.web.views import logged_view
from pathway.web.visit import SignInNeeded, sign_in_path, stranger
from rules.errors import InvalidInput, NotAllowed, PathwayError, RecordClosed, Refused, Unavailable

logger = logging.getLogger(__name__)

NOT_SHOWN = frozenset({"request_id", "password", "version", "seen", "next", "do", "action"}) | typed_forms.NOT_KEPT
TITLES = {
    403: "You can't open this page",
    404: "Page not found",
    405: "This page can't be used in that way",
    409: "This can't be done now",
    413: "That is too much to send at once",
    422: "Something in the request is wrong",
    429: "Too many attempts",
    500: "Something went wrong",
    503: "The pages can't be used at the moment",
}
BAD_REQUEST = 400
METHOD_NOT_ALLOWED = 405
ADVICE = {
    404: "Check the address or the reference. The record may exist under another reference: search the screening list.",
    405: "Open the page from the list and use its buttons.",
    413: "Nothing was recorded. Shorten the text, or send it in parts. What is very long is cut below.",
    500: "Nothing was recorded. Try again; if it happens again, tell the system owner when, and what you were doing.",
}


def install(app: FastAPI) -> None:
    """Makes the handlers known to the app."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(PathwayError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unforeseen)


def _sign_in(request: Request, error: Exception) -> Response:
    kept = error.kept if isinstance(error, SignInNeeded) else ""
    return RedirectResponse(sign_in_path(request, kept), status_code=303)


def _ours(request: Request, error: Exception) -> Response:
    if isinstance(error, Unavailable):
        request.app.state.outage.goes_on(error)
    elif isinstance(error, NotAllowed):
        logger.warning("%s %s was refused: %s.", request.method, route_of(request), type(error).__name__)
    closed = error.children if isinstance(error, RecordClosed) else ()
    if closed and (elsewhere := _for_its_logger(request)):
        return RedirectResponse(elsewhere, status_code=303)
    return page(request, getattr(error, "status", PathwayError.status), _sentences(error), closed=closed)


def _for_its_logger(request: Request) -> str:
    """Where somebody reads what becomes of a contact that they logged and may not open; else the empty string."""
    visit = getattr(request.state, "visit", None)
    if visit is None or request.method != "GET" or route_of(request) != "/contacts/{ref}":
        return ""
    with visit.reading() as session:
        found = logged_view.refused(session, request.path_params, closed=visit.closed)
        if found is None or found.contact.recorded_by != visit.actor.username:
            return ""
        # Who logged it before it was restricted may have been the reason for that.
        own = logged_view.is_closed_from_the_start(session, found)
    return f"/contacts/{found.contact.ref}/logged" if own else ""


def route_of(request: Request) -> str:
    """What was asked for, as the map of the pages writes it: a reference or a token is in no log."""
    return str(getattr(request.scope.get("route"), "path", "a page that there is not"))


def _sentences(error: Exception) -> Sequence[str]:
    if isinstance(error, InvalidInput):
        return [forms.sentence(fault) for fault in error.faults]
    if isinstance(error, Refused):
        return error.reasons
    return [getattr(error, "shown", "") or str(error) or type(error).__doc__ or ""]


def _http(request: Request, error: Exception) -> Response:
    status: int = getattr(error, "status_code", 500)
    answer = page(request, status, [ADVICE.get(status, str(error))])
    if status == METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(_methods(request))
    return answer


def _gone(_request: Request, _: Exception) -> Response:
    """Whoever sent half a form and went away reads no answer; it is no fault of ours."""
    return Response(status_code=BAD_REQUEST)


def _methods(request: Request) -> Sequence[str]:
    """What may be done with the address; where a page can be got, its headers can."""
    routes = (route for route in request.app.routes if isinstance(route, Route))
    here = [route for route in routes if route.path_regex.match(request.url.path)]
    methods = {method for route in here for method in route.methods or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _unforeseen(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed: %s", request.method, route_of(request), type(error).__name__, exc_info=error)
    return page(request, 500, [ADVICE[500]])


def page(request: Request, status: int, sentences: Sequence[str], *, closed: Sequence[int] = ()) -> Response:
    """The error page; it knows who is there where the gate got that far.

    ``closed``: the children whose restricted record was refused; whose role may break the glass is shown the way.
    """
    visit = getattr(request.state, "visit", None) or stranger(request)
    title = TITLES.get(status, "This can't be done")
    glass = closed if visit.may_break_glass else ()
    shut = None
    if closed:
        with visit.reading() as session:
            shut = logged_view.refused(session, request.path_params, closed=visit.closed)
    html, _ = rendering.render(
        "error.html",
        visit=visit,
        title=title,
        sentences=sentences,
        status=status,
        glass=glass,
        shut=shut,
        typed=_typed(request),
    )
    return HTMLResponse(html, status_code=status)


def _typed(request: Request) -> Sequence[tuple[str, str]]:
    """What was typed into the form that could not be taken, so that it can be copied; no token and no password."""
    form: forms.Form = getattr(request.state, "form", forms.Form())
    pairs = ((name, value) for name, values in form.values.items() for value in values)
    return [(name, value) for name, value in pairs if value.strip() and name not in NOT_SHOWN]
