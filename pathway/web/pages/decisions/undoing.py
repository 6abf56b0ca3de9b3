"""Undoing a decision within its grace."""

from __future__ import annotations

from pathway.engine import inputs
from pathway.engine.decisions import undoing
from pathway.engine.inputs import ReasonInput
from pathway.web.forms import Form
from pathway.web.steps import Step


def _parse(form: Form) -> ReasonInput:
    return inputs.parse(ReasonInput, {"reason": form.get("reason")})


STEP = Step(template="undo.html", read=_parse, command=undoing.undo, notice="undone")
