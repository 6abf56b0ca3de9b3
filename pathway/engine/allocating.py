"""Allocating a child to a worker: discussed first, and within a safe caseload (plan action 2.1.4, JAR 15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import books, caseloads, changes, clocks, guards, history, inputs, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import AllocationInput
from rules.errors import InvalidInput
from rules.vocabulary import Action, EventKind, Trigger
from storage.queries import staff
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
    referral = changes.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    book = books.current(session, now=now).book
    permissions.require(book, actor, Action.ALLOCATE)
    worker = staff.lock_worker(session, data.worker_id)
    over = caseloads.refusal(session, worker, referral, now=now)
    overridden = bool(over and data.override_reason.strip())
    if overridden:
        permissions.require(book, actor, Action.OVERRIDE_CASELOAD)
    _refuse_odd_discussion(data, now=now)
    facts = replace(
        guards.facts_of(session, referral),
        has_discussion=bool(data.discussed_at and data.discussed_by and data.agreed.strip()),
        caseload_refusal="" if overridden else over,
    )
    machine.fire(referral, Trigger.ALLOCATE, facts)
    _record(session, referral, worker, data, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.ALLOCATED, occurred_at=now, now=now, actor=actor)
    changes.changed(session, referral)
    if overridden:
        _record_override(session, referral, worker, data, over=over, actor=actor, now=now)
    return referral


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
    referral.worker_id = worker.id
    summary = f"Allocated to {worker.name} after a discussion by {data.discussed_by}"
    history.of_referral(session, referral, EventKind.ALLOCATED, summary, actor=actor, now=now, request_id=request_id)


def _record_override(
    session: WriteSession,
    referral: Referral,
    worker: Worker,
    data: AllocationInput,
    *,
    over: str,
    actor: Actor,
    now: datetime,
) -> None:
    summary = f"Caseload limit overridden: {data.override_reason}"
    history.of_referral(
        session, referral, EventKind.CASELOAD_OVERRIDDEN, summary, actor=actor, now=now, refusal=over, worker=worker.id
    )
    caseloads.open_alert(session, worker, now=now, actor=actor)
