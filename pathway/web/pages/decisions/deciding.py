"""Deciding about one child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine.decisions import deciding
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.rulebooks import published_books
from pathway.web import previews, steps
from pathway.web.forms import Form, Posted
from pathway.web.views import decision_form_view
from pathway.web.views.late import why_late_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused, Stale
from storage.queries import referral_rows
from storage.sessions import ReadSession

TEMPLATE = "decide.html"


def show(visit: Here, ref: str) -> Response:
    """The form, beside what is known of the child."""
    with visit.reading() as session:
        referral = referral_rows.by_ref(session, ref)
        values = decision_form_view.preselected(session, referral, published_books.published_of(session, referral).book)
        values = {**values, **why_late_view.prefilled(session, referral.contact_id)}
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, **values)


def decide(visit: Here, ref: str, form: Posted) -> Response:
    """Records the decision."""
    try:
        data = decision_form_view.parse(form, DecisionInput, *why_late_view.NAMES)
        if previews.is_asked(form):
            found = previews.of_decision(visit, ref, form, deciding.decide, data)
            return steps.kept(visit, ref, form, template=TEMPLATE, extra=previews.beside(_choices, found))
        steps.take(visit, ref, form, deciding.decide, data)
    except InvalidInput as error:
        return steps.again(visit, ref, form, decision_form_view.placed(form, error), template=TEMPLATE, extra=_extra)
    except (Refused, Stale) as error:
        places = {**decision_form_view.places(form), **why_late_view.places()}
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra, places=places)
    return visit.go(f"/referrals/{ref}", notice="decided")


def _choices(visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    late = why_late_view.question(session, page.referral, now=visit.now)
    return {"choices": {**decision_form_view.options(session, page), "late": late}}


_extra = previews.beside(_choices, None)
