"""What the receiver of a child who was referred onward answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.act import Act
from pathway.engine.decisions import onward_referral
from pathway.engine.decisions.onward_referral import ReceiverAnswerInput
from pathway.web import steps, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused, Stale
from storage.queries.decisions import onward_rows
from storage.sessions import ReadSession
from storage.tables import id_of

TEMPLATE = "receiver.html"
NOBODY = "This child has not been referred onward to anybody."
ANSWERS = (
    ("accepted", "Accepted: they take the child on", "Once nothing else is owed the referral closes by itself"),
    ("refused", "Refused", "The child comes back: a manager decides again, and the referrer is told of that decision"),
)


def ask(visit: Here, ref: str) -> Response:
    """The form for what the receiver of one child answered."""
    now = times.local(visit.now)
    values = {"answered_at": f"{now:%d/%m/%Y}", "answered_at_time": f"{now:%H:%M}"}
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, **values)


def record(visit: Here, ref: str, form: Posted) -> Response:
    """Records the answer."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, _answer_last, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice=f"receiver-{'accepted' if data.accepted else 'refused'}")


def _answer_last(act: Act, referral_id: int, data: ReceiverAnswerInput, *, version: int | None) -> None:
    sent = onward_rows.of_referral(act.session, referral_id)
    if not sent:
        raise Refused([NOBODY])
    onward_referral.record_answer(act, id_of(sent[-1]), data, version=version)


def _parse(form: Form) -> ReceiverAnswerInput:
    faults: list[Fault] = []
    if form.get("answer") not in {value for value, *_ in ANSWERS}:
        faults.append(Fault(place="answer", problem="Nothing is chosen", remedy="Say what the receiver answered"))
    fields: dict[str, Any] = {"accepted": form.get("answer") == "accepted", "note": form.get("note")}
    try:
        answered = typed.moment(form.get("answered_at"), form.get("answered_at_time"), place="answered_at")
        fields["answered_at"] = answered.utc
    except InvalidInput as error:
        faults += error.faults
    return typed.parse(ReceiverAnswerInput, fields, faults, unread=("answered_at",))


def _extra(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"answers": ANSWERS, "handed_over": onward_rows.open_of(session, id_of(page.referral))}
