"""What is recorded of a referrer afterwards: an address found, unsafe to contact, identity not to be shared."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.inputs import ReasonInput
from pathway.engine.referrers import finding_address, protected_identity, unsafe_to_contact, visible_referrer
from pathway.engine.referrers.finding_address import AddressInput
from pathway.web import forms, steps
from pathway.web.forms import Form, Posted
from pathway.web.steps import Command
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from storage.queries import contact_rows

ADDRESS, UNSAFE, IDENTITY = "find_address.html", "unsafe.html", "identity.html"


def address(visit: Here, ref: str) -> Response:
    """The form for an address that was found."""
    return _form(visit, ref, forms.fresh(), ADDRESS)


def find_address(visit: Here, ref: str, form: Posted) -> Response:
    """Keeps the address; letters that could not go go now."""
    return _change(
        visit, ref, form, finding_address.find_address, AddressInput, template=ADDRESS, notice="address-found"
    )


def safety(visit: Here, ref: str) -> Response:
    """The form: to mark as unsafe to contact, or where that is so to lift it."""
    return _form(visit, ref, forms.fresh(), UNSAFE)


def mark_unsafe(visit: Here, ref: str, form: Posted) -> Response:
    """Stops everything that would be written to the referrer."""
    return _change(visit, ref, form, unsafe_to_contact.mark, ReasonInput, template=UNSAFE, notice="unsafe-marked")


def lift_unsafe(visit: Here, ref: str, form: Posted) -> Response:
    """Lets the referrer be written to again."""
    return _change(visit, ref, form, unsafe_to_contact.lift, ReasonInput, template=UNSAFE, notice="unsafe-lifted")


def sharing(visit: Here, ref: str) -> Response:
    """The form: to protect the identity, or where it is protected to share it again."""
    return _form(visit, ref, forms.fresh(), IDENTITY)


def protect(visit: Here, ref: str, form: Posted) -> Response:
    """Keeps the referrer from everybody without the right."""
    return _change(
        visit, ref, form, protected_identity.protect, ReasonInput, template=IDENTITY, notice="identity-protected"
    )


def share(visit: Here, ref: str, form: Posted) -> Response:
    """Shows the referrer to everybody again."""
    return _change(visit, ref, form, protected_identity.share, ReasonInput, template=IDENTITY, notice="identity-shared")


def _change(
    visit: Visit,
    ref: str,
    form: Form,
    command: Command[Any],
    model: type[BaseModel],
    *,
    template: str,
    notice: str,
) -> Response:
    typed: dict[str, Any] = {name: form.get(name) for name in model.model_fields}
    try:
        data = inputs.parse(model, typed)
        steps.take_for_contact(visit, ref, form, command, data)
    except (InvalidInput, Refused) as error:
        return _form(visit, ref, form.refused(error), template, status=error.status)
    return visit.go(f"/contacts/{ref}", notice=notice)


def _form(visit: Visit, ref: str, form: Form, template: str, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = visible_referrer.as_seen(contact_rows.by_ref(session, ref), sees=visit.sees_protected)
        return visit.page(template, status=status, form=form, contact=contact)
