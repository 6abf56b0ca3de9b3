"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import RedirectResponse, Response

from pathway.web import faults, forms, passwords, sessions
from pathway.web.forms import Form, Posted
from pathway.web.throttle import Throttle
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput
from storage.queries.staff import staff_rows

WRONG = InvalidInput.of("username", "The user name or the password is wrong", "Check both and try again")


def show(visit: Here, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """The sign-in form; whoever is signed in goes on."""
    if visit.signed_in:
        return visit.go(own_path(next))
    return _form(visit, forms.Form(values={"next": (own_path(next),)}))


def sign_in(visit: Here, form: Posted) -> Response:
    """Checks the password outside every transaction, then keeps a session."""
    username, address = form.get("username").strip().lower(), visit.address
    throttle: Throttle = visit.request.app.state.throttle
    if not throttle.lets_through(username, address):
        sentence = "There were too many failed attempts. Wait 15 minutes, or ask an administrator for a new password."
        return faults.page(visit.request, 429, [sentence])
    user_id, password_hash = _known(visit, username)
    if not passwords.is_right(form.get("password"), password_hash) or user_id is None:
        throttle.failed(username, address)
        return _form(visit, form.refused(WRONG), status=422)
    return _welcome(visit, user_id, own_path(form.get("next")))


def _known(visit: Visit, username: str) -> tuple[int | None, str | None]:
    with visit.reading() as session:
        user = staff_rows.user(session, username)
    return (user.id, user.password_hash) if user is not None and user.active else (None, None)


def _welcome(visit: Visit, user_id: int, path: str) -> Response:
    with visit.services.database.write() as session:
        token = sessions.begin(session, user_id, now=visit.now)
    response = RedirectResponse(path, status_code=303)
    secure = visit.request.url.scheme == "https" or visit.services.base_url.startswith("https://")
    sessions.give(response, token, secret_key=visit.services.secret_key, secure=secure)
    return response


def sign_out(visit: Here) -> Response:
    """Ends the session, here and in the database."""
    token = sessions.token_of(visit.request, secret_key=visit.services.secret_key)
    if token is not None:
        with visit.services.database.write() as session:
            sessions.end(session, token)
    response = visit.go("/sign-in", notice="signed-out")
    sessions.take(response)
    return response


def _form(visit: Visit, form: Form, *, status: int = 200) -> Response:
    return visit.page("sign_in.html", form=form, status=status, demo_users=visit.services.demo_users)


def own_path(wanted: str) -> str:
    """``wanted`` where it is a page of ours, else the first page: a link must not lead elsewhere after signing in."""
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return wanted if is_ours and wanted.isprintable() else "/"
