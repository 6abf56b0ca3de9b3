"""Taking a closed referral up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.decisions import reopening
from pathway.engine.decisions.reopening import ReopeningInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from storage.sessions import ReadSession

TEMPLATE = "reopen.html"
TELL = (("yes", "Yes: another letter is owed after the new decision", ""), ("no", "No: what was written stands", ""))


def show(visit: Here, ref: str) -> Response:
    """The form."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def reopen(visit: Here, ref: str, form: Posted) -> Response:
    """Puts the referral before a manager again."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, reopening.reopen, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="reopened")


def _parse(form: Form) -> ReopeningInput:
    if form.get("tell_again") not in ("yes", "no"):
        raise InvalidInput.of("tell_again", "Nothing is chosen", "Say whether the referrer is to be told again")
    return inputs.parse(ReopeningInput, {"reason": form.get("reason"), "tell_again": form.get("tell_again") == "yes"})


def _extra(_visit: Visit, _session: ReadSession, _page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"answers": TELL}
