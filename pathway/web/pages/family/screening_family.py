"""Screening all children of a contact on one page: a first row for all, and exceptions by child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathway.engine import together
from pathway.engine.act import Act
from pathway.engine.intake import added_child, screening
from pathway.engine.intake.screening import CheckInput
from pathway.engine.together import OfChild
from pathway.web import page_words
from pathway.web.forms import Form
from pathway.web.pages.family.family_steps import FamilyStep, Open, Wanted
from pathway.web.views import checked_view
from pathway.web.views.family import screening_grid_view, typed_grid_view
from pathway.web.views.family.family_view import Child
from pathway.web.views.family.refused_view import Places
from pathway.web.visit import Visit
from rules.errors import Fault, InvalidInput
from storage.tables import Person, Referral


def _read(page: Open) -> Wanted:
    return typed_grid_view.parse(page.form, screening_grid_view.of(page.session, page.family))


def _screen(act: Act, wanted: Sequence[OfChild[Sequence[CheckInput]]]) -> None:
    together.each(act, screening.screen, wanted)


def _shows(page: Open) -> Mapping[str, Any]:
    known = added_child.household_without_referral(page.session, page.family.contact)
    return {"grid": screening_grid_view.of(page.session, page.family), "known": known, "found": None}


def _found_at(page: Open) -> Places:
    grid = screening_grid_view.of(page.session, page.family)
    rows = {child.referral.ref: cells for child, cells in grid.rows}

    def placed(child: Child, error: InvalidInput) -> Sequence[Fault]:
        return typed_grid_view.placed(page.form, rows[child.referral.ref], error)

    return Places(faults=placed)


def _tried(visit: Visit, form: Form, wanted: Wanted) -> Mapping[str, Any] | None:
    if not checked_view.is_asked(form):
        return None
    return {"found": visit.rehearse(lambda act: _still_missing(act, wanted))}


def _still_missing(act: Act, wanted: Wanted) -> Sequence[str]:
    _screen(act, wanted)
    referrals = [act.session.get_one(Referral, one.referral_id) for one in wanted]
    return [f"{_name(act, one)}: {line}" for one in referrals for line in checked_view.of_screening(act.session, one)]


def _name(act: Act, referral: Referral) -> str:
    return page_words.child_name(act.session.get_one(Person, referral.person_id))


STEP = FamilyStep(
    tab="screen",
    template="family_screen.html",
    read=_read,
    command=_screen,
    shows=_shows,
    found_at=_found_at,
    tried=_tried,
    notice="screened",
    then="decide",
)
