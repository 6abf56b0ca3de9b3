"""Breaking the glass of a restricted record, and reviewing it. The page names no child: it is closed to who comes."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.children import breaking_glass
from pathway.engine.children.breaking_glass import GlassInput, ReviewInput
from pathway.web import forms
from pathway.web.forms import Form, Posted
from pathway.web.kept import way_back
from pathway.web.lists import which
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, Refused


def show(visit: Here, person_id: int) -> Response:
    """The form that asks why."""
    return _page(visit, person_id, forms.fresh())


def open_it(visit: Here, person_id: int, form: Posted) -> Response:
    """Opens the record, and leads to it."""
    try:
        data = inputs.parse(GlassInput, {"reason": form.get("reason")})
        visit.change(lambda act: breaking_glass.break_glass(act, person_id, data), form.token)
    except (InvalidInput, Refused) as error:
        return _page(visit, person_id, form.refused(error), status=error.status)
    return visit.go(f"/children/{person_id}/chronology", notice="glass-broken")


def review(visit: Here, broken_id: int, form: Posted) -> Response:
    """Keeps what somebody else found, and goes back to the list as it was filtered."""
    data = inputs.parse(ReviewInput, {"note": form.get(f"note-{broken_id}")})
    visit.change(lambda act: breaking_glass.review(act, broken_id, data), form.token)
    return visit.go(way_back.own_path(form.get("back"), default=which.RESTRICTED), notice="glass-reviewed")


def _page(visit: Visit, person_id: int, form: Form, *, status: int = 200) -> Response:
    glass = visit.book.break_glass
    return visit.page("break_glass.html", status=status, form=form, person_id=person_id, glass=glass)
