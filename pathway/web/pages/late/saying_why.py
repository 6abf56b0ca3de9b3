"""Saying afterwards why something was late."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.engine import clocks, inputs, why_late
from pathway.engine.rulebooks import published_books
from pathway.engine.why_late import LateInput, Question
from pathway.web.forms import Form
from pathway.web.steps import Step
from pathway.web.views.late import why_late_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from storage.queries import late_rows
from storage.sessions import ReadSession
from storage.tables import id_of


def read(form: Form) -> LateInput:
    """What was typed. Raises InvalidInput."""
    return inputs.parse(LateInput, why_late_view.read(form))


def _extra(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    late = late_rows.met_late(session, id_of(page.referral))
    reasons = published_books.published_of(session, page.referral).book.late_reasons
    titles = {id_of(clock): clocks.rule_of(session, clock).title for clock, _ in late}
    again = Question(late=[clock for clock, _ in late], titles=list(titles.values()), reasons=list(reasons.items()))
    question = why_late.open_of(session, page.referral) or (again if late else None)
    return {"late": late, "titles": titles, "reasons": reasons, "question": question}


STEP = Step(template="why_late.html", read=read, command=why_late.answer, notice="why-late", extra=_extra)
