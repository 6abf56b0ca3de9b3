"""Possible matches: one of them with both records side by side, and the merge of two into one child."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.children import matches, merging
from pathway.engine.children.matches import MatchInput
from pathway.engine.inputs import ReasonInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.views import match_view
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, PathwayError, Refused, Stale
from storage.queries.children import match_rows

ANSWERS = (
    ("yes", "Yes, the same child", "Those who may can then merge the two records."),
    ("no", "No, two children", "Both records stay as they are."),
)
_SAME = {"yes": True, "no": False}


def one(visit: Here, match_id: int) -> Response:
    """Both records side by side, and what can be done."""
    return _match(visit, match_id, forms.fresh())


def settle(visit: Here, match_id: int, form: Posted) -> Response:
    """Confirms or declines."""
    try:
        data = _answer(form)
        visit.change(lambda act: matches.settle(act, match_id, data), token=form.token)
    except (InvalidInput, Refused, Stale) as error:
        return _match(visit, match_id, form.refused(error), status=error.status)
    return visit.go(f"/matches/{match_id}", notice="match-settled")


def _answer(form: Form) -> MatchInput:
    faults = []
    if form.get("same_child") not in _SAME:
        faults.append(Fault(place="same_child", problem="Nothing is chosen", remedy="Say whether it is the same child"))
    fields = {"same_child": _SAME.get(form.get("same_child"), False), "reason": form.get("reason")}
    return typed.parse(MatchInput, fields, faults)


def merge(visit: Here, match_id: int, form: Posted) -> Response:
    """Makes one child of the two."""
    try:
        data = inputs.parse(ReasonInput, {"reason": form.get("why")})
        done = visit.change(
            lambda act: merging.merge(
                act,
                *_kept_first(
                    match_rows.get(act.session, match_id).other_person_id,
                    match_rows.get(act.session, match_id).person_id,
                    form,
                ),
                data,
            ),
            token=form.token,
        )
    except (InvalidInput, Refused, Stale) as error:
        return _match(visit, match_id, form.refused(_placed(error)), status=error.status)
    return visit.go(f"/merges/{done.id}", notice="persons-merged")


def _kept_first(older: int, newer: int, form: Form) -> tuple[int, int]:
    return (newer, older) if form.get("keep") == str(newer) else (older, newer)


def _placed(error: PathwayError) -> PathwayError:
    """The merge's form stands beside another one, and its reason has a name of its own."""
    if not isinstance(error, InvalidInput):
        return error
    return InvalidInput([replace(fault, place="why") for fault in error.faults])


def merged(visit: Here, merge_id: int) -> Response:
    """One merge, with what it moved."""
    return _merge(visit, merge_id, forms.fresh())


def undo(visit: Here, merge_id: int, form: Posted) -> Response:
    """Takes the two apart again."""
    try:
        data = typed.reason(form)
        visit.change(lambda act: merging.undo(act, merge_id, data), token=form.token)
    except (InvalidInput, Refused, Stale) as error:
        return _merge(visit, merge_id, form.refused(error), status=error.status)
    return visit.go(f"/merges/{merge_id}", notice="merge-undone")


def _match(visit: Visit, match_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        found = match_view.match_page(session, match_id)
        form = form if form.get("keep") else form.where(keep=str(found.older.number))
        return visit.page("match.html", status=status, form=form, view=found, answers=ANSWERS, **_keeping(found))


def _keeping(view: match_view.MatchPage) -> Mapping[str, Any]:
    sides = (("older", view.older), ("newer", view.newer))
    return {"keeping": [(str(side.number), f"Child {side.number}, the {word} record", "") for word, side in sides]}


def _merge(visit: Visit, merge_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        return visit.page("merge.html", status=status, form=form, view=match_view.merge_page(session, merge_id))
