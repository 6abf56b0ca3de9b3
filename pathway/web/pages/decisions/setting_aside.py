"""Setting a referral, or a whole contact, aside, and restoring it."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.decisions import restoring, setting_aside
from pathway.engine.decisions.setting_aside import SetAsideInput
from pathway.web import forms, steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.steps import Step
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Mark
from storage.queries import contact_rows, referral_rows
from storage.tables import id_of

MARKS = (
    (Mark.LOGGED_TWICE.value, "Logged twice", "The right referral is another one"),
    (Mark.IN_ERROR.value, "Logged in error", "It should never have been logged"),
)


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
        shown = {"contact": contact, "children": children, "marks": MARKS}
        return visit.page("set_aside_contact.html", status=status, form=form, **shown)


def _parse(form: Form) -> SetAsideInput:
    if form.get("mark") not in list(Mark):
        raise InvalidInput.of("mark", "Nothing is chosen", "Say whether it was logged twice or in error")
    # Without scripts the field stands there for either mark; only what was logged twice has a right one.
    right = form.get("right_ref") if form.get("mark") == Mark.LOGGED_TWICE else ""
    return inputs.parse(
        SetAsideInput, {"mark": form.get("mark"), "reason": form.get("reason"), "right_ref": right.upper()}
    )


STEP = Step(
    template="set_aside.html",
    read=_parse,
    command=setting_aside.set_aside,
    notice="set-aside",
    extra=steps.fixed(marks=MARKS),
)
RESTORE = Step(template="restore.html", read=typed.reason, command=restoring.restore, notice="restored")
