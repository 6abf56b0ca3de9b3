"""A contact that its own logger may not open: its reference, what happens next, and who has been told."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.intake import immediate_danger
from pathway.web import forms, steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import logged_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from storage.queries import contact_rows
from storage.sessions import ReadSession


def show(visit: Here, ref: str) -> Response:
    """What somebody who logged a contact may know of it where the record of a child is closed to them."""
    return _form(visit, ref, forms.fresh())


def mark(visit: Here, ref: str, form: Posted) -> Response:
    """Marks the contact as immediate danger: whoever logged it says so without opening the record."""
    with visit.reading() as session:
        if not _is_own(visit, session, ref):
            return visit.go(f"/contacts/{ref}")
    try:
        steps.take_for_contact(visit, ref, form, immediate_danger.mark, typed.reason(form))
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}/logged", notice="danger-marked")


def _form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        page = logged_view.page(session, ref, closed=visit.closed)
        if not page.shut or not _is_own(visit, session, ref):
            return visit.go(f"/contacts/{ref}")
        return visit.page("logged.html", status=status, form=form, page=page)


def _is_own(visit: Visit, session: ReadSession, ref: str) -> bool:
    return contact_rows.by_ref(session, ref).recorded_by == visit.actor.username
