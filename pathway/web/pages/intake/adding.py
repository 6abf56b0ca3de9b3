"""A child whom the referrer did not name: known of the household already, or described anew."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from pathway.engine.intake import added_child, adults
from pathway.engine.intake.added_child import AddedChildInput
from pathway.engine.intake.adults import AdultInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import adult_blocks, contact_form_view
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused
from storage.queries import contact_rows, referral_rows
from storage.tables import id_of

ANOTHER = "another"


def show(visit: Here, ref: str, person: str = "") -> Response:
    """The form; ``person`` is a child of the household who was chosen on the page before."""
    number = typed.whole(person)
    return _form(visit, ref, forms.fresh(**{"person_id": str(number) if number else "", "child.sex": "U"}))


def add(visit: Here, ref: str, form: Posted) -> Response:
    """Opens the child's own referral."""
    try:
        data = _parse(form)
        referral = visit.change(
            lambda act: added_child.add_child(act, id_of(contact_rows.by_ref(act.session, ref)), data), form.token
        )
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/referrals/{referral.ref}", notice="child-added")


def _parse(form: Form) -> AddedChildInput:
    faults: list[Fault] = []
    fields: dict[str, Any] = {"why": form.get("why")}
    if (chosen := form.get("person_id")) not in ("", ANOTHER):
        return typed.parse(AddedChildInput, fields | {"person_id": typed.whole(chosen)}, faults)
    block = form.nested().get("child")
    fields["child"] = contact_form_view.child(block if isinstance(block, dict) else {}, "child", faults)
    return typed.parse(AddedChildInput, fields, faults)


def _form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        return visit.page(
            "add_child.html",
            status=status,
            form=form,
            contact=contact,
            children=referral_rows.children_of_contact(session, id_of(contact)),
            known=added_child.household_without_referral(session, contact),
            another=ANOTHER,
            options=contact_form_view.options(visit.book),
        )


def show_adult(visit: Here, ref: str) -> Response:
    """The form of an adult of whom was heard after the contact was logged."""
    return _adult_form(visit, ref, forms.fresh())


def add_adult(visit: Here, ref: str, form: Posted) -> Response:
    """Adds the adult to the contact."""
    try:
        faults: list[Fault] = []
        block = {name: form.get(name) for name in adult_blocks.FIELDS}
        data = typed.parse(AdultInput, adult_blocks.read(block, "", faults), faults)
        visit.change(lambda act: adults.add(act, id_of(contact_rows.by_ref(act.session, ref)), data), form.token)
    except (InvalidInput, Refused) as error:
        return _adult_form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="adult-added")


def _adult_form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        pairs = referral_rows.children_of_contact(session, id_of(contact))
        return visit.page(
            "add_adult.html",
            status=status,
            form=form,
            contact=contact,
            children=[(referral, person) for referral, person in pairs if referral.set_aside_at is None],
            options=contact_form_view.options(visit.book),
        )
