"""The outbox: every message, how far it has come, and what can be done about it."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.post import outbox_commands
from pathway.web import forms, paging, typed
from pathway.web.forms import Form, Posted
from pathway.web.views.post import outbox_view
from pathway.web.views.post.outbox_view import Viewer
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from rules.messages import MessageKind, MessageState
from storage.queries.letters import message_rows, outbox_rows

PATH = "/outbox"


def show(
    visit: Here, state: str = "", kind: str = "", q: str = "", long: str = "", twice: str = "", page: str = ""
) -> Response:
    """What waits first, the urgent and the oldest before all; then the rest, the newest first."""
    number, words, who = paging.number_of(page), q.strip()[:200], _viewer(visit)
    state, kind = _one_of(MessageState, state), _one_of(MessageKind, kind)
    wanted = who.wanted(now=visit.now, state=state, kind=kind, words=words, long=bool(long), twice=bool(twice))
    with visit.reading() as session:
        found, count = message_rows.lines(session, wanted, offset=(number - 1) * paging.SIZE, limit=paging.SIZE)
        visit.shut(session, [line.contact.id for line in found if line.contact is not None])
        query = {"state": state, "kind": kind, "q": words, "long": long, "twice": twice}
        return visit.page(
            "outbox.html",
            views=[(outbox_view.view(line, who), forms.new_token()) for line in found],
            page=paging.Page(number=number, count=count, path=PATH, query=query),
            counts=message_rows.counts(session),
            wanted=wanted,
            states=list(MessageState),
            kinds=list(MessageKind),
        )


def one(visit: Here, message_id: int) -> Response:
    """One message with every attempt to hand it over."""
    return _message(visit, message_id, forms.fresh())


def retry(visit: Here, message_id: int, form: Posted) -> Response:
    """Puts the message to be sent now."""
    try:
        visit.change(lambda act: outbox_commands.retry(act, message_id), token=form.token)
    except Refused as error:
        return _message(visit, message_id, form.refused(error), status=error.status)
    return visit.go(f"{PATH}/{message_id}", notice="message-retried")


def cancel(visit: Here, message_id: int, form: Posted) -> Response:
    """Takes the message out of the queue, for a reason."""
    try:
        data = typed.reason(form)
        done = visit.change(lambda act: outbox_commands.cancel(act, message_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _message(visit, message_id, form.refused(error), status=error.status)
    notice = "letter-message-cancelled" if done.letter_id else "message-cancelled"
    return visit.go(f"{PATH}/{message_id}", notice=notice)


def _message(visit: Visit, message_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        view = outbox_view.view(message_rows.one(session, message_id), _viewer(visit))
        attempts = outbox_rows.attempts(session, message_id)
        return visit.page("outbox_message.html", status=status, form=form, view=view, attempts=attempts)


def _viewer(visit: Visit) -> Viewer:
    return outbox_view.viewer(visit.actor, visit.book, closed=visit.closed)


def _one_of(words: type[MessageState | MessageKind], word: str) -> str:
    return word if word in {known.value for known in words} else ""
