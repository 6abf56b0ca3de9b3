"""A contact that somebody began and did not log: opened by a duty manager, to be finished or discarded."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine.drafts import unfinished_contacts
from pathway.engine.inputs import ReasonInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import typed_forms
from pathway.web.pages.intake import contacts
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused


def show(visit: Here, draft_id: int) -> Response:
    """The form as it was typed, and below it that by which it is discarded."""
    return _page(visit, draft_id, forms.fresh())


def discard(visit: Here, draft_id: int, form: Posted) -> Response:
    """Discards it with the reason."""
    try:
        data: ReasonInput = typed.reason(form)
        visit.change(lambda act: unfinished_contacts.discard(act, draft_id, data), form.token)
    except (InvalidInput, Refused) as error:
        return _page(visit, draft_id, form.refused(error), status=error.status)
    return visit.go("/referrals", notice="unfinished-discarded")


def _page(visit: Visit, draft_id: int, discarding: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        draft = unfinished_contacts.opened(session, visit.actor, visit.book, draft_id, now=visit.now)
    visit.request.state.draft, visit.request.state.keeps = draft, True
    form = replace(typed_forms.form_of(draft), faults=discarding.faults, messages=discarding.messages)
    discarding = replace(discarding, shown=form.shown)  # one summary names what is wrong with either
    return contacts.contact_form(visit, form, status=status, discarding=discarding)
