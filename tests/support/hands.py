"""Steps of tests about who holds a child: teams, workers who sign in, transfers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.casework import allocating, transferring
from pathway.engine.children import restricting
from pathway.engine.staff import accounts
from rules.vocabulary import Role
from storage.queries.casework import transfer_rows
from storage.queries.staff import staff_rows
from storage.tables import Referral, Team, Transfer, Worker, id_of
from support.front_door import TEAM_MANAGER, FrontDoor
from support.scenes import kept


@kept
def add_team(door: FrontDoor, name: str = "Assessment team") -> Team:
    """A team."""
    with door.database.write() as session:
        return accounts.add_team(session, name=name)


@kept
def person(door: FrontDoor, name: str, role: Role, *, team: Team | None = None) -> Actor:
    """Somebody more who signs in; a manager manages ``team``, or every team."""
    username = name.lower().replace(" ", ".")
    with door.database.write() as session:
        accounts.add_user(
            session,
            username=username,
            name=name,
            email=f"{username}@council.example.org",
            password_hash="none",
            roles=[role],
            team=team,
            now=door.now,
        )
    return Actor(username=username, name=name, roles=frozenset({role}))


@kept
def social_worker(
    door: FrontDoor, name: str, *, team: Team | None = None, full_time_equivalent: float = 1.0
) -> tuple[Worker, Actor]:
    """A worker who signs in."""
    team = team or add_team(door)
    actor = person(door, name, Role.SOCIAL_WORKER)
    with door.database.write() as session:
        user = staff_rows.user(session, actor.username)
        worker = accounts.add_worker(
            session,
            name=name,
            email=f"{actor.username}@council.example.org",
            team=team,
            full_time_equivalent=full_time_equivalent,
            user=user,
        )
    return worker, actor


def awaiting(door: FrontDoor, *names: str, **more: Any) -> list[Referral]:
    """Children of one family whose referrals were accepted and wait for a worker."""
    referrals = door.referrals(door.log(*names, **more))
    return [door.decide(referral, "assessment") for referral in referrals]


@kept
def give(door: FrontDoor, referral: Referral, team: Team, note: str = "", by: Actor = TEAM_MANAGER) -> Referral:
    """Gives a child to a team without a worker."""
    data = inputs.parse(allocating.TeamInput, {"team_id": team.id, "note": note})
    with door.acting(by) as act:
        allocating.give_to_team(act, id_of(referral), data, version=None)
    return door.fresh(referral)


@kept
def propose(door: FrontDoor, referral: Referral, to: Worker | Team, by: Actor, **more: Any) -> Transfer:
    """Proposes a transfer to a worker or a team."""
    place = "to_worker_id" if isinstance(to, Worker) else "to_team_id"
    typed = {place: to.id, "handover_note": "Visited twice; the school sends reports on Fridays."} | more
    request_id = typed.pop("request_id", None)
    with door.acting(by, token=request_id) as act:
        data = inputs.parse(transferring.TransferInput, typed)
        return transferring.propose(act, id_of(referral), data, version=None)


@kept
def accept(door: FrontDoor, transfer: Transfer, by: Actor, **more: Any) -> Transfer:
    """Accepts a transfer for one's side."""
    with door.acting(by) as act:
        data = inputs.parse(transferring.TransferAcceptanceInput, more)
        return transferring.accept(act, id_of(transfer), data)


@kept
def refuse(door: FrontDoor, transfer: Transfer, by: Actor, reason: str = "The caseload is full.") -> Transfer:
    """Refuses a transfer."""
    with door.acting(by) as act:
        data = inputs.parse(inputs.ReasonInput, {"reason": reason})
        return transferring.refuse(act, id_of(transfer), data)


@kept
def restrict(door: FrontDoor, referral: Referral, by: Actor, usernames: Sequence[str] = ()) -> Referral:
    """Restricts the child's record to whoever does it, and to these."""
    typed = {"reason": "A colleague's child.", "usernames": usernames}
    data = inputs.parse(restricting.RestrictionInput, typed)
    with door.acting(by) as act:
        restricting.restrict(act, referral.person_id, data)
    return door.fresh(referral)


def open_transfer(door: FrontDoor, referral: Referral) -> Transfer | None:
    """The transfer of a child that waits."""
    with door.database.read() as session:
        return transfer_rows.open_of(session, id_of(referral))


NIA = Actor(username="nia.cole", name="Nia Cole", roles=frozenset({Role.SOCIAL_WORKER}))


def every_page(door: FrontDoor) -> None:
    """A worker with a full caseload, a child on the way from her, and one whom only a team has."""
    nia, signs = social_worker(door, NIA.name, full_time_equivalent=0.2)
    ruth, _ = social_worker(door, "Ruth Ames", team=add_team(door, "Court team"))
    kept, moving, _ = (door.allocate(one, nia) for one in awaiting(door, "Kept", "Moving", "Third"))
    propose(door, moving, ruth, by=signs)
    waits, _ = awaiting(door, "Teamless", "Sibling", immediate_danger=True)
    give(door, waits, add_team(door, "Court team"))
    door.record(kept, "work ended")
