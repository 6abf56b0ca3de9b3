"""Moving a child to another worker or team: both sides accept, and until then the first worker holds the child.

The giving side is the worker who holds the child, or a manager of that worker's team; the taking side the worker who
is to have it, or a manager of that team. Two persons agree to it: nobody accepts for both sides.
"""

from __future__ import annotations

from datetime import datetime

from pathway.engine import history, locking, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import transfer_completion, transfer_sides
from pathway.engine.casework.transfer_sides import Side
from pathway.engine.inputs import TransferAcceptanceInput, TransferInput, TransferRefusalInput
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, NotAllowed, NotFound, Refused
from rules.vocabulary import Action, EventKind, State
from storage.queries import referral_rows
from storage.queries.casework import transfer_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Referral, Team, Transfer, Worker, id_of


def propose(
    session: WriteSession,
    referral_id: int,
    data: TransferInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Transfer:
    """Proposes to move an allocated child; the proposer's own side counts as accepted.

    Raises Refused unless the child is allocated and no other transfer waits, InvalidInput, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return _last(session, referral)
    permissions.require(published_books.current(session, now=now).book, actor, Action.TRANSFER)
    giver = _holder(session, referral)
    if transfer_rows.open_of(session, referral_id) is not None:
        raise Refused(["A transfer of this child waits already; accept or refuse it first."])
    team, taker = _whither(session, data, giver)
    transfer = Transfer(
        referral_id=referral_id,
        from_worker_id=id_of(giver),
        to_team_id=id_of(team),
        to_worker_id=taker.id if taker else None,
        handover_note=data.handover_note,
        proposed_at=now,
        proposed_by=actor.username,
    )
    _accept_own_side(session, transfer, giver, actor=actor, now=now)
    session.add(transfer)
    summary = f"Transfer proposed from {giver.name} to {_named(team, taker)}: {data.handover_note}"
    history.of_referral(
        session, referral, EventKind.TRANSFER_PROPOSED, summary, actor=actor, now=now, request_id=request_id
    )
    locking.changed(session, referral)
    return transfer


def accept(
    session: WriteSession,
    transfer_id: int,
    data: TransferAcceptanceInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Transfer:
    """Accepts for the side that has not accepted yet, and moves the child, within the caseload rule.

    Raises Refused for a transfer that is over, a second acceptance by one person, or a full caseload without a reason;
    InvalidInput where a team is to take the child and names no worker; NotAllowed, NotFound.
    """
    transfer, referral = _lock(session, transfer_id)
    if history.done_already(session, request_id):
        return transfer
    book = published_books.current(session, now=now).book
    permissions.require(book, actor, Action.TRANSFER)
    _refuse_over(transfer)
    side = transfer_sides.missing_side(session, transfer, actor)
    if actor.username in (transfer.given_by, transfer.taken_by):
        raise Refused(["You have accepted this transfer already; somebody of the other side accepts it as well."])
    if side is Side.GIVING:
        transfer.given_at, transfer.given_by = now, actor.username
    else:
        _name_taker(session, transfer, data)
        transfer.taken_at, transfer.taken_by = now, actor.username
    if data.override_reason.strip():
        permissions.require(book, actor, Action.OVERRIDE_CASELOAD)
        transfer.override_reason = data.override_reason.strip()
    transfer_completion.complete(session, transfer, referral, actor=actor, now=now, request_id=request_id)
    return transfer


def refuse(
    session: WriteSession,
    transfer_id: int,
    data: TransferRefusalInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Transfer:
    """Refuses a transfer, or takes it back: the child stays where it was. Either side may, with the reason.

    Raises Refused for a transfer that is over, NotAllowed, NotFound.
    """
    transfer, referral = _lock(session, transfer_id)
    if history.done_already(session, request_id):
        return transfer
    permissions.require(published_books.current(session, now=now).book, actor, Action.TRANSFER)
    _refuse_over(transfer)
    if not (transfer_sides.gives(session, transfer, actor) or transfer_sides.takes(session, transfer, actor)):
        raise NotAllowed(transfer_sides.NEITHER)
    _end(transfer, because=data.reason, by=actor, now=now)
    summary = f"Transfer refused: {data.reason}"
    history.of_referral(
        session, referral, EventKind.TRANSFER_REFUSED, summary, actor=actor, now=now, request_id=request_id
    )
    locking.changed(session, referral)
    return transfer


def end_open(session: WriteSession, referral: Referral, *, because: str, now: datetime, actor: Actor) -> None:
    """Ends the transfer that waits, where there is one: the referral was closed, set aside, or decided anew."""
    transfer = transfer_rows.open_of(session, id_of(referral))
    if transfer is None:
        return
    _end(transfer, because=because, by=actor, now=now)
    summary = f"Transfer ended: {because}"
    history.of_referral(session, referral, EventKind.TRANSFER_REFUSED, summary, actor=actor, now=now)


def _holder(session: WriteSession, referral: Referral) -> Worker:
    if referral.state != State.ALLOCATED or referral.worker_id is None:
        raise Refused([f"Only an allocated child is transferred; this referral is {referral.state}."])
    return session.get_one(Worker, referral.worker_id)


def _whither(session: WriteSession, data: TransferInput, giver: Worker) -> tuple[Team, Worker | None]:
    if data.to_worker_id is None and data.to_team_id is None:
        raise InvalidInput.of("to_worker_id", "Nobody is chosen", "Choose a worker, or a team")
    if data.to_worker_id is None:
        team = _team(session, data.to_team_id or 0)
        return team, None
    taker = staff_rows.active_worker(session, data.to_worker_id)
    if taker is None:
        raise InvalidInput.of("to_worker_id", "There is no such active worker", "Choose a worker from the list")
    if taker.id == giver.id:
        raise InvalidInput.of("to_worker_id", f"{giver.name} holds this child already", "Choose somebody else")
    if data.to_team_id not in (None, taker.team_id):
        raise InvalidInput.of("to_team_id", f"{taker.name} is in another team", "Choose the worker, or the team")
    return session.get_one(Team, taker.team_id), taker


def _team(session: WriteSession, team_id: int) -> Team:
    try:
        return staff_rows.team_by_id(session, team_id)
    except InvalidInput as error:
        raise InvalidInput.of("to_team_id", "There is no such team", "Choose a team from the list") from error


def _accept_own_side(session: WriteSession, transfer: Transfer, giver: Worker, *, actor: Actor, now: datetime) -> None:
    if transfer_sides.gives(session, transfer, actor):
        transfer.given_at, transfer.given_by = now, actor.username
        return
    if not transfer_sides.takes(session, transfer, actor):
        raise NotAllowed(transfer_sides.NEITHER)
    if transfer.to_worker_id is None:
        problem = f"{giver.name} is in another team, so that you take the child"
        raise InvalidInput.of("to_worker_id", problem, "Name the worker who is to have it")
    transfer.taken_at, transfer.taken_by = now, actor.username


def _lock(session: WriteSession, transfer_id: int) -> tuple[Transfer, Referral]:
    referral_id = transfer_rows.find(session, transfer_id).referral_id
    _, referral = referral_rows.lock(session, referral_id)
    # Read again: whoever held the lock before may have ended it.
    return transfer_rows.find(session, transfer_id), referral


def _last(session: WriteSession, referral: Referral) -> Transfer:
    transfer = transfer_rows.latest_of(session, id_of(referral))
    if transfer is None:
        raise NotFound("This referral has no transfer; open it again.")
    return transfer


def _refuse_over(transfer: Transfer) -> None:
    if transfer.completed_at is not None:
        raise Refused(["This transfer is complete already."])
    if transfer.refused_at is not None:
        raise Refused([f"This transfer has ended: {transfer.refused_because}"])


def _name_taker(session: WriteSession, transfer: Transfer, data: TransferAcceptanceInput) -> None:
    if transfer.to_worker_id is not None:
        if data.worker_id not in (None, transfer.to_worker_id):
            raise InvalidInput.of("worker_id", "The transfer names another worker", "Leave it, or refuse the transfer")
        return
    if data.worker_id is None:
        remedy = "Name the worker of the team who takes the child; until then the first worker holds it"
        raise InvalidInput.of("worker_id", "Nobody is chosen", remedy)
    taker = staff_rows.active_worker(session, data.worker_id)
    if taker is None or taker.team_id != transfer.to_team_id or taker.id == transfer.from_worker_id:
        raise InvalidInput.of("worker_id", "There is no such worker in the team", "Choose one from the list")
    transfer.to_worker_id = taker.id


def _end(transfer: Transfer, *, because: str, by: Actor, now: datetime) -> None:
    transfer.refused_at, transfer.refused_by, transfer.refused_because = now, by.username, because


def _named(team: Team, taker: Worker | None) -> str:
    return f"{taker.name}, {team.name}" if taker else team.name
