"""Allocating a child to a worker after a discussion, and the other children of the family beside it, each by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from pathway.engine.casework import allocating, caseloads
from pathway.engine.casework.allocating import AllocationInput
from pathway.web import page_words, steps, times
from pathway.web.forms import Form, Posted
from pathway.web.views import record_view, worker_choices_view
from pathway.web.views.family import typed_allocations_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Here, Visit
from rules.errors import Fault, InvalidInput, PathwayError, Refused, Stale
from rules.vocabulary import State
from storage.queries.record_rows import Involvement
from storage.sessions import ReadSession
from storage.tables import Referral

TEMPLATE = "allocate.html"
SHARED = ("discussed_at", "discussed_at_time", "discussed_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    """One child whom the form allocates; ``prefix`` stands before the names of its fields, none for the page's own."""

    ref: str
    name: str
    prefix: str = ""

    def place(self, name: str) -> str:
        """The field of this child."""
        return name if name in SHARED else f"{self.prefix}{name}"


@dataclass(slots=True)
class _Outcome:
    """What became of a form about several children."""

    done: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    stale: list[_Child] = field(default_factory=list)

    def add(self, child: _Child, error: PathwayError) -> None:
        """Says which child was refused, and why."""
        if isinstance(error, InvalidInput):
            found = [replace(fault, place=child.place(fault.place)) for fault in error.faults]
            self.faults += [fault for fault in found if fault not in self.faults]
        elif isinstance(error, Stale):
            self.stale.append(child)
            self.messages.append(f"{child.name}: {steps.CHANGED}")
        else:
            reasons = error.reasons if isinstance(error, Refused) else (str(error),)
            self.messages += [f"{child.name}: {reason}" for reason in reasons]


def prefix(ref: str) -> str:
    """What stands before the names of a sibling's fields."""
    return f"child.{ref}."


def show(visit: Here, ref: str) -> Response:
    """The workers with their caseloads, and the discussion to record."""
    today = times.local(visit.now)
    values = {"discussed_at": f"{today:%d/%m/%Y}", "discussed_by": visit.actor.name}
    return steps.blank(visit, ref, template=TEMPLATE, extra=_extra, **values)


def allocate(visit: Here, ref: str, form: Posted) -> Response:
    """Gives each child for whom a worker is chosen to that worker; over the limit only with a reason.

    Each is a step of its own: one refused leaves the others allocated, and its own fields as they were typed.
    """
    children = _chosen(visit, ref, form)
    if [child.ref for child in children] == [ref]:
        return _one(visit, ref, form, children[0])
    outcome = _Outcome()
    for child in children:
        try:
            _take(visit, form, child)
            outcome.done.append(child.name)
        except (InvalidInput, Refused, Stale) as error:
            outcome.add(child, error)
    if outcome.faults or outcome.messages:
        return _again(visit, ref, form, outcome)
    return visit.go(f"/referrals/{ref}", notice="allocated-several" if len(outcome.done) > 1 else "allocated")


def _one(visit: Visit, ref: str, form: Form, child: _Child) -> Response:
    try:
        _take(visit, form, child)
    except (InvalidInput, Refused, Stale) as error:
        return steps.again(visit, ref, form, error, template=TEMPLATE, extra=_extra)
    return visit.go(f"/referrals/{ref}", notice="allocated")


def _chosen(visit: Visit, ref: str, form: Form) -> Sequence[_Child]:
    """The children for whom a worker is chosen; the page's own where there is none, to say that one is needed."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now)
        others = [
            _Child(ref=one.referral.ref, name=page_words.child_name(one.person), prefix=prefix(one.referral.ref))
            for one in page.siblings
            if one.person.id not in visit.closed and form.get(f"{prefix(one.referral.ref)}worker_id")
        ]
        own = _Child(ref=ref, name=page_words.child_name(page.person))
    return [own, *others] if form.get("worker_id") or not others else others


def _take(visit: Visit, form: Form, child: _Child) -> None:
    data = _parse(form, child)

    token = f"{form.token}:{child.ref}" if child.prefix and form.token else form.get("request_id")
    own = form.where(version=form.get(f"{child.prefix}version"), request_id=token)
    steps.take(visit, child.ref, own, allocating.allocate, data)


def _parse(form: Form, child: _Child) -> AllocationInput:
    own = {
        "agreed": form.get(f"{child.prefix}agreed").strip() or form.get("agreed"),
        "override_reason": form.get(f"{child.prefix}override_reason"),
        "worker_id": form.get(f"{child.prefix}worker_id"),
    }
    return typed_allocations_view.discussed(form, own)


def _again(visit: Visit, ref: str, form: Form, outcome: _Outcome) -> Response:
    """The form with what was refused, as typed, and what was allocated said."""
    with visit.reading() as session:
        page = record_view.referral_page(session, ref, now=visit.now)
        versions = {ref: page.referral.version} | {one.referral.ref: one.referral.version for one in page.siblings}
        seen_now = {f"{child.prefix}version": str(versions[child.ref]) for child in outcome.stale}
        told = replace(form, faults=tuple(outcome.faults), messages=tuple(outcome.messages), shown={})
        told = told.where(**seen_now)
        status = Refused.status if outcome.messages else InvalidInput.status
        context = dict(_extra(visit, session, page, told)) | {"done": outcome.done}
        return visit.page(TEMPLATE, form=told, page=page, status=status, **context)


def _extra(visit: Visit, session: ReadSession, page: ReferralPage, form: Form) -> Mapping[str, Any]:
    choices = worker_choices_view.of_all(session, visit.book.caseload)
    siblings = [one for one in page.siblings if _waits(one) and one.person.id not in visit.closed]

    def over(referral: Referral, value: str) -> str:
        worker = worker_choices_view.chosen(choices, value)
        return caseloads.refusal(session, worker, referral, now=visit.now) if worker else ""

    return {
        "workers": [choice.option for choice in choices],
        "over": over(page.referral, form.get("worker_id")),
        "siblings": [
            (one, prefix(one.referral.ref), over(one.referral, form.get(f"{prefix(one.referral.ref)}worker_id")))
            for one in siblings
        ],
        "done": [],
    }


def _waits(one: Involvement) -> bool:
    return one.referral.state == State.AWAITING_ALLOCATION
