"""Staff: who holds a role, workers and their open children."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, func, or_, select

from rules.errors import InvalidInput
from rules.vocabulary import Role
from storage.tables import Referral, Team, User, UserRole, Worker

LARGEST = 2**31 - 1
_WORKER = "Worker:"


def holders(session: Session, role: Role) -> Sequence[User]:
    """Everybody active who holds the role, by name."""
    statement = (
        select(User)
        .join(UserRole, col(UserRole.user_id) == col(User.id))
        .where(col(UserRole.role) == role, col(User.active))
        .order_by(col(User.name), col(User.id))
    )
    return session.exec(statement).all()


def named(session: Session, usernames: Collection[str]) -> Sequence[User]:
    """The active users with these user names, by name."""
    statement = select(User).where(col(User.username).in_(usernames), col(User.active)).order_by(col(User.name))
    return session.exec(statement).all()


def user(session: Session, username: str) -> User | None:
    """The user with this user name, active or not, or None."""
    return session.exec(select(User).where(col(User.username) == username)).one_or_none()


def roles(session: Session, user_id: int) -> frozenset[Role]:
    """The roles of one user."""
    return frozenset(Role(role) for role in session.exec(select(UserRole.role).where(col(UserRole.user_id) == user_id)))


def lock_worker(session: Session, worker_id: int) -> Worker:
    """The worker, locked, so that two allocations at once can't both be the last one allowed. Raises InvalidInput."""
    worker = _locked_worker(session, worker_id)
    if worker is None or not works(session, worker):
        raise InvalidInput.of("worker_id", "There is no such active worker", "Choose a worker from the list")
    return worker


def lock_worker_for_review(session: Session, worker_id: int) -> Worker | None:
    """The worker, locked, whether still active or not; None when there is no such worker."""
    return _locked_worker(session, worker_id)


def _locked_worker(session: Session, worker_id: int) -> Worker | None:
    statement = select(Worker).where(col(Worker.id) == worker_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def open_children(session: Session, worker_id: int) -> int:
    """How many children (not families, not referrals) the worker holds open."""
    statement = select(func.count(col(Referral.person_id).distinct())).where(
        col(Referral.worker_id) == worker_id, col(Referral.closed_at).is_(None)
    )
    return session.exec(statement).one()


def holds_child(session: Session, worker_id: int, person_id: int) -> bool:
    """True when the worker holds this child already."""
    statement = select(Referral.id).where(
        col(Referral.worker_id) == worker_id, col(Referral.person_id) == person_id, col(Referral.closed_at).is_(None)
    )
    return session.exec(statement.limit(1)).first() is not None


def worker_of_user(session: Session, username: str) -> Worker | None:
    """The active worker who signs in under this user name, or None."""
    statement = select(Worker).join(User, col(User.id) == col(Worker.user_id)).where(col(User.username) == username)
    return session.exec(statement.where(*_works()).order_by(col(Worker.id)).limit(1)).first()


def teams(session: Session) -> Sequence[Team]:
    """Every team that works, by name."""
    return session.exec(select(Team).where(col(Team.active)).order_by(col(Team.name))).all()


def team_by_id(session: Session, team_id: int) -> Team:
    """The team, which works. Raises InvalidInput."""
    found = session.get(Team, team_id) if 0 < team_id <= LARGEST else None
    if found is None or not found.active:
        raise InvalidInput.of("team_id", "There is no such team", "Choose a team from the list")
    return found


def workers_called(session: Session, name: str, team: str = "") -> Sequence[tuple[Worker, Team]]:
    """The active workers of this name, in one team or in all."""
    statement = select(Worker, Team).join(Team, col(Team.id) == col(Worker.team_id))
    statement = statement.where(col(Worker.name) == name, *_works())
    if team:
        statement = statement.where(col(Team.name) == team)
    return session.exec(statement.order_by(col(Team.name))).all()


def children_by_worker() -> Any:
    """The number of open ``children`` for each ``worker_id``, to be joined."""
    return (
        select(col(Referral.worker_id), func.count(col(Referral.person_id).distinct()).label("children"))
        .where(col(Referral.worker_id).is_not(None), col(Referral.closed_at).is_(None))
        .group_by(col(Referral.worker_id))
        .subquery()
    )


def workers(session: Session) -> Sequence[tuple[Worker, Team, int]]:
    """Each active worker with the team and the number of open children, by team and name."""
    counted = children_by_worker()
    statement = (
        select(Worker, Team, func.coalesce(counted.c.children, 0))
        .join(Team, col(Team.id) == col(Worker.team_id))
        .outerjoin(counted, counted.c.worker_id == Worker.id)
        .where(*_works())
        .order_by(col(Team.name), col(Worker.name))
    )
    return session.exec(statement).all()


def team(session: Session, name: str) -> Team | None:
    """The team with this name, or None."""
    return session.exec(select(Team).where(col(Team.name) == name)).one_or_none()


def worker(session: Session, name: str, team_id: int) -> Worker | None:
    """The worker of this name in a team, or None."""
    return session.exec(select(Worker).where(col(Worker.name) == name, col(Worker.team_id) == team_id)).one_or_none()


def worker_name(worker_id: int) -> str:
    """What the history keeps of a worker who does not sign in; no user name, as those are in small letters."""
    return f"{_WORKER}{worker_id}"


def workers_named(session: Session, names: Collection[str]) -> Sequence[Worker]:
    """The active workers who stand in the history under these names, by name."""
    ids = [int(name.removeprefix(_WORKER)) for name in names if name.startswith(_WORKER)]
    statement = select(Worker).where(col(Worker.id).in_(ids), col(Worker.active)).order_by(col(Worker.name))
    return session.exec(statement).all() if ids else []


def unsigned_workers(session: Session) -> Mapping[str, str]:
    """What the history keeps of every worker who does not sign in, with the worker's name."""
    statement = select(Worker.id, Worker.name).where(col(Worker.user_id).is_(None))
    return {worker_name(worker_id or 0): name for worker_id, name in session.exec(statement)}


def active_worker(session: Session, worker_id: int) -> Worker | None:
    """The worker, or None where there is no such active worker."""
    worker = session.get(Worker, worker_id) if 0 < worker_id <= LARGEST else None
    return worker if worker is not None and works(session, worker) else None


def works(session: Session, worker: Worker) -> bool:
    """True for an active worker who signs in, or never did: nobody whose sign-in has ended is given a child."""
    user = session.get(User, worker.user_id) if worker.user_id is not None else None
    return worker.active and (user is None or user.active)


def _works() -> Sequence[Any]:
    signs_in = col(Worker.user_id).in_(select(User.id).where(col(User.active)))
    return col(Worker.active), or_(col(Worker.user_id).is_(None), signs_in)


def worker_holding(session: Session, person_ids: Collection[int]) -> int | None:
    """The worker who holds one of these children open, the latest allocation first; None where nobody does."""
    statement = select(Referral.worker_id).where(
        col(Referral.person_id).in_(person_ids), col(Referral.worker_id).is_not(None), col(Referral.closed_at).is_(None)
    )
    return session.exec(statement.order_by(col(Referral.id).desc()).limit(1)).first()
