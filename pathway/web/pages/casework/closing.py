"""Closing a referral."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import code_lists, inputs
from pathway.engine.casework import closing
from pathway.engine.casework.closing import ClosureInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules import pathway
from rules.errors import InvalidInput, Refused, Stale
from rules.pathway import Facts
from storage.sessions import ReadSession

TEMPLATE = "close.html"
PLACES = {pathway.CLOSURE_CODE.refusal(Facts(outcome_accepts=True)): "code"}


def show(visit: Here, ref: str) -> Response:
    """The form."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def close(visit: Here, ref: str, form: Posted) -> Response:
    """Closes the referral; never while anything is owed, an accepted one with the department's reason."""
    try:
        data = inputs.parse(ClosureInput, {"reason": form.get("reason"), "code": form.get("code")})
        steps.take(visit, ref, form, closing.close, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra, places=PLACES)
    return visit.go(f"/referrals/{ref}", notice="closed")


def _extra(_visit: Visit, _session: ReadSession, _page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {
        "codes": [(code, f"{code} {label}") for code, label in code_lists.labels(code_lists.CLOSURE_REASON).items()]
    }
