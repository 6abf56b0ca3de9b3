"""What somebody typed to allocate a family, read for each child, and its faults back at their fields.

The first row holds for every child for whom nothing else is chosen below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pathway.engine.casework.allocating import AllocationInput
from pathway.engine.together import OfChild
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.views.family.family_view import Child
from rules import pathway
from rules.errors import Fault, InvalidInput
from rules.pathway import Facts
from storage.tables import id_of

LATER = "later"
WORKER, AGREED, OVERRIDE = "worker_id", "agreed", "override_reason"
SHARED = ("discussed_at", "discussed_at_time", "discussed_by")
NOBODY = Fault(place=WORKER, problem="Nobody is chosen", remedy="Choose a worker for one child at least")
Wanted = OfChild[AllocationInput]


def worker_of(form: Form, child: Child) -> str:
    """The worker chosen for a child: its own, else the one for all; nothing where the child is left for later."""
    value = form.get(child.prefix + WORKER) or form.get(WORKER)
    return "" if value == LATER else value


def parse(form: Form, children: Sequence[Child]) -> Sequence[Wanted]:
    """The allocation of each child for whom a worker is chosen. Raises InvalidInput with every fault once."""
    faults: dict[Fault, None] = {}
    wanted: list[Wanted] = []
    for child in children:
        if not worker_of(form, child):
            continue
        try:
            wanted.append(_of_child(form, child))
        except InvalidInput as error:
            faults |= dict.fromkeys(placed(form, child, error))
    if faults or not wanted:
        raise InvalidInput(list(faults) or [NOBODY])
    return wanted


def _of_child(form: Form, child: Child) -> Wanted:
    own = {
        WORKER: worker_of(form, child),
        AGREED: form.get(child.prefix + AGREED).strip() or form.get(AGREED),
        OVERRIDE: form.get(child.prefix + OVERRIDE),
    }
    version = typed.whole(form.get(f"{child.prefix}version"))
    data = discussed(form, own)
    return OfChild(ref=child.referral.ref, referral_id=id_of(child.referral), version=version, data=data)


def discussed(form: Form, own: Mapping[str, str]) -> AllocationInput:
    """One child's allocation: the discussion that the form records for all, and what is the child's ``own``.

    Raises InvalidInput.
    """
    faults = [] if own[WORKER] else [Fault(place=WORKER, problem="Nobody is chosen", remedy="Choose a worker")]
    fields: dict[str, Any] = {**own, "discussed_by": form.get("discussed_by")}
    if form.get("discussed_at") or form.get("discussed_at_time"):
        try:
            fields["discussed_at"] = typed.moment(
                form.get("discussed_at"), form.get("discussed_at_time"), place="discussed_at"
            ).utc
        except InvalidInput as error:
            faults += error.faults
    return typed.parse(AllocationInput, fields, faults)


def placed(form: Form, child: Child, error: InvalidInput) -> Sequence[Fault]:
    """What is wrong with a child's allocation, at the fields of this form."""
    return [replace(fault, place=_place(form, child, fault.place)) for fault in error.faults]


def reasons(_child: Child) -> Mapping[str, str]:
    """The guards' own words, so that a refusal finds its field."""
    return {pathway.DISCUSSION.refusal(Facts()): AGREED}


def _place(form: Form, child: Child, name: str) -> str:
    own = child.prefix + name
    return name if name in SHARED or (name != OVERRIDE and not form.get(own).strip()) else own
