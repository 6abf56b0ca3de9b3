"""Recording what happened after a referral was accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from pathway.engine.milestones import recording_milestones
from pathway.engine.milestones.recording_milestones import MilestoneInput
from pathway.web import steps, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused, Stale
from rules.rulebook import Rulebook
from rules.vocabulary import MilestoneKind
from storage.sessions import ReadSession

TEMPLATE = "milestone.html"
YES_OR_NO = (("yes", "Yes", ""), ("no", "No", ""))
ANSWERS = {"yes": True, "no": False, "": None}


def show(visit: Here, ref: str) -> Response:
    """The form, with what is on record already."""
    today = times.local(visit.now)
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, occurred_at=f"{today:%d/%m/%Y}")


def record(visit: Here, ref: str, form: Posted) -> Response:
    """Puts the milestone on record at the moment when it happened."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, recording_milestones.record, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="milestone")


def _parse(form: Form) -> MilestoneInput:
    faults: list[Fault] = []
    fields: dict[str, Any] = {name: form.get(name) for name in ("kind", "note", "reason_for_overrun", "took_part")}
    fields |= {name: ANSWERS.get(form.get(name)) for name in ("enquiry_started", "seen_alone")}
    if not form.get("kind"):
        faults.append(Fault(place="kind", problem="Nothing is chosen", remedy="Say what happened"))
    try:
        happened = typed.moment(form.get("occurred_at"), form.get("occurred_at_time"), place="occurred_at")
        fields["occurred_at"] = happened.utc
    except InvalidInput as error:
        faults += error.faults
    return typed.parse(MilestoneInput, fields, faults, unread=("occurred_at",))


def _extra(_visit: Visit, _session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"kinds": _kinds(page.published.book), "answers": YES_OR_NO}


def _kinds(book: Rulebook) -> Sequence[tuple[str, str]]:
    """Those first on which a clock of the book hangs."""
    timed = {event for rule in book.clocks.values() for event in rule.events}
    ordered = sorted(MilestoneKind, key=lambda kind: kind.event not in timed)
    return [(kind.value, kind.capitalize()) for kind in ordered]
