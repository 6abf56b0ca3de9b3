"""What somebody typed to decide about a family, read for each child, and its faults back at their fields.

The reasons of the first row hold for every child; what stands below a child is added to them. Why it is late is said
once for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.together import OfChild
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.views import decision_form_view
from pathway.web.views.family.family_view import Child
from pathway.web.views.late import why_late_view
from rules.errors import Fault, InvalidInput
from storage.tables import id_of

LATER = "later"
REASONS = "reasons"
NOBODY = Fault(place="decisions", problem="Every child is left for later", remedy="Choose an outcome for one at least")
IS_TYPED = ("level_of_need", "primary_need", REASONS, "receiver", "receiver_email")
Wanted = OfChild[DecisionInput]


def parse(form: Form, children: Sequence[Child]) -> Sequence[Wanted]:
    """The decision about each child who is not left for later. Raises InvalidInput with every fault once."""
    faults: dict[Fault, None] = {}
    wanted: list[Wanted] = []
    for child in children:
        try:
            wanted += _of_child(form, child)
        except InvalidInput as error:
            faults |= dict.fromkeys(error.faults)
    if faults or not wanted:
        raise InvalidInput(list(faults) or [NOBODY])
    return wanted


def _of_child(form: Form, child: Child) -> Sequence[Wanted]:
    own = _own(form, child)
    if own.get("outcome") == LATER:
        _refuse_lost(own, child)
        return []
    try:
        data = decision_form_view.parse(own, DecisionInput, *why_late_view.NAMES)
    except InvalidInput as error:
        raise InvalidInput(placed(form, child, error)) from error
    version = typed.whole(own.get("version"))
    return [OfChild(ref=child.referral.ref, referral_id=id_of(child.referral), version=version, data=data)]


def _own(form: Form, child: Child) -> Form:
    """The fields of one child, with the reasons as they are recorded (for all children, then the child's own)."""
    own = form.below(child.prefix)
    if own.get("outcome") == LATER:
        return own
    reasons = (text for text in (form.get(REASONS).strip(), own.get(REASONS).strip()) if text)
    return own.where(reasons="\n\n".join(reasons), **why_late_view.read(form))


def _refuse_lost(own: Form, child: Child) -> None:
    """What was typed about a child who is left for later would be lost without a word."""
    if any(own.get(name).strip() for name in IS_TYPED):
        remedy = "Choose an outcome, or empty what is below"
        raise InvalidInput.of(f"{child.prefix}outcome", "Left for later, but something is typed for this child", remedy)


def placed(form: Form, child: Child, error: InvalidInput) -> Sequence[Fault]:
    """What is wrong with a child's decision, at the fields of this form."""
    moved = decision_form_view.placed(form.below(child.prefix), error)
    return [replace(fault, place=_place(form, child, fault.place)) for fault in moved.faults]


def reasons(form: Form, child: Child) -> Mapping[str, str]:
    """The guards' own words, so that a refusal finds its field."""
    places = decision_form_view.places(form.below(child.prefix))
    found = {reason: _place(form, child, place) for reason, place in places.items()}
    return {**found, **why_late_view.places()}


def _place(form: Form, child: Child, place: str) -> str:
    own = form.below(child.prefix)
    if place in why_late_view.NAMES or (place == REASONS and not own.get(REASONS).strip()):
        return place
    return child.prefix + place.removesuffix(f"-{own.get('outcome')}")
