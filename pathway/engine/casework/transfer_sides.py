"""Whose child it is to give and to take: workers who sign in, and the managers of teams."""

from __future__ import annotations

from enum import Enum

from pathway.engine.actors import Actor
from rules.errors import NotAllowed
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Transfer, Worker

NEITHER = (
    "Only the worker who holds the child, the worker who is to have it, or a manager of one of their teams may do this."
)
OF_EVERY_TEAM = frozenset({Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE})


class Side(Enum):
    """One of the two that agree to a transfer."""

    GIVING = "giving"
    TAKING = "taking"


def worker_of(session: WriteSession | ReadSession, actor: Actor) -> Worker | None:
    """The worker as whom the actor holds children, or None."""
    return staff_rows.worker_of_user(session, actor.username)


def manages(session: WriteSession | ReadSession, actor: Actor, team_id: int) -> bool:
    """True for a manager of this team: its own, one who manages every team, or who stands above the teams."""
    if not actor.roles.isdisjoint(OF_EVERY_TEAM):
        return True
    if Role.TEAM_MANAGER not in actor.roles:
        return False
    user = staff_rows.user(session, actor.username)
    return user is None or user.team_id in (None, team_id)


def is_worker(session: WriteSession | ReadSession, actor: Actor, worker_id: int | None) -> bool:
    """True when the actor is this worker."""
    worker = worker_of(session, actor)
    return worker is not None and worker.id == worker_id


def gives(session: WriteSession | ReadSession, transfer: Transfer, actor: Actor) -> bool:
    """True when the actor may accept for the giving side."""
    giver = session.get_one(Worker, transfer.from_worker_id)
    return is_worker(session, actor, giver.id) or manages(session, actor, giver.team_id)


def takes(session: WriteSession | ReadSession, transfer: Transfer, actor: Actor) -> bool:
    """True when the actor may accept for the taking side."""
    named = transfer.to_worker_id is not None and is_worker(session, actor, transfer.to_worker_id)
    return named or manages(session, actor, transfer.to_team_id)


def missing_side(session: WriteSession | ReadSession, transfer: Transfer, actor: Actor) -> Side:
    """The side that has not accepted yet and that is the actor's. Raises NotAllowed."""
    if transfer.given_at is None and gives(session, transfer, actor):
        return Side.GIVING
    if transfer.taken_at is None and takes(session, transfer, actor):
        return Side.TAKING
    raise NotAllowed(f"This transfer waits for the other side. {NEITHER}")
