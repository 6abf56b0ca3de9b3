"""Asking a referrer in writing for what is missing."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.decisions import previewing
from pathway.engine.referrers import asking_for_information, visible_referrer
from pathway.engine.referrers.asking_for_information import AskingInput
from pathway.web import forms, previews, steps
from pathway.web.forms import Form, Posted
from pathway.web.previews import Shown
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from storage.queries import contact_rows
from storage.tables import id_of


def show(visit: Here, ref: str) -> Response:
    """The form, with one thing a line."""
    return _form(visit, ref, forms.fresh())


def ask(visit: Here, ref: str, form: Posted) -> Response:
    """Writes the letter, or shows what it would say."""
    try:
        data = inputs.parse(AskingInput, {"things": form.get("things")})
        if previews.is_asked(form):
            return _form(visit, ref, form, preview=_preview(visit, ref, data))
        steps.take_for_contact(visit, ref, form, asking_for_information.ask, data)
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(_placed(error)), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="asked")


def _preview(visit: Visit, ref: str, data: AskingInput) -> Shown:
    with visit.services.database.rehearse() as session:
        contact = contact_rows.by_ref(session, ref)
        letter = asking_for_information.ask(Act(session, visit.actor, visit.now), id_of(contact), data)
        return previews.seen(visit, contact, previewing.of_letter(session, letter))


def _placed(error: InvalidInput | Refused) -> InvalidInput | Refused:
    """What is wrong with one of the things stands at the one field that holds them all."""
    if isinstance(error, Refused) or not any(fault.place.startswith("things") for fault in error.faults):
        return error
    if any(fault.place == "things" for fault in error.faults):
        return InvalidInput.of("things", "Nothing is asked for, or more than 20 things", "Name them, one a line")
    return InvalidInput.of("things", "One of the lines is too long", "Shorten it to 500 characters")


def _form(visit: Visit, ref: str, form: Form, *, preview: Shown | None = None, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        return visit.page(
            "ask.html",
            status=status,
            form=form,
            contact=visible_referrer.as_seen(contact, sees=visit.sees_protected),
            why_not=asking_for_information.why_not(session, contact),
            preview=preview,
        )
