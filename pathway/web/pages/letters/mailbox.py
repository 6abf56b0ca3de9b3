"""The messages that the embedded catcher kept: what a mail server would have sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from notifications.smtp import catcher
from notifications.smtp.catcher import CaughtMessage, FullMessage
from pathway.engine.intake import immediate_danger
from pathway.engine.referrers import visible_referrer
from pathway.web import page_words
from pathway.web.visit import Here, Visit
from storage.queries import danger_rows, shown_rows
from storage.queries.letters import letter_rows
from storage.sessions import ReadSession

# The message is somebody else's HTML: it gets no script, no form, no picture from elsewhere, and a frame of ours only.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
MOST = 200


def show(visit: Here) -> Response:
    """The newest messages, but first those about a danger that is not over."""
    messages = catcher.mailbox(visit.mailbox)
    with visit.reading() as session:
        refs = danger_rows.open_refs(session)
        messages = sorted(messages, key=lambda message: not _is_of(message.subject, refs))
        shown = _as_seen(visit, session, messages[:MOST])
        return visit.page("mailbox.html", messages=shown, count=len(messages), quote=quote)


def _as_seen(visit: Visit, session: ReadSession, messages: Sequence[CaughtMessage]) -> Sequence[CaughtMessage]:
    """The messages on a list, each without what would name somebody whom this person may not see."""
    message_ids = [message.message_id for message in messages]
    protected, children = _hidden(visit, message_ids), shown_rows.children_of_mail(session, message_ids)
    visit.showed(frozenset().union(*(theirs for theirs in children.values() if not theirs & visit.closed)))
    seen = []
    for message in messages:
        if children.get(message.message_id, frozenset()) & visit.closed:
            seen.append(replace(message, to="", subject=page_words.RESTRICTED))
        elif message.message_id in protected:
            seen.append(replace(message, to=visible_referrer.PROTECTED))
        else:
            seen.append(message)
    return seen


def one(visit: Here, name: str) -> Response:
    """One message."""
    return visit.page("message.html", message=_read(visit, name), name=quote(name))


def html(visit: Here, name: str) -> Response:
    """The message's HTML part alone, for a frame that may do nothing."""
    return HTMLResponse(_read(visit, name).html or "", headers={"Content-Security-Policy": SANDBOX})


def _read(visit: Visit, name: str) -> FullMessage:
    """One message, emptied where it went to a referrer whom this person may not see."""
    message = catcher.read(visit.mailbox, name)
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
