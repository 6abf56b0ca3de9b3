"""Rating how urgent a referral is, where its book rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.intake import rating
from pathway.engine.intake.rating import RatingInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from storage.sessions import ReadSession

TEMPLATE = "rate.html"


def show(visit: Here, ref: str) -> Response:
    """The form."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def rate(visit: Here, ref: str, form: Posted) -> Response:
    """Rates the referral; a change needs its reason."""
    try:
        if not form.get("rating"):
            raise InvalidInput.of("rating", "Nothing is chosen", "Choose a rating")
        data = inputs.parse(RatingInput, {"rating": form.get("rating"), "reason": form.get("reason")})
        steps.take(visit, ref, form, rating.rate, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="rated")


def _extra(_visit: Visit, _session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    ratings = page.published.book.ratings
    return {"choices": [(code, code.capitalize(), words) for code, words in ratings.items()]}
