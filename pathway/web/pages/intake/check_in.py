"""A contact from outside as it was sent, to be checked in: an officer takes it over."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine.intake import checking_in
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.views import record_view
from pathway.web.visit import Here, Visit
from rules.errors import Refused
from storage.queries import contact_rows
from storage.queries.intake import outside_rows
from storage.tables import id_of


def one(visit: Here, ref: str) -> Response:
    """The contact as it was sent, before it is taken over."""
    return _one(visit, ref, forms.fresh())


def take_over(visit: Here, ref: str, form: Posted) -> Response:
    """Takes it over; the contact opens, to be screened."""
    try:
        visit.change(
            lambda act: checking_in.take_over(act, id_of(contact_rows.by_ref(act.session, ref))), token=form.token
        )
    except Refused as error:
        return _one(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="checked-in")


def _one(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        found = record_view.contact_page(session, ref, now=visit.now, sees_protected=visit.sees_protected)
        outside = outside_rows.of_contact(session, found.contact.id)
        if outside is None:
            return visit.go(f"/contacts/{ref}")
        return visit.page("check_in.html", status=status, form=form, page=found, outside=outside)
