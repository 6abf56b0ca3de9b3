"""Moving a child to another worker or team: proposing, accepting for one's side, refusing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.casework import caseloads, transfer_sides, transferring
from pathway.engine.casework.transfer_sides import Side
from pathway.engine.casework.transferring import TransferAcceptanceInput, TransferInput
from pathway.web import steps, typed
from pathway.web.forms import Form, Posted
from pathway.web.steps import Step
from pathway.web.views import worker_choices_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, NotAllowed, Refused
from storage.queries import referral_rows
from storage.queries.casework import transfer_rows
from storage.queries.casework.transfer_rows import Line
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import id_of

TEMPLATE = "transfer.html"
NOT_OPEN = "This transfer does not wait any more; look at what has become of it."


def accept(visit: Here, ref: str, form: Posted) -> Response:
    """Accepts for the side that has not accepted yet: the child moves."""
    try:
        typed_in = {"worker_id": form.get("worker_id"), "override_reason": form.get("override_reason")}
        data = inputs.parse(TransferAcceptanceInput, typed_in)
        visit.change(lambda act: transferring.accept(act, _shown(act.session, ref, form), data), form.token)
    except (InvalidInput, Refused) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="transferred")


def refuse(visit: Here, ref: str, form: Posted) -> Response:
    """Refuses the transfer, or takes it back: the child stays where it was."""
    try:
        data = typed.reason(form)
        visit.change(lambda act: transferring.refuse(act, _shown(act.session, ref, form), data), form.token)
    except (InvalidInput, Refused) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="transfer-refused")


def _shown(session: WriteSession, ref: str, form: Form) -> int:
    """The transfer that the page showed. Raises Refused where it was none of this child."""
    transfer_id = typed.whole(form.get("transfer"))
    lines = transfer_rows.lines_of(session, id_of(referral_rows.by_ref(session, ref)))
    if transfer_id not in [line.transfer.id for line in lines]:
        raise Refused([NOT_OPEN])
    return transfer_id


def _parse(form: Form) -> TransferInput:
    fields = {name: form.get(name) for name in ("to_worker_id", "to_team_id", "handover_note")}
    nobody = Fault(place="to_worker_id", problem="Nobody is chosen", remedy="Choose a worker, or a team")
    missing = [] if fields["to_worker_id"] or fields["to_team_id"] else [nobody]
    return typed.parse(TransferInput, fields, missing)


def _extra(visit: Visit, session: ReadSession, page: ReferralPage, form: Form) -> Mapping[str, Any]:
    lines = transfer_rows.lines_of(session, id_of(page.referral))
    line = next((line for line in lines if line.waits), None)
    choices = [
        choice
        for choice in worker_choices_view.of_all(session, visit.book.caseload)
        if choice.worker.id != page.referral.worker_id
    ]
    return {
        "line": line,
        "past": [other for other in lines if other is not line],
        "workers": [choice.option for choice in choices],
        "teams": [(str(team.id), team.name) for team in staff_rows.teams(session)],
        "team_workers": [
            choice.option for choice in choices if line and choice.worker.team_id == line.transfer.to_team_id
        ],
        "may_accept": line is not None and _may_accept(visit, session, line),
        "may_refuse": line is not None and _may_refuse(visit, session, line),
        "names_worker": line is not None and line.transfer.to_worker_id is None,
        "over": _over(visit, session, page, line, form),
    }


def _may_accept(visit: Visit, session: ReadSession, line: Line) -> bool:
    if visit.actor.username in (line.transfer.given_by, line.transfer.taken_by):
        return False
    try:
        return isinstance(transfer_sides.missing_side(session, line.transfer, visit.actor), Side)
    except NotAllowed:
        return False


def _may_refuse(visit: Visit, session: ReadSession, line: Line) -> bool:
    return transfer_sides.gives(session, line.transfer, visit.actor) or transfer_sides.takes(
        session, line.transfer, visit.actor
    )


def _over(visit: Visit, session: ReadSession, page: ReferralPage, line: Line | None, form: Form) -> str:
    """Why whoever is to take the child has no room; what a reason is asked for."""
    taker_id = typed.whole(form.get("worker_id")) if line else 0
    if line is not None and line.transfer.to_worker_id is not None:
        taker_id = line.transfer.to_worker_id
    taker = staff_rows.active_worker(session, taker_id)
    return caseloads.refusal(session, taker, page.referral, now=visit.now) if taker else ""


STEP = Step(template=TEMPLATE, read=_parse, command=transferring.propose, notice="transfer-proposed", extra=_extra)
