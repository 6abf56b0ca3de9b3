"""Deciding about one child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from pathway.engine import codes, deciding, inputs
from pathway.engine.inputs import DecisionInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules import pathway
from rules.errors import InvalidInput, Refused, Stale
from rules.pathway import Facts
from rules.rulebook import Outcome
from rules.vocabulary import Effect
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral

TEMPLATE = "decide.html"

# The guards' own words, so that a refusal finds its field.
PLACES = {
    pathway.OUTCOME.refusal(Facts()): "outcome",
    pathway.LEVEL_OF_NEED.refusal(Facts()): "level_of_need",
    pathway.REASONS.refusal(Facts()): "reasons",
    pathway.PRIMARY_NEED.refusal(Facts(outcome_accepts=True)): "primary_need",
}


def show(visit: Here, ref: str) -> Response:
    """The form, beside what is known of the child."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def decide(visit: Here, ref: str, form: Posted) -> Response:
    """Records the decision."""

    def command(session: WriteSession, referral_id: int, **how: Any) -> Referral:
        return deciding.decide(session, referral_id, data, **how)

    try:
        data = inputs.parse(DecisionInput, {name: form.get(name) for name in DecisionInput.model_fields})
        steps.take(visit, ref, form, command)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra, places=PLACES)
    return visit.go(f"/referrals/{ref}", notice="decided")


def _extra(_visit: Visit, _session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    book = page.published.book
    return {
        "outcomes": [(outcome.code, outcome.title, _hint(outcome)) for outcome in book.outcomes.values()],
        "levels": [(code, f"{code}: {words}", "") for code, words in book.levels_of_need.items()],
        "needs": [(code, f"{code} {label}") for code, label in codes.labels(codes.PRIMARY_NEED).items()],
    }


def _hint(outcome: Outcome) -> str:
    paragraph = " ".join(outcome.paragraph.split())
    if not outcome.effect.accepts:
        return paragraph
    urgently = ", at once" if outcome.effect is Effect.ACCEPT_URGENTLY else ""
    return f"Accepts the referral: a worker must be allocated{urgently}. {paragraph}"
