"""Logging a contact, and the contact as it was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.drafts import keeping
from pathway.engine.intake import logging_contact
from pathway.engine.intake.logging_contact import ContactInput
from pathway.engine.letters import letter_link
from pathway.web.forms import Form, Posted
from pathway.web.pages.call import perhaps_known_rows
from pathway.web.views import adult_blocks, checked_view, contact_form_view, information_view, record_view
from pathway.web.views.log_form import folds_view, logged_panel_view
from pathway.web.views.log_form.logged_panel_view import Panel
from pathway.web.views.record_view import ContactPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from storage.queries import contact_rows, draft_rows
from storage.queries.intake import outside_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Council, Draft, id_of


def new(visit: Here) -> Response:
    """An empty form, received now."""
    return contact_form(visit, visit.resumed(contact_form_view.fresh(visit.book, now=visit.now)))


def log(visit: Here, form: Posted) -> Response:
    """Logs the contact, or adds or removes a block of a child and shows the form again."""
    form = contact_form_view.closed_up(form)
    step, _, place = form.get("do").partition("-")
    if step == "add":
        return contact_form(visit, contact_form_view.with_child(form), focus=contact_form_view.count(form))
    if step == "remove":
        return contact_form(visit, contact_form_view.without_child(form, place))
    if step == "adult":
        return contact_form(visit, adult_blocks.with_one(form), adult_focus=len(adult_blocks.of(form)))
    if step == "unadult":
        return contact_form(visit, adult_blocks.without(form, place))
    return _log(visit, form)


def _log(visit: Visit, form: Form) -> Response:
    try:
        data, notice = contact_form_view.parse(form, begun_at=visit.draft.begun_at if visit.draft else None)
        if checked_view.is_asked(form):
            return contact_form(visit, form, found=visit.rehearse(lambda act: _found(visit, act, data)))
        contact = visit.change(lambda act: logging_contact.log_contact(act, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return contact_form(visit, form.refused(error), status=error.status)
    # Where a child's record is closed to whoever logged this, that page says what they may know.
    return visit.go(f"/contacts/{contact.ref}{_where(visit, contact)}", notice=notice)


def _found(visit: Visit, act: Act, data: ContactInput) -> Sequence[str]:
    return checked_view.of_contact(act.session, logging_contact.log_contact(act, data), visit.closed)


def _where(visit: Visit, contact: Contact) -> str:
    with visit.reading() as session:
        children = contact_rows.children_of(session, [id_of(contact)]).get(id_of(contact), frozenset())
        shut = record_access.refusal(session, visit.actor, children, now=visit.now)
    return "/logged" if shut else ""


def contact_form(visit: Visit, form: Form, *, status: int = 200, **more: Any) -> Response:
    """The form of a contact.

    Of ``more``: ``focus`` and ``adult_focus`` are the blocks that begin with the cursor; ``found`` is what would come
    of it; with ``discarding``, a form, that by which an unfinished one is discarded stands below.
    """
    return visit.page(
        "contact_form.html",
        form=form,
        status=status,
        blank=contact_form_view.blank_row(),
        beside=perhaps_known_rows.beside(visit, form),
        folds=folds_view.of(form, contact_form_view.children_of(form), now=visit.now),
        count=contact_form_view.count(form),
        adult_count=len(adult_blocks.of(form)),
        options=contact_form_view.options(visit.book),
        unfinished=[] if form.wrong or visit.draft else _mine(visit),
        **{"focus": None, "adult_focus": None, "found": None, "discarding": None, **more},
    )


def _mine(visit: Visit) -> Sequence[Draft]:
    with visit.reading() as session:
        return draft_rows.of_writer(session, keeping.NEW_CONTACT, visit.actor.username)


def show(visit: Here, ref: str) -> Response:
    """The contact with its children, letters and queries."""
    with visit.reading() as session:
        page = record_view.contact_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        council, contact = session.get_one(Council, 1), page.contact
        by_link = bool(contact.referrer_email) and letter_link.needed(council, contact.referrer_email)
        eyes = information_view.Eyes(username=visit.actor.username, look=visit.look, sees=visit.sees_protected)
        return visit.page(
            "contact.html",
            page=page,
            panel=_panel(visit, session, page),
            by_link=by_link,
            outside=outside_rows.of_contact(session, contact.id),
            information=information_view.of_contact(session, contact, eyes),
            asked=information_view.asked(session, contact),
        )


def _panel(visit: Visit, session: ReadSession, page: ContactPage) -> Panel | None:
    if not visit.request.query_params.get("notice", "").startswith("logged"):
        return None
    return logged_panel_view.panel(session, page, visit.actor, closed=visit.closed, now=visit.now)
