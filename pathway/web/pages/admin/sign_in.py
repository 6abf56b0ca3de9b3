"""Signing in and out."""

from __future__ import annotations

import logging

from starlette.responses import RedirectResponse, Response

from pathway.web import faults, forms, guessing, passwords, sessions
from pathway.web.forms import Form, Posted
from pathway.web.guessing import Try
from pathway.web.kept import list_back, way_back
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession

logger = logging.getLogger(__name__)
TOO_MANY = "There were too many failed attempts. Wait 15 minutes, or ask an administrator for a new password."
WRONG = InvalidInput.of("username", "The user name or the password is wrong", "Check both and try again")


def show(visit: Here, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """The sign-in form; whoever is signed in goes on."""
    if visit.signed_in:
        return visit.go(way_back.own_path(next))
    return _form(visit, forms.Form(values={"next": (way_back.own_path(next),)}))


def sign_in(visit: Here, form: Posted) -> Response:
    """Checks the password outside every transaction, then keeps a session."""
    device = guessing.device_of(visit.request, secret_key=visit.services.secret_key)
    one = Try(name=form.get("username").strip().lower(), address=visit.address, device=device)
    with visit.reading() as session:
        user_id, password_hash = _known(session, one.name)
        found = guessing.lately(session, one, now=visit.now)
        known = guessing.is_known(session, one, user_id, now=visit.now)
    if not known and (guessing.is_refused(found) or not guessing.slow_down(found, seconds=visit.services.slowed_by)):
        logger.warning("A sign-in from %s was refused: too many have failed.", visit.address)
        return faults.page(visit.request, 429, [TOO_MANY])
    if not passwords.is_right(form.get("password"), password_hash) or user_id is None:
        guessing.failed(visit.services.database, one, now=visit.now)
        logger.warning("A sign-in from %s failed: wrong name or password.", visit.address)
        return _form(visit, form.refused(WRONG), status=422)
    return _welcome(visit, one, user_id, way_back.own_path(form.get("next")))


def _known(session: ReadSession, username: str) -> tuple[int | None, str | None]:
    user = staff_rows.user(session, username)
    return (user.id, user.password_hash) if user is not None and user.active else (None, None)


def _welcome(visit: Visit, one: Try, user_id: int, path: str) -> Response:
    with visit.services.database.write() as session:
        token = sessions.begin(session, user_id, now=visit.now)
        device = guessing.remember(session, one, user_id, now=visit.now)
    response = RedirectResponse(path, status_code=303)
    secure = visit.request.url.scheme == "https" or visit.services.base_url.startswith("https://")
    sessions.give(response, token, secret_key=visit.services.secret_key, secure=secure)
    guessing.give(response, device, secret_key=visit.services.secret_key, secure=secure)
    return response


def sign_out(visit: Here) -> Response:
    """Ends the session, here and in the database."""
    token = sessions.token_of(visit.request, secret_key=visit.services.secret_key)
    if token is not None:
        with visit.services.database.write() as session:
            sessions.end(session, token)
    response = visit.go("/sign-in", notice="signed-out")
    sessions.take(response)
    list_back.forget(response)
    return response


def _form(visit: Visit, form: Form, *, status: int = 200) -> Response:
    return visit.page("sign_in.html", form=form, status=status, demo_users=visit.services.demo_users)
