"""The messages that the embedded catcher kept: what a mail server would have sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from notifications.smtp import catcher
from notifications.smtp.catcher import FullMessage
from pathway.engine.intake import immediate_danger
from pathway.engine.referrers import visible_referrer
from pathway.web.visit import Here, Visit
from rules.errors import NotFound
from storage.queries import danger_rows
from storage.queries.letters import letter_rows

# The message is somebody else's HTML: it gets no script, no form, no picture from elsewhere, and a frame of ours only.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
MOST = 200


def show(visit: Here) -> Response:
    """The newest messages, but first those about a danger that is not over."""
    messages = catcher.mailbox(_directory(visit))
    with visit.reading() as session:
        refs = danger_rows.open_refs(session)
    messages = sorted(messages, key=lambda message: not _is_of(message.subject, refs))
    shown = messages[:MOST]
    hidden = _hidden(visit, [message.message_id for message in shown])
    shown = [
        replace(message, to=visible_referrer.PROTECTED) if message.message_id in hidden else message
        for message in shown
    ]
    return visit.page("mailbox.html", messages=shown, count=len(messages), quote=quote)


def one(visit: Here, name: str) -> Response:
    """One message."""
    return visit.page("message.html", message=_read(visit, name), name=quote(name))


def html(visit: Here, name: str) -> Response:
    """The message's HTML part alone, for a frame that may do nothing."""
    return HTMLResponse(_read(visit, name).html or "", headers={"Content-Security-Policy": SANDBOX})


def _read(visit: Visit, name: str) -> FullMessage:
    """One message, emptied where it went to a referrer whom this person may not see."""
    message = catcher.read(_directory(visit), name)
    if message.message_id not in _hidden(visit, [message.message_id]):
        return message
    return replace(message, to=visible_referrer.PROTECTED, headers=(), text=visible_referrer.PROTECTED, html="", raw="")


def _hidden(visit: Visit, message_ids: Collection[str]) -> frozenset[str]:
    if visit.sees_protected:
        return frozenset()
    with visit.reading() as session:
        return letter_rows.of_protected(session, message_ids)


def _is_of(subject: str, refs: frozenset[str]) -> bool:
    return subject.startswith(immediate_danger.WORDS) and any(ref in subject for ref in refs)


def _directory(visit: Visit) -> Path:
    if visit.services.mailbox_directory is None:
        raise NotFound("There is no mailbox here: letters go out through a real mail server.")
    return visit.services.mailbox_directory
