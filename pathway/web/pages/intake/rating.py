"""Rating how urgent a referral is, where its book rates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.engine import inputs
from pathway.engine.intake import rating
from pathway.engine.intake.rating import RatingInput
from pathway.web.forms import Form
from pathway.web.steps import Step
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from rules.errors import InvalidInput
from storage.sessions import ReadSession


def _parse(form: Form) -> RatingInput:
    if not form.get("rating"):
        raise InvalidInput.of("rating", "Nothing is chosen", "Choose a rating")
    return inputs.parse(RatingInput, {"rating": form.get("rating"), "reason": form.get("reason")})


def _extra(_visit: Visit, _session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    ratings = page.published.book.ratings
    return {"choices": [(code, code.capitalize(), words) for code, words in ratings.items()]}


STEP = Step(template="rate.html", read=_parse, command=rating.rate, notice="rated", extra=_extra)
