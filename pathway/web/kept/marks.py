"""The mark on each form that is kept: who was given it, and in which opened page.

It is signed, so that a form that comes in after the session has ended is kept for that person, and for nobody else.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, Signer

from pathway.web.forms import Form
from pathway.web.services import Services
from rules import unfinished

SALT = "draft"
VERSION, MARK, TURN, AGE = "draft", "draft_mark", "draft_turn", "draft_age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Who was given a form, and in which opened page."""

    username: str
    page: str


def given(services: Services, form: Form, username: str, *, now: datetime) -> Form:
    """The form with the mark that this person was given it, in a page of its own."""
    told = f"{username} {int(now.timestamp())} {secrets.token_urlsafe(9)}"
    mark = _signer(services, form.get("request_id")).sign(told).decode()
    return form.where(**{VERSION: form.get(VERSION) or "0", MARK: mark, TURN: "0", AGE: "0"})


def mark_of(services: Services, form: Form, *, now: datetime) -> Mark | None:
    """Who was given the form; None where it bears no mark of ours, or one that is older than a draft can be."""
    try:
        told = _signer(services, form.get("request_id")).unsign(form.get(MARK)).decode()
    except BadSignature:
        return None
    username, at, page = told.split(" ")
    fresh = int(at) >= (now - unfinished.KEPT_FOR).timestamp()
    return Mark(username=username, page=page) if fresh else None


def _signer(services: Services, token: str) -> Signer:
    return Signer(services.secret_key, salt=f"{SALT} {token}")
