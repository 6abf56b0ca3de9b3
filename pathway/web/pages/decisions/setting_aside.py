"""Setting a referral, or a whole contact, aside, and restoring it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.decisions import restoring, setting_aside
from pathway.engine.decisions.setting_aside import SetAsideInput
from pathway.engine.inputs import ReasonInput
from pathway.web import forms, steps
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from rules.vocabulary import Mark
from storage.queries import contact_rows, referral_rows
from storage.sessions import ReadSession
from storage.tables import id_of

TEMPLATE, RESTORE, CONTACT = "set_aside.html", "restore.html", "set_aside_contact.html"
MARKS = (
    (Mark.LOGGED_TWICE.value, "Logged twice", "The right referral is another one"),
    (Mark.IN_ERROR.value, "Logged in error", "It should never have been logged"),
)


def show(visit: Here, ref: str) -> Response:
    """The form for one referral."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def set_aside(visit: Here, ref: str, form: Posted) -> Response:
    """Sets one referral aside."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, setting_aside.set_aside, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="set-aside")


def show_restore(visit: Here, ref: str) -> Response:
    """The form that takes the mark back."""
    return steps.blank(visit, ref, template=RESTORE, extra=_nothing)


def restore(visit: Here, ref: str, form: Posted) -> Response:
    """Takes the mark back."""
    try:
        data = inputs.parse(ReasonInput, {"reason": form.get("reason")})
        steps.take(visit, ref, form, restoring.restore, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=RESTORE, extra=_nothing)
    return visit.go(f"/referrals/{ref}", notice="restored")


def show_contact(visit: Here, ref: str) -> Response:
    """The form for every child of a contact."""
    return _contact_form(visit, ref, forms.fresh())


def set_aside_contact(visit: Here, ref: str, form: Posted) -> Response:
    """Sets every child of a contact aside."""
    try:
        data = _parse(form)
        steps.take_for_contact(visit, ref, form, setting_aside.set_aside_contact, data)
    except (InvalidInput, Refused) as error:
        return _contact_form(visit, ref, form.refused(error), status=error.status)
    return visit.go(f"/contacts/{ref}", notice="set-aside")


def _contact_form(visit: Visit, ref: str, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        contact = contact_rows.by_ref(session, ref)
        children = referral_rows.children_of_contact(session, id_of(contact))
        return visit.page(CONTACT, status=status, form=form, contact=contact, children=children, marks=MARKS)


def _parse(form: Form) -> SetAsideInput:
    if form.get("mark") not in list(Mark):
        raise InvalidInput.of("mark", "Nothing is chosen", "Say whether it was logged twice or in error")
    # Without scripts the field stands there for either mark; only what was logged twice has a right one.
    right = form.get("right_ref") if form.get("mark") == Mark.LOGGED_TWICE else ""
    return inputs.parse(
        SetAsideInput, {"mark": form.get("mark"), "reason": form.get("reason"), "right_ref": right.upper()}
    )


def _extra(_visit: Visit, _session: ReadSession, _page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"marks": MARKS}


def _nothing(_visit: Visit, _session: ReadSession, _page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {}
