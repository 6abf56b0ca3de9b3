"""Closing a referral."""

from __future__ import annotations

from pathway.engine import code_lists, inputs
from pathway.engine.casework import closing
from pathway.engine.casework.closing import ClosureInput
from pathway.web import steps
from pathway.web.forms import Form
from pathway.web.steps import Step
from rules import pathway
from rules.pathway import Facts

CODES = code_lists.labels(code_lists.CLOSURE_REASON)


def _parse(form: Form) -> ClosureInput:
    return inputs.parse(ClosureInput, {"reason": form.get("reason"), "code": form.get("code")})


STEP = Step(
    template="close.html",
    read=_parse,
    command=closing.close,
    notice="closed",
    extra=steps.fixed(codes=[(code, f"{code} {label}") for code, label in CODES.items()]),
    places={pathway.CLOSURE_CODE.refusal(Facts(outcome_accepts=True)): "code"},
)
