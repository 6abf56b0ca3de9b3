"""Allocating a child to a worker: discussed first, and within a safe caseload (plan action 2.1.4, JAR 15).

A child whom a team has, and no worker yet, counts as unallocated: the clock goes on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, guard_facts, history, inputs, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import caseloads
from pathway.engine.inputs import AllocationInput, TeamInput
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Action, EventKind, State, Trigger
from storage.queries import referral_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Allocation, Referral, Worker, id_of


def allocate(
    session: WriteSession,
    referral_id: int,
    data: AllocationInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Gives the child to the worker. The one that goes over the limit is refused without a reason for the override.

    An override takes effect and opens an alert with a ladder of its own. Raises Refused, InvalidInput, Stale,
    NotAllowed.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    book = published_books.current(session, now=now).book
    permissions.require(book, actor, Action.ALLOCATE)
    worker = staff_rows.lock_worker(session, data.worker_id)
    over = caseloads.refusal(session, worker, referral, now=now)
    overridden = bool(over and data.override_reason.strip())
    if overridden:
        permissions.require(book, actor, Action.OVERRIDE_CASELOAD)
    _refuse_odd_discussion(data, now=now)
    facts = replace(
        guard_facts.facts_of(session, referral),
        has_discussion=bool(data.discussed_at and data.discussed_by and data.agreed.strip()),
        caseload_refusal="" if overridden else over,
    )
    machine.fire(referral, Trigger.ALLOCATE, facts)
    _record(session, referral, worker, data, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.ALLOCATED, occurred_at=now, now=now, actor=actor)
    locking.changed(session, referral)
    if overridden:
        record_override(session, referral, worker, data.override_reason, over=over, actor=actor, now=now)
    return referral


def give_to_team(
    session: WriteSession,
    referral_id: int,
    data: TeamInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Notes which team is to find a worker for the child, who stays unallocated until it has.

    Raises Refused unless the child awaits allocation or where that team has it already, InvalidInput, Stale,
    NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.ALLOCATE)
    if referral.state != State.AWAITING_ALLOCATION:
        raise Refused([f"Only a child who awaits allocation is given to a team; this referral is {referral.state}."])
    team = staff_rows.team_by_id(session, data.team_id)
    if referral.team_id == team.id:
        raise Refused([f"{team.name} has this child already. Allocate the child to a worker, or choose another team."])
    referral.team_id = team.id
    summary = f"Given to {team.name}, without a worker yet: still unallocated. {data.note}".strip()
    history.of_referral(
        session, referral, EventKind.GIVEN_TO_TEAM, summary, actor=actor, now=now, request_id=request_id, team=team.id
    )
    return locking.changed(session, referral)


def end_allocation(session: WriteSession, referral: Referral, *, now: datetime, actor: Actor) -> None:
    """Ends the running allocation, where there is one, and sees whether the worker's caseload has fallen.

    ``closed_at`` is set, or ``worker_id`` cleared, before: what the worker still holds is counted here.
    """
    running = referral_rows.running_allocation(session, id_of(referral))
    if running is not None:
        running.ended_at = now
    session.flush()
    worker_id = running.worker_id if running is not None else referral.worker_id
    if worker_id is not None:
        staff_rows.lock_worker_for_review(session, worker_id)
        caseloads.review(session, worker_id, now=now, actor=actor)


def _refuse_odd_discussion(data: AllocationInput, *, now: datetime) -> None:
    if data.discussed_at is not None:
        inputs.refuse_future("discussed_at", data.discussed_at, now=now)
    if data.override_reason and not data.override_reason.strip():
        raise InvalidInput.of(
            "override_reason", "The reason is blank", "Say why the limit is passed, or leave it empty"
        )


def _record(
    session: WriteSession,
    referral: Referral,
    worker: Worker,
    data: AllocationInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    session.add(
        Allocation(referral_id=id_of(referral), allocated_at=now, allocated_by=actor.username, **data.model_dump())
    )
    referral.worker_id, referral.team_id = worker.id, worker.team_id
    summary = f"Allocated to {worker.name} after a discussion by {data.discussed_by}"
    history.of_referral(session, referral, EventKind.ALLOCATED, summary, actor=actor, now=now, request_id=request_id)


def record_override(
    session: WriteSession, referral: Referral, worker: Worker, reason: str, *, over: str, actor: Actor, now: datetime
) -> None:
    """Writes down that the limit was passed, and why, and opens the alert that this calls for."""
    summary = f"Caseload limit overridden: {reason}"
    history.of_referral(
        session, referral, EventKind.CASELOAD_OVERRIDDEN, summary, actor=actor, now=now, refusal=over, worker=worker.id
    )
    caseloads.open_alert(session, worker, now=now, actor=actor)
