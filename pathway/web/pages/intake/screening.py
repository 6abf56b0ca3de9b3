"""Screening one child: the checks, each as made or as not made and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.intake import added_child, screening
from pathway.engine.intake.screening import CheckInput
from pathway.web import steps
from pathway.web.forms import Form, Posted
from pathway.web.steps import Extra
from pathway.web.views import checked_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, Refused, Stale
from rules.vocabulary import CheckKind
from storage.queries import referral_rows
from storage.sessions import ReadSession
from storage.tables import id_of

TEMPLATE = "screen.html"


def show(visit: Here, ref: str) -> Response:
    """The checks that the book asks for, and those already recorded."""
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra)


def record(visit: Here, ref: str, form: Posted) -> Response:
    """Records the checks that were filled in."""
    try:
        checks = _checks(form)
        if checked_view.is_asked(form):
            found = visit.rehearse(lambda act: _found(act, ref, form, checks))
            return steps.kept(visit, ref, form, template=TEMPLATE, extra=_with(found))
        steps.take(visit, ref, form, screening.screen, checks)
    except InvalidInput as error:
        return steps.again(visit, ref, form, _by_kind(form, error), template=TEMPLATE, extra=_extra)
    except (Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="screened")


def _found(act: Act, ref: str, form: Form, checks: Sequence[CheckInput]) -> Sequence[str]:
    referral = referral_rows.by_ref(act.session, ref)
    screening.screen(act, id_of(referral), checks, version=steps.version_of(form))
    return checked_view.of_screening(act.session, referral)


def _filled(form: Form) -> Sequence[str]:
    return [kind for kind in CheckKind if form.get(f"{_field(kind)}.made")]


def _field(kind: str) -> str:
    return f"check.{kind.replace(' ', '-')}"


def _checks(form: Form) -> Sequence[CheckInput]:
    return [
        inputs.parse(
            CheckInput,
            {
                "kind": kind,
                "made": form.get(f"{_field(kind)}.made") == "yes",
                "found": form.get(f"{_field(kind)}.found"),
                "not_made_because": form.get(f"{_field(kind)}.not_made_because"),
            },
        )
        for kind in _filled(form)
    ]


def _by_kind(form: Form, error: InvalidInput) -> InvalidInput:
    """The engine counts the checks of one call; the form names its fields by their kind."""
    kinds = _filled(form)
    return InvalidInput(_moved(fault, kinds) for fault in error.faults)


def _moved(fault: Fault, kinds: Sequence[str]) -> Fault:
    _, _, rest = fault.place.partition("checks.")
    number, _, field = rest.partition(".")
    return replace(fault, place=f"{_field(kinds[int(number)])}.{field}") if field else fault


def _with(found: Sequence[str]) -> Extra:
    """The form, with what was found when it was checked."""
    return lambda *about: {**_extra(*about), "found": found}


def _extra(_visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    missing = {rule.kind for rule in page.missing}
    first = [(rule.kind, _field(rule.kind), rule.title) for rule in page.missing]
    others = [(kind, _field(kind), "") for kind in CheckKind if kind not in missing]
    known = added_child.household_without_referral(session, page.contact)
    return {"needed": first, "others": others, "known": known, "found": None}
