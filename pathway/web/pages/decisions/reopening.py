"""Taking a closed referral up again."""

from __future__ import annotations

from pathway.engine import inputs
from pathway.engine.decisions import reopening
from pathway.engine.decisions.reopening import ReopeningInput
from pathway.web import steps
from pathway.web.forms import Form
from pathway.web.steps import Step
from rules.errors import InvalidInput

TELL = (("yes", "Yes: another letter is owed after the new decision", ""), ("no", "No: what was written stands", ""))


def _parse(form: Form) -> ReopeningInput:
    if form.get("tell_again") not in ("yes", "no"):
        raise InvalidInput.of("tell_again", "Nothing is chosen", "Say whether the referrer is to be told again")
    return inputs.parse(ReopeningInput, {"reason": form.get("reason"), "tell_again": form.get("tell_again") == "yes"})


STEP = Step(
    template="reopen.html", read=_parse, command=reopening.reopen, notice="reopened", extra=steps.fixed(answers=TELL)
)
