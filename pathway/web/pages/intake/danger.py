"""Marking a contact as immediate danger, withdrawing the mark, and the banner that asks for an answer."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.intake import immediate_danger
from pathway.web import forms, steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from rules.pathway import UNDECIDED
from storage.queries import contact_rows, danger_rows, referral_rows
from storage.tables import id_of


def banner(visit: Here, at: str = "") -> Response:
    """The bar alone, for pages that are open already; 304 where it reads as the one there, which If-None-Match names.

    No look is logged: it names no child. ``at`` is the page that is open.
    """
    mark = f'"{visit.danger.mark}"'
    if visit.request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers={"ETag": mark})
    answer = visit.page("danger_banner.html", back=way_back.own_path(at, default="/alerts"))
    answer.headers["ETag"] = mark
    return answer


def show(visit: Here, ref: str) -> Response:
    """The form: to mark, or where it is marked to withdraw."""
    return _form(visit, ref, forms.fresh())


def mark(visit: Here, ref: str, form: Posted) -> Response:
    """Marks the contact; the alert is written in the same transaction."""
    try:
        data = typed.reason(form)
        steps.take_for_contact(visit, ref, form, immediate_danger.mark, data)
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="danger-marked")


def withdraw(visit: Here, ref: str, form: Posted) -> Response:
    """Takes the mark back."""
    try:
        data = typed.reason(form)
        steps.take_for_contact(visit, ref, form, immediate_danger.withdraw, data)
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="danger-withdrawn")


def _form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        # A reopened or imported contact can bear the mark while nobody is told of it: it can be marked anew.
        told = ref in danger_rows.open_refs(session)
        waits = any(one.state in UNDECIDED for one in referral_rows.of_contact(session, id_of(contact)))
        marked = contact.immediate_danger and (told or not waits)
        return visit.page("danger.html", status=status, form=form, contact=contact, marked=marked, told=told)
