"""Recording what happened after a referral was accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathway.engine.milestones import recording_milestones
from pathway.engine.milestones.recording_milestones import MilestoneInput
from pathway.web import times, typed
from pathway.web.forms import Form
from pathway.web.steps import Step
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from rules.errors import Fault, InvalidInput
from rules.rulebook import Rulebook
from rules.vocabulary import MilestoneKind
from storage.sessions import ReadSession

YES_OR_NO = (("yes", "Yes", ""), ("no", "No", ""))
ANSWERS = {"yes": True, "no": False, "": None}


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


STEP = Step(
    template="milestone.html",
    read=_parse,
    command=recording_milestones.record,
    notice="milestone",
    extra=_extra,
    values=lambda visit: {"occurred_at": f"{times.local(visit.now):%d/%m/%Y}"},
)
