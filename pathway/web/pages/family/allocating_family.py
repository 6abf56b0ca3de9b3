"""Allocating the children of a contact on one page: one discussion, a worker for all, or one a child; all or none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from pathway.engine.casework import allocating_together
from pathway.web import times
from pathway.web.pages.family.family_steps import FamilyStep, Open, Wanted
from pathway.web.views import worker_choices_view
from pathway.web.views.family import typed_allocations_view
from pathway.web.views.family.refused_view import Places

TAB = "allocate"


def _read(page: Open) -> Wanted:
    return typed_allocations_view.parse(page.form, page.family.on(TAB))


def _values(page: Open) -> Mapping[str, str]:
    today = times.local(page.visit.now)
    return {"discussed_at": f"{today:%d/%m/%Y}", "discussed_by": page.visit.actor.name}


def _shows(page: Open) -> Mapping[str, Any]:
    workers = [one.option for one in worker_choices_view.of_all(page.session, page.visit.book.caseload)]
    return {"rows": page.family.on(TAB), "workers": workers, "later": typed_allocations_view.LATER}


def _found_at(page: Open) -> Places:
    return Places(
        faults=partial(typed_allocations_view.placed, page.form),
        reasons=typed_allocations_view.reasons,
    )


STEP = FamilyStep(
    tab=TAB,
    template="family_allocate.html",
    read=_read,
    command=allocating_together.allocate,
    shows=_shows,
    found_at=_found_at,
    tried=lambda *_: None,
    notice="allocated-together",
    values=_values,
)
