"""A second manager's look: the form."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.decisions import second_look
from pathway.engine.decisions.second_look import SecondLookInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here
from rules.errors import InvalidInput, Refused, Stale
from rules.vocabulary import Action

TEMPLATE = "second_look.html"
ANSWERS = (("yes", "I agree with the decision", ""), ("no", "I do not agree: it is to be decided anew", ""))
EXTRA = steps.fixed(answers=ANSWERS)


def form(visit: Here, ref: str) -> Response:
    """The form, beside the decision."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=EXTRA)


def give(visit: Here, ref: str, form: Posted) -> Response:
    """Records the second look; who does not agree and may correct is led to the form that does."""
    try:
        data = _parse(form)
        steps.take(visit, ref, form, second_look.give, data)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=EXTRA)
    onward = "" if data.agrees or not visit.may(Action.CORRECT_DECISION) else "/correct"
    return visit.go(f"/referrals/{ref}{onward}", notice="looked-again")


def _parse(form: Form) -> SecondLookInput:
    if form.get("agrees") not in ("yes", "no"):
        raise InvalidInput.of("agrees", "Nothing is chosen", "Say whether you agree")
    return inputs.parse(SecondLookInput, {"agrees": form.get("agrees") == "yes", "note": form.get("note")})
