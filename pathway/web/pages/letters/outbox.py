"""The outbox: every message, how far it has come, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import Response

from pathway.engine.post import outbox_commands
from pathway.web import forms, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.lists import answers, files, filtered, listed, which
from pathway.web.lists.files import Record, Table
from pathway.web.lists.filtered import Choice, Filtered, Offer, Tick
from pathway.web.lists.listed import Listed
from pathway.web.views.post import outbox_view
from pathway.web.views.post.outbox_view import MessageView, Viewer
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from rules.messages import MessageKind, MessageState
from storage.queries.letters import message_rows, outbox_rows
from storage.queries.lists import message_page_rows
from storage.queries.lists.message_page_rows import MessagesWanted, Sort

PATH = which.OUTBOX
LONG = Tick(name="long", words="Waits longer than an hour")
TWICE = Tick(name="twice", words="May have arrived twice")
OFFER = Offer(
    path=PATH,
    title=which.TITLES[PATH],
    search="Recipient or contact",
    choices=[
        Choice(
            name="state", legend="State", choices=[(one.value, one.capitalize()) for one in MessageState], several=True
        ),
        Choice(
            name="kind", legend="Kind", choices=[(one.value, one.capitalize()) for one in MessageKind], several=True
        ),
    ],
    ticks=[LONG, TWICE],
    sorts=(
        (Sort.WAITING.value, "What waits"),
        (Sort.NEWEST.value, "Written last"),
        (Sort.OLDEST.value, "Written first"),
    ),
)
COLUMNS = ("Message", "To", "Address", "Contact", "Written", "State", "Handed over", "Last answer")


def show(visit: Here) -> Response:
    """What waits first, the urgent and the oldest before all; then the rest, the newest first."""
    asked, who = filtered.read(OFFER, visit.request.query_params), _viewer(visit)
    wanted = _wanted(visit, asked, who)
    with visit.reading() as session:
        found = message_page_rows.page(session, wanted, listed.wanted(asked, message_page_rows.order(wanted)))
        visit.shut(session, [line.contact.id for line in found.rows if line.contact is not None])
        shown = Listed(
            filtered=asked,
            found=replace(found, rows=[(outbox_view.view(line, who), forms.new_token()) for line in found.rows]),
            count=message_page_rows.count(session, wanted),
            kept_back=message_page_rows.kept_back(session, wanted),
        )
        return answers.show(visit, session, "outbox.html", asked, listed=shown, counts=message_rows.counts(session))


def export(visit: Here) -> Response:
    """What is filtered as a file."""
    who = _viewer(visit)
    wanted = _wanted(visit, filtered.read(OFFER, visit.request.query_params), who)
    with visit.reading() as session:
        lines = files.walk(lambda page: message_page_rows.page(session, wanted, page))
        records = (Record(cells=_cells(outbox_view.view(line, who)), children=line.children) for line in lines)
        return files.answer(visit, Table(name="outbox", columns=COLUMNS, records=records))


def _wanted(visit: Visit, asked: Filtered, who: Viewer) -> MessagesWanted:
    wanted = MessagesWanted(
        states=asked.all("state"),
        kinds=asked.all("kind"),
        words=asked.words,
        before=visit.now - outbox_view.LONG if asked.ticked(LONG.name) else None,
        perhaps_twice=asked.ticked(TWICE.name),
        sort=Sort(asked.sort),
    )
    return who.may_ask(wanted)


def _cells(view: MessageView) -> Sequence[str]:
    message = view.message
    moments = (message.created_at, message.handed_over_at)
    written, left = (times.sortable(moment) if moment else "" for moment in moments)
    said = view.said(message.last_answer)
    return (message.kind, view.name, view.address, view.contact_ref, written, message.state, left, said)


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
