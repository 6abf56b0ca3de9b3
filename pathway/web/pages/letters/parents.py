"""A letter to a parent or carer of one child, where a manager chooses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.act import Act
from pathway.engine.decisions import previewing
from pathway.engine.letters import parents
from pathway.engine.letters.parents import ParentsInput
from pathway.web import previews, steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.previews import Shown
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from storage.queries import referral_rows
from storage.tables import Contact, id_of

TEMPLATE = "parents.html"
FIELDS = ("name", "email", "address", "next_steps", "no_risk_because")


def show(visit: Here, ref: str) -> Response:
    """The form, beside what is known of the child."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def write(visit: Here, ref: str, form: Posted) -> Response:
    """Writes the letter, or shows what it would say."""
    try:
        data = typed.parse(ParentsInput, _fields(form), [] if _no_risk(form) else [parents.RISK])
        if previews.is_asked(form):
            found = _preview(visit, ref, form, data)
            return steps.kept(visit, ref, form, template=TEMPLATE, extra=previews.beside(steps.NOTHING, found))
        steps.take(visit, ref, form, parents.write, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="parents-written")


def _fields(form: Form) -> Mapping[str, Any]:
    return {**{name: form.get(name) for name in FIELDS}, "no_risk": _no_risk(form)}


def _no_risk(form: Form) -> bool:
    return form.has("no_risk", "yes")


def _preview(visit: Visit, ref: str, form: Form, data: ParentsInput) -> Shown:
    with visit.services.database.rehearse() as session:
        referral = referral_rows.by_ref(session, ref)
        act = Act(session, visit.actor, visit.now)
        written = parents.write(act, id_of(referral), data, version=steps.version_of(form))
        contact = session.get_one(Contact, referral.contact_id)
        return previews.seen(visit, contact, previewing.of_letter(session, written), to_parents=True)


_extra = previews.beside(steps.NOTHING, None)
