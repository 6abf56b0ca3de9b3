"""Guessing passwords is refused by name and address together, slowed down by name alone; all processes count as one.

Whoever knows a colleague's name must not be able to lock them out: from a browser in which that person has signed in
before the right password is never refused.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from starlette.requests import Request
from starlette.responses import Response

from storage.queries.staff import sign_in_rows
from storage.queries.staff.sign_in_rows import Failures
from storage.sessions import Database, ReadSession, WriteSession

COOKIE = "pathway_device"
LATELY = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
REMEMBERED = timedelta(days=180)
MOST_OF_BOTH = 10
MOST_OF_ADDRESS = 60
MOST_OF_NAME = 10
# So many wait at a time: a flood under one name must not take the threads that answer everybody else.
_WAITING = threading.BoundedSemaphore(4)
PATIENCE = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to sign in: the name as typed, from where, and the token of the browser's cookie, empty for none."""

    name: str
    address: str
    device: str = ""

    @property
    def name_sha256(self) -> str:
        """The hash by which the name is counted."""
        return _sha256(self.name.casefold())


def is_refused(found: Failures) -> bool:
    """True after too many failures under this name from this address, or from the address under whatever name."""
    return found.both >= MOST_OF_BOTH or found.address >= MOST_OF_ADDRESS


def lately(session: ReadSession, one: Try, *, now: datetime) -> Failures:
    """What failed in the last quarter of an hour."""
    return sign_in_rows.failures(session, one.name_sha256, one.address, since=now - LATELY)


def is_known(session: ReadSession, one: Try, user_id: int | None, *, now: datetime) -> bool:
    """True where this person has signed in with this browser in the last half year."""
    if user_id is None or not one.device:
        return False
    return sign_in_rows.is_known_device(session, _sha256(one.device), user_id, since=now - REMEMBERED)


def slow_down(found: Failures, *, seconds: float) -> bool:
    """Waits so long where many have failed under this name, wherever from; False where too many wait already."""
    if found.name < MOST_OF_NAME:
        return True
    if not _WAITING.acquire(timeout=PATIENCE):
        return False
    try:
        time.sleep(seconds)
    finally:
        _WAITING.release()
    return True


def failed(database: Database, one: Try, *, now: datetime) -> None:
    """Keeps one failure."""
    with database.write() as session:
        sign_in_rows.keep_failure(session, one.name_sha256, one.address, now=now, forgotten=now - FORGOTTEN)


def remember(session: WriteSession, one: Try, user_id: int, *, now: datetime) -> str:
    """Keeps that this person has signed in with this browser; returns the token for its cookie."""
    token = one.device or secrets.token_urlsafe(32)
    sign_in_rows.keep_device(session, _sha256(token), user_id, now=now, forgotten=now - REMEMBERED)
    return token


def device_of(request: Request, *, secret_key: str) -> str:
    """The token in the browser's cookie; empty where there is none of ours."""
    try:
        return Signer(secret_key, salt=COOKIE).unsign(request.cookies.get(COOKIE, "")).decode()
    except BadSignature:
        return ""


def give(response: Response, token: str, *, secret_key: str, secure: bool) -> None:
    """Sets the cookie, which names nobody."""
    signed = Signer(secret_key, salt=COOKIE).sign(token).decode()
    age = int(REMEMBERED.total_seconds())
    response.set_cookie(COOKIE, signed, max_age=age, httponly=True, samesite="lax", secure=secure)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
