"""Following a wrong decision with another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.decisions import correcting
from pathway.engine.decisions.correcting import CorrectionInput
from pathway.engine.rulebooks import published_books
from pathway.web import previews, steps
from pathway.web.forms import Form, Posted
from pathway.web.views import decision_form_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules import pathway
from rules.errors import InvalidInput, Refused, Stale
from rules.pathway import Facts
from storage.queries import referral_rows
from storage.sessions import ReadSession

TEMPLATE = "correct.html"
WHY = pathway.CORRECTION_REASON.refusal(Facts())


def show(visit: Here, ref: str) -> Response:
    """The form, beside the decision that it follows."""
    with visit.reading() as session:
        referral = referral_rows.by_ref(session, ref)
        values = decision_form_view.preselected(session, referral, published_books.published_of(session, referral).book)
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, **values)


def correct(visit: Here, ref: str, form: Posted) -> Response:
    """Records the decision that follows."""
    try:
        data = decision_form_view.parse(form, CorrectionInput, "correction_reason")
        if previews.is_asked(form):
            found = previews.of_decision(visit, ref, form, correcting.correct, data)
            return steps.kept(visit, ref, form, template=TEMPLATE, extra=previews.beside(_choices, found))
        steps.take(visit, ref, form, correcting.correct, data)
    except InvalidInput as error:
        return steps.again(visit, ref, form, decision_form_view.placed(form, error), template=TEMPLATE, extra=_extra)
    except (Refused, Stale) as error:
        places = {**decision_form_view.places(form), WHY: "correction_reason"}
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra, places=places)
    return visit.go(f"/referrals/{ref}", notice="corrected")


def _choices(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"choices": decision_form_view.options(session, page)}


_extra = previews.beside(_choices, None)
