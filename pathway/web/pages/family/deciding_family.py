"""Deciding about all children of a contact on one page: an outcome a child, reasons in common, one preview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pathway.engine.decisions import deciding_together
from pathway.engine.why_late import Question
from pathway.web import previews
from pathway.web.forms import Form
from pathway.web.pages.family.family_steps import FamilyStep, Open, Wanted
from pathway.web.views import decision_form_view
from pathway.web.views.family import decision_choices_view, typed_decisions_view
from pathway.web.views.family.family_view import Child
from pathway.web.views.family.refused_view import Places
from pathway.web.views.late import why_late_view
from pathway.web.visit import Visit
from storage.tables import id_of

TAB = "decide"


def _children(page: Open) -> Sequence[Child]:
    return page.family.on(TAB)


def _read(page: Open) -> Wanted:
    return typed_decisions_view.parse(page.form, _children(page))


def _values(page: Open) -> Mapping[str, str]:
    """Below each child the worker who has the child already; for all what was said before of why it is late."""
    return {**why_late_view.prefilled(page.session, id_of(page.family.contact))} | {
        f"{child.prefix}worker_id": worker_id
        for child in _children(page)
        for worker_id in decision_form_view.preselected(page.session, child.referral, child.published.book).values()
    }


def _shows(page: Open) -> Mapping[str, Any]:
    return {
        "rows": [decision_choices_view.row(page.session, child) for child in _children(page)],
        "common": decision_form_view.of_contact(page.session, page.family.contact),
        "thresholds": decision_choices_view.thresholds(page.family.book),
        "late": _late(page),
        "preview": None,
    }


def _late(page: Open) -> Question | None:
    """The question for all; what is late of any child is late."""
    asked = [why_late_view.question(page.session, child.referral, now=page.visit.now) for child in _children(page)]
    found = [one for one in asked if one]
    titles = list(dict.fromkeys(title for one in found for title in one.titles))
    return replace(found[0], titles=titles) if found else None


def _found_at(page: Open) -> Places:
    return Places(
        faults=partial(typed_decisions_view.placed, page.form),
        reasons=partial(typed_decisions_view.reasons, page.form),
    )


def _tried(visit: Visit, form: Form, wanted: Wanted) -> Mapping[str, Any] | None:
    return {"preview": previews.of_family(visit, wanted)} if previews.is_asked(form) else None


STEP = FamilyStep(
    tab=TAB,
    template="family_decide.html",
    read=_read,
    command=deciding_together.decide,
    shows=_shows,
    found_at=_found_at,
    tried=_tried,
    notice="decided-together",
    values=_values,
    then="allocate",
)
