"""Closing a referral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import closing, codes, inputs
from pathway.engine.inputs import ClosureInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral

TEMPLATE = "close.html"


def show(visit: Here, ref: str) -> Response:
    """The form."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def close(visit: Here, ref: str, form: Posted) -> Response:
    """Closes the referral; never while feedback is owed."""

    def command(session: WriteSession, referral_id: int, **how: Any) -> Referral:
        return closing.close(session, referral_id, data, **how)

    try:
        data = inputs.parse(ClosureInput, {"reason": _reason(form)})
        steps.take(visit, ref, form, command)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="closed")


def _reason(form: Form) -> str:
    code = form.get("reason_code")
    if code not in codes.labels(codes.CLOSURE_REASON):
        return form.get("reason")
    label = f"{code} {codes.label(codes.CLOSURE_REASON, code)}"
    return f"{label}: {form.get('reason')}" if form.get("reason").strip() else label


def _extra(_visit: Visit, _session: ReadSession, _page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"codes": [(code, f"{code} {label}") for code, label in codes.labels(codes.CLOSURE_REASON).items()]}
