"""Who is signed in: a row in the database, and a signed cookie that names it and holds nothing about anybody."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from pathway.engine.actors import Actor
from rules.vocabulary import Role
from storage.queries.staff import sign_in_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import WebSession

COOKIE = "pathway_session"
LIFETIME = timedelta(hours=12)


def begin(session: WriteSession, user_id: int, *, now: datetime) -> str:
    """Keeps a new session and returns its token; sessions that have run out are cleared away."""
    token = secrets.token_urlsafe(32)
    sign_in_rows.clear(session, expired_by=now)
    session.add(WebSession(token_sha256=_sha256(token), user_id=user_id, created_at=now, expires_at=now + LIFETIME))
    session.flush()
    return token


def end(session: WriteSession, token: str) -> None:
    """Forgets a session; the cookie is worth nothing from then on."""
    sign_in_rows.remove(session, _sha256(token))


def who(session: ReadSession, token: str, *, now: datetime) -> Actor | None:
    """The person whose session this is, while it lasts and the person is active."""
    found = sign_in_rows.user_of(session, _sha256(token), now=now)
    if found is None:
        return None
    user, roles = found
    return Actor(username=user.username, name=user.name, roles=frozenset(Role(role) for role in roles))


def token_of(request: Request, *, secret_key: str) -> str | None:
    """The token in the request's cookie, or None where there is none or its signature is wrong."""
    try:
        return Signer(secret_key, salt=COOKIE).unsign(request.cookies.get(COOKIE, "")).decode()
    except BadSignature:
        return None


def give(response: Response, token: str, *, secret_key: str, secure: bool) -> None:
    """Sets the cookie; ``secure`` where the page came over TLS."""
    signed = Signer(secret_key, salt=COOKIE).sign(token).decode()
    response.set_cookie(
        COOKIE, signed, max_age=int(LIFETIME.total_seconds()), httponly=True, samesite="lax", secure=secure
    )


def take(response: Response) -> None:
    """Removes the cookie."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
