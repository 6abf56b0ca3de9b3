"""Moving a child to another worker or team: both sides accept, and until then the first worker holds the child.

The giving side is the worker who holds the child, or a manager of that worker's team; the taking side the worker who
is to have it, or a manager of that team. Two persons agree to it: nobody accepts for both sides.
"""

from __future__ import annotations

from datetime import datetime

from pathway.engine import locking
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.casework import transfer_completion, transfer_sides
from pathway.engine.casework.transfer_sides import Side
from pathway.engine.inputs import Input, NeededText, OptionalNumber, ReasonInput, Text
from rules.errors import InvalidInput, NotAllowed, NotFound, Refused
from rules.vocabulary import Action, EventKind, State
from storage.queries.casework import transfer_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Referral, Team, Transfer, Worker, id_of


class TransferInput(Input):
    """A child to be moved to another worker, or to a team whose manager names the worker when accepting."""

    to_worker_id: OptionalNumber = None
    to_team_id: OptionalNumber = None
    handover_note: NeededText


class TransferAcceptanceInput(Input):
    """One side's acceptance; for a transfer to a team, with the worker who takes the child."""

    worker_id: OptionalNumber = None
    override_reason: Text = ""


def propose(act: Act, referral_id: int, data: TransferInput, *, version: int | None = None) -> Transfer:
    """Proposes to move an allocated child; the proposer's own side counts as accepted.

    Raises Refused unless the child is allocated and no other transfer waits, InvalidInput, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return _last(act.session, referral_id)
    act.require(Action.TRANSFER)
    giver = _holder(act.session, referral)
    if transfer_rows.open_of(act.session, referral_id) is not None:
        raise Refused(["A transfer of this child waits already; accept or refuse it first."])
    team, taker = _whither(act.session, data, giver)
    transfer = Transfer(
        referral_id=referral_id,
        from_worker_id=id_of(giver),
        to_team_id=id_of(team),
        to_worker_id=taker.id if taker else None,
        handover_note=data.handover_note,
        proposed_at=act.now,
        proposed_by=act.actor.username,
    )
    _accept_own_side(act, transfer, giver)
    act.session.add(transfer)
    summary = f"Transfer proposed from {giver.name} to {_named(team, taker)}: {data.handover_note}"
    act.note(EventKind.TRANSFER_PROPOSED, summary, about=referral)
    locking.changed(act.session, referral)
    return transfer


def accept(act: Act, transfer_id: int, data: TransferAcceptanceInput) -> Transfer:
    """Accepts for the side that has not accepted yet; when both have, moves the child, within the caseload rule.

    Raises Refused for a transfer that is over, a second acceptance by one person, or a full caseload without a reason;
    InvalidInput where a team is to take the child and names no worker; NotAllowed, NotFound.
    """
    transfer, referral = _lock(act, transfer_id)
    if act.repeated:
        return transfer
    act.require(Action.TRANSFER)
    _refuse_over(transfer)
    side = transfer_sides.missing_side(act.session, transfer, act.actor)
    if act.actor.username in (transfer.given_by, transfer.taken_by):
        raise Refused(["You have accepted this transfer already; somebody of the other side accepts it as well."])
    if side is Side.GIVING:
        transfer.given_at, transfer.given_by = act.now, act.actor.username
    else:
        _name_taker(act.session, transfer, data)
        transfer.taken_at, transfer.taken_by = act.now, act.actor.username
    if data.override_reason.strip():
        act.require(Action.OVERRIDE_CASELOAD)
        transfer.override_reason = data.override_reason.strip()
    if transfer.given_at is None or transfer.taken_at is None:
        _waits_for_the_other(act, transfer, referral, side)
    else:
        transfer_completion.complete(act, transfer, referral)
    return transfer


def _waits_for_the_other(act: Act, transfer: Transfer, referral: Referral, side: Side) -> None:
    # Whoever had accepted for one side before has left.
    team = act.session.get_one(Team, transfer.to_team_id)
    taker = act.session.get(Worker, transfer.to_worker_id) if transfer.to_worker_id is not None else None
    summary = f"Transfer to {_named(team, taker)}: the {side.value} side has accepted, the other not yet"
    act.note(EventKind.TRANSFER_PROPOSED, summary, about=referral)
    locking.changed(act.session, referral)


def refuse(act: Act, transfer_id: int, data: ReasonInput) -> Transfer:
    """Refuses a transfer, or takes it back: the child stays where it was. Either side may, with the reason.

    Raises Refused for a transfer that is over, NotAllowed, NotFound.
    """
    transfer, referral = _lock(act, transfer_id)
    if act.repeated:
        return transfer
    act.require(Action.TRANSFER)
    _refuse_over(transfer)
    if not (
        transfer_sides.gives(act.session, transfer, act.actor) or transfer_sides.takes(act.session, transfer, act.actor)
    ):
        raise NotAllowed(transfer_sides.NEITHER)
    _end(transfer, because=data.reason, by=act.actor, now=act.now)
    summary = f"Transfer refused: {data.reason}"
    act.note(EventKind.TRANSFER_REFUSED, summary, about=referral)
    locking.changed(act.session, referral)
    return transfer


def end_open(act: Act, referral: Referral, *, because: str) -> None:
    """Ends the transfer that waits, where there is one: the referral was closed, set aside, or decided anew."""
    transfer = transfer_rows.open_of(act.session, id_of(referral))
    if transfer is None:
        return
    _end(transfer, because=because, by=act.actor, now=act.now)
    summary = f"Transfer ended: {because}"
    act.note(EventKind.TRANSFER_REFUSED, summary, about=referral)


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


def _accept_own_side(act: Act, transfer: Transfer, giver: Worker) -> None:
    if transfer_sides.gives(act.session, transfer, act.actor):
        transfer.given_at, transfer.given_by = act.now, act.actor.username
        return
    if not transfer_sides.takes(act.session, transfer, act.actor):
        raise NotAllowed(transfer_sides.NEITHER)
    if transfer.to_worker_id is None:
        problem = f"{giver.name} is in another team, so that you take the child"
        raise InvalidInput.of("to_worker_id", problem, "Name the worker who is to have it")
    transfer.taken_at, transfer.taken_by = act.now, act.actor.username


def _lock(act: Act, transfer_id: int) -> tuple[Transfer, Referral]:
    referral = act.hold_referral(transfer_rows.find(act.session, transfer_id).referral_id)
    # Read again: whoever held the lock before may have ended it.
    return transfer_rows.find(act.session, transfer_id), referral


def _last(session: WriteSession, referral_id: int) -> Transfer:
    transfer = transfer_rows.latest_of(session, referral_id)
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
