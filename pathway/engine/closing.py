"""Closing a referral: never while feedback is owed."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import books, caseloads, changes, clocks, guards, history, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import ClosureInput
from rules.vocabulary import Action, EventKind, Trigger
from storage.queries import referrals, staff
from storage.sessions import WriteSession
from storage.tables import Referral, id_of


def close(
    session: WriteSession,
    referral_id: int,
    data: ClosureInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Closes the referral and takes the child off the worker's caseload.

    Raises Refused while feedback is owed or an accepted child has no worker, Stale, NotAllowed, NotFound.
    """
    referral = changes.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(books.current(session, now=now).book, actor, Action.CLOSE)
    machine.fire(referral, Trigger.CLOSE, guards.facts_of(session, referral))
    referral.closed_at = now
    referral.closure_reason = data.reason
    summary = f"Closed: {data.reason}"
    history.of_referral(session, referral, EventKind.CLOSED, summary, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.CLOSED, occurred_at=now, now=now, actor=actor)
    clocks.end_with_referral(session, referral, now=now, actor=actor)
    changes.changed(session, referral)
    _end_allocation(session, referral, now=now)
    if referral.worker_id is not None:
        staff.lock_worker_for_review(session, referral.worker_id)
        caseloads.review(session, referral.worker_id, now=now, actor=actor)
    return referral


def _end_allocation(session: WriteSession, referral: Referral, *, now: datetime) -> None:
    running = referrals.running_allocation(session, id_of(referral))
    if running is not None:
        running.ended_at = now
        session.flush()
