"""Restricted records: the forms to restrict one, to name further people and to lift it."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.children import restricting
from pathway.engine.children.restricting import NamingInput, RestrictionInput
from pathway.engine.inputs import ReasonInput
from pathway.web import forms, typed
from pathway.web.forms import Form, Posted
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotFound, Refused
from storage.queries import record_rows
from storage.queries.children import opener_rows, person_rows, restriction_rows
from storage.tables import Person, Restriction, id_of

_FIELDS = {"named": {"reason": "why_named", "usernames": "username"}, "lifted": {"reason": "why_lifted"}}


def one(visit: Here, person_id: int) -> Response:
    """The forms for one child."""
    return _page(visit, person_id, forms.fresh())


def change(visit: Here, person_id: int, form: Posted) -> Response:
    """Restricts, names somebody, or lifts."""
    try:
        visit.change(lambda act: _do(act, person_id, form), form.token)
    except (InvalidInput, Refused) as error:
        return _page(visit, person_id, form.refused(_placed(error, form.get("do"))), status=error.status)
    return visit.go(f"/children/{person_id}/restrict", notice=f"restriction-{form.get('do') or 'made'}")


def _do(act: Act, person_id: int, form: Form) -> Restriction:
    if form.get("do") == "named":
        typed = {"username": form.get("username"), "reason": form.get("why_named")}
        return restricting.name(act, person_id, inputs.parse(NamingInput, typed))
    if form.get("do") == "lifted":
        lifting = inputs.parse(ReasonInput, {"reason": form.get("why_lifted")})
        return restricting.lift(act, person_id, lifting)
    data = inputs.parse(RestrictionInput, {"reason": form.get("reason"), "usernames": form.get("usernames")})
    return restricting.restrict(act, person_id, data)


def _placed(error: InvalidInput | Refused, do: str) -> InvalidInput | Refused:
    """The two smaller forms have fields of their own names beside those of the command's input."""
    if isinstance(error, Refused) or do not in _FIELDS:
        return error
    return InvalidInput([replace(fault, place=_FIELDS[do].get(fault.place, fault.place)) for fault in error.faults])


def _page(visit: Visit, person_id: int, form: Form, *, status: int = 200) -> Response:
    with visit.reading() as session:
        person = session.get(Person, min(person_id, typed.LARGEST))
        if person is None:
            raise NotFound(f"There is no child with the number {person_id}; open the record again.")
        restriction = restriction_rows.standing(session, person_id)
        return visit.page(
            "restrict.html",
            status=status,
            form=form,
            person=person,
            restriction=restriction,
            named=restriction_rows.names_of(session, id_of(restriction)) if restriction else (),
            broken=opener_rows.broken(session, person_id),
            earlier=person_rows.referrals_of(session, person_id),
            names=record_rows.names(session),
        )
