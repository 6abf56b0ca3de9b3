"""The moment when a transfer is complete: one allocation ends, the other begins, and both caseloads are counted."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, locking
from pathway.engine.actors import Actor
from pathway.engine.casework import allocating, caseloads
from rules.errors import Refused
from rules.vocabulary import EventKind
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Allocation, Referral, Transfer, Worker, id_of


def complete(
    session: WriteSession,
    transfer: Transfer,
    referral: Referral,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    """Moves the child. Raises Refused where the caseload is full and nobody has said why it is passed all the same."""
    giver, taker = _lock_both(session, transfer)
    over = _over_limit(session, transfer, taker, referral, now=now)
    transfer.completed_at = now
    referral.worker_id, referral.team_id = taker.id, taker.team_id
    allocating.end_allocation(session, referral, now=now, actor=actor)
    session.add(_allocation(session, transfer, referral, over=over, actor=actor, now=now))
    summary = f"Transferred from {giver.name} to {taker.name}"
    history.of_referral(session, referral, EventKind.TRANSFERRED, summary, actor=actor, now=now, request_id=request_id)
    locking.changed(session, referral)
    if over:
        reason = transfer.override_reason
        allocating.record_override(session, referral, taker, reason, over=over, actor=actor, now=now)


def _lock_both(session: WriteSession, transfer: Transfer) -> tuple[Worker, Worker]:
    """Whoever gives and whoever takes, locked in the order of their numbers.

    Two transfers the other way round would else wait for each other.
    """
    giver_id, taker_id = transfer.from_worker_id, transfer.to_worker_id or 0
    for worker_id in sorted((giver_id, taker_id)):
        staff_rows.lock_worker_for_review(session, worker_id)
    return session.get_one(Worker, giver_id), session.get_one(Worker, taker_id)


def _over_limit(session: WriteSession, transfer: Transfer, taker: Worker, referral: Referral, *, now: datetime) -> str:
    if not taker.active:
        raise Refused([f"{taker.name} does not work here any more. Refuse the transfer and propose another."])
    over = caseloads.refusal(session, taker, referral, now=now)
    if over and not transfer.override_reason:
        raise Refused([over])
    return over


def _allocation(
    session: WriteSession, transfer: Transfer, referral: Referral, *, over: str, actor: Actor, now: datetime
) -> Allocation:
    taken_by = staff_rows.user(session, transfer.taken_by)
    return Allocation(
        referral_id=id_of(referral),
        worker_id=transfer.to_worker_id or 0,
        discussed_at=transfer.taken_at or now,
        discussed_by=taken_by.name if taken_by else transfer.taken_by,
        agreed=transfer.handover_note,
        override_reason=transfer.override_reason if over else "",
        allocated_at=now,
        allocated_by=actor.username,
    )
