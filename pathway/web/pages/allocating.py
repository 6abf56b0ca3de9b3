"""Allocating a child to a worker after a discussion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pathway.engine import allocating, caseloads
from pathway.engine.inputs import AllocationInput
from pathway.web import steps, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules import caseload
from rules.errors import Fault, InvalidInput, Refused, Stale
from storage.queries import staff
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral, Worker, id_of

TEMPLATE = "allocate.html"
TEXTS = ("worker_id", "discussed_by", "agreed", "override_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One worker with the open children and the limit."""

    worker: Worker
    team: str
    children: int
    limit: int

    @property
    def words(self) -> str:
        """The worker as a list names one."""
        full = ", no room" if self.children >= self.limit else ""
        return f"{self.worker.name}, {self.team}: {self.children} of {self.limit} children{full}"


def show(visit: Here, ref: str) -> Response:
    """The workers with their caseloads, and the discussion to record."""
    today = times.local(visit.now)
    values = {"discussed_at": f"{today:%d/%m/%Y}", "discussed_by": visit.actor.name}
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, **values)


def allocate(visit: Here, ref: str, form: Posted) -> Response:
    """Gives the child to the worker; over the limit only with a reason."""

    def command(session: WriteSession, referral_id: int, **how: Any) -> Referral:
        return allocating.allocate(session, referral_id, data, **how)

    try:
        data = _parse(form)
        steps.take(visit, ref, form, command)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="allocated")


def _parse(form: Form) -> AllocationInput:
    faults: list[Fault] = []
    fields: dict[str, Any] = {
        name: form.get(name) for name in ("discussed_by", "agreed", "override_reason", "worker_id")
    }
    if not form.get("worker_id"):
        faults.append(Fault(place="worker_id", problem="Nobody is chosen", remedy="Choose a worker"))
    if form.get("discussed_at") or form.get("discussed_at_time"):
        try:
            discussed = typed.moment(form.get("discussed_at"), form.get("discussed_at_time"), place="discussed_at")
            fields["discussed_at"] = discussed.utc
        except InvalidInput as error:
            faults += error.faults
    return typed.parse(AllocationInput, fields, faults)


def _extra(visit: Visit, session: ReadSession, page: ReferralPage, form: Form) -> Mapping[str, Any]:
    choices = _choices(visit, session)
    chosen = next((choice.worker for choice in choices if str(choice.worker.id) == form.get("worker_id")), None)
    over = caseloads.refusal(session, chosen, page.referral, now=visit.now) if chosen else ""
    return {"workers": [(str(id_of(choice.worker)), choice.words) for choice in choices], "over": over}


def _choices(visit: Visit, session: ReadSession) -> Sequence[Choice]:
    rule = visit.book.caseload
    return [
        Choice(
            worker=worker,
            team=team.name,
            children=children,
            limit=caseload.limit_for(rule, worker.full_time_equivalent),
        )
        for worker, team, children in staff.workers(session)
    ]
