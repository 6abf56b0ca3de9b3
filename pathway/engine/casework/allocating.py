"""Allocating a child to a worker: discussed first, and within a safe caseload (plan action 2.1.4, JAR 15).

A child whom a team has, and no worker yet, counts as unallocated: the clock goes on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, guard_facts, inputs, locking, machine
from pathway.engine.act import Act
from pathway.engine.casework import caseloads
from pathway.engine.inputs import Input, Line, Number, OptionalMoment, Text
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Action, EventKind, State, Trigger
from storage.queries import referral_rows
from storage.queries.staff import staff_rows
from storage.tables import Allocation, Referral, Worker, id_of


class AllocationInput(Input):
    """A child given to a worker after a discussion with the worker (plan action 2.1.4)."""

    worker_id: Number
    discussed_at: OptionalMoment = None
    discussed_by: Line = ""
    agreed: Text = ""
    override_reason: Text = ""


class TeamInput(Input):
    """A child given to a team in which no worker is named yet."""

    team_id: Number
    note: Text = ""


def allocate(act: Act, referral_id: int, data: AllocationInput, *, version: int | None = None) -> None:
    """Gives the child to the worker. The one that goes over the limit is refused without a reason for the override.

    An override takes effect and opens an alert with a ladder of its own. Raises Refused, InvalidInput, Stale,
    NotAllowed.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.ALLOCATE)
    worker = staff_rows.lock_worker(act.session, data.worker_id)
    over = caseloads.refusal(act.session, worker, referral, now=act.now)
    overridden = bool(over and data.override_reason.strip())
    if overridden:
        act.require(Action.OVERRIDE_CASELOAD)
    _refuse_odd_discussion(data, now=act.now)
    facts = replace(
        guard_facts.facts_of(act.session, referral),
        has_discussion=bool(data.discussed_at and data.discussed_by and data.agreed.strip()),
        caseload_refusal="" if overridden else over,
    )
    machine.fire(referral, Trigger.ALLOCATE, facts)
    _record(act, referral, worker, data)
    clocks.step(act, referral, EventKind.ALLOCATED, occurred_at=act.now)
    locking.changed(act.session, referral)
    caseloads.found_for(act, referral)
    if overridden:
        record_override(act, referral, worker, data.override_reason, over=over)


def give_to_team(act: Act, referral_id: int, data: TeamInput, *, version: int | None = None) -> None:
    """Notes which team is to find a worker for the child, who stays unallocated until it has.

    Raises Refused unless the child awaits allocation or where that team has it already, InvalidInput, Stale,
    NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.ALLOCATE)
    if referral.state != State.AWAITING_ALLOCATION:
        raise Refused([f"Only a child who awaits allocation is given to a team; this referral is {referral.state}."])
    team = staff_rows.team_by_id(act.session, data.team_id)
    if referral.team_id == team.id:
        raise Refused([f"{team.name} has this child already. Allocate the child to a worker, or choose another team."])
    referral.team_id = team.id
    summary = f"Given to {team.name}, without a worker yet: still unallocated. {data.note}".strip()
    act.note(EventKind.GIVEN_TO_TEAM, summary, about=referral, team=team.id)
    locking.changed(act.session, referral)


def end_allocation(act: Act, referral: Referral) -> None:
    """Ends the running allocation, where there is one, and sees whether the worker's caseload has fallen.

    ``closed_at`` is set, or ``worker_id`` cleared, before: what the worker still holds is counted here.
    """
    running = referral_rows.running_allocation(act.session, id_of(referral))
    if running is not None:
        running.ended_at = act.now
    act.session.flush()
    worker_id = running.worker_id if running is not None else referral.worker_id
    if worker_id is not None:
        staff_rows.lock_worker_for_review(act.session, worker_id)
        caseloads.review(act, worker_id)


def _refuse_odd_discussion(data: AllocationInput, *, now: datetime) -> None:
    if data.discussed_at is not None:
        inputs.refuse_future("discussed_at", data.discussed_at, now=now)
    if data.override_reason and not data.override_reason.strip():
        raise InvalidInput.of(
            "override_reason", "The reason is blank", "Say why the limit is passed, or leave it empty"
        )


def _record(act: Act, referral: Referral, worker: Worker, data: AllocationInput) -> None:
    act.session.add(
        Allocation(
            referral_id=id_of(referral), allocated_at=act.now, allocated_by=act.actor.username, **data.model_dump()
        )
    )
    referral.worker_id, referral.team_id = worker.id, worker.team_id
    summary = f"Allocated to {worker.name} after a discussion by {data.discussed_by}"
    act.note(EventKind.ALLOCATED, summary, about=referral)


def record_override(act: Act, referral: Referral, worker: Worker, reason: str, *, over: str) -> None:
    """Writes down that the limit was passed, and why, and opens the alert that this calls for."""
    summary = f"Caseload limit overridden: {reason}"
    act.note(EventKind.CASELOAD_OVERRIDDEN, summary, about=referral, refusal=over, worker=worker.id)
    caseloads.open_alert(act, worker)
