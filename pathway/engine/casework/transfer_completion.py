"""The moment when a transfer is complete: one allocation ends, the other begins, and both caseloads are counted."""

from __future__ import annotations

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.casework import allocating, caseloads
from rules.errors import Refused
from rules.vocabulary import EventKind
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Allocation, Referral, Transfer, Worker, id_of


def complete(act: Act, transfer: Transfer, referral: Referral) -> None:
    """Moves the child. Raises Refused where the caseload is full and nobody has said why it is passed all the same."""
    giver, taker = _lock_both(act.session, transfer)
    over = _over_limit(act, transfer, taker, referral)
    transfer.completed_at = act.now
    referral.worker_id, referral.team_id = taker.id, taker.team_id
    allocating.end_allocation(act, referral)
    act.session.add(_allocation(act, transfer, referral, over=over))
    summary = f"Transferred from {giver.name} to {taker.name}"
    act.note(EventKind.TRANSFERRED, summary, about=referral)
    locking.changed(act.session, referral)
    caseloads.found_for(act, referral)
    if over:
        reason = transfer.override_reason
        allocating.record_override(act, referral, taker, reason, over=over)


def _lock_both(session: WriteSession, transfer: Transfer) -> tuple[Worker, Worker]:
    """Whoever gives and whoever takes, locked in the order of their numbers.

    Two transfers the other way round would else wait for each other.
    """
    giver_id, taker_id = transfer.from_worker_id, transfer.to_worker_id or 0
    for worker_id in sorted((giver_id, taker_id)):
        staff_rows.lock_worker_for_review(session, worker_id)
    return session.get_one(Worker, giver_id), session.get_one(Worker, taker_id)


def _over_limit(act: Act, transfer: Transfer, taker: Worker, referral: Referral) -> str:
    if not staff_rows.works(act.session, taker):
        raise Refused([f"{taker.name} does not work here any more. Refuse the transfer and propose another."])
    over = caseloads.refusal(act.session, taker, referral, now=act.now)
    if over and not transfer.override_reason:
        raise Refused([over])
    return over


def _allocation(act: Act, transfer: Transfer, referral: Referral, *, over: str) -> Allocation:
    taken_by = staff_rows.user(act.session, transfer.taken_by)
    return Allocation(
        referral_id=id_of(referral),
        worker_id=transfer.to_worker_id or 0,
        discussed_at=transfer.taken_at or act.now,
        discussed_by=taken_by.name if taken_by else transfer.taken_by,
        agreed=transfer.handover_note,
        override_reason=transfer.override_reason if over else "",
        allocated_at=act.now,
        allocated_by=act.actor.username,
    )
