"""Teams and workers as they are listed and let go: who is in a team, and which children are with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from rules.errors import NotFound
from storage.queries.staff import staff_rows
from storage.tables import Referral, Team, Transfer, User, Worker

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What keeps a team from being let go, each by number."""

    workers: int
    managers: int
    children: int
    transfers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLine:
    """One worker, active or not, with the team, the user name (empty for none) and the number of open children."""

    worker: Worker
    team: Team
    username: str
    children: int


def lock(session: Session, team_id: int) -> Team:
    """The team, locked until the transaction ends. Raises NotFound."""
    statement = select(Team).where(col(Team.id) == team_id).with_for_update()
    found = session.exec(statement.execution_options(populate_existing=True)).one_or_none() if _is(team_id) else None
    if found is None:
        raise NotFound(f"There is no team with the number {team_id}; open the list of people again.")
    return found


def every_team(session: Session) -> Sequence[tuple[Team, Inside]]:
    """Every team with what is in it: those that work first, by name."""
    teams = session.exec(select(Team).order_by(col(Team.active).desc(), col(Team.name))).all()
    return [(team, inside(session, team.id or 0)) for team in teams]


def inside(session: Session, team_id: int) -> Inside:
    """Active workers and managers of a team, children who are with it and no worker, and transfers that wait for it."""

    def number(table: type[Any], *where: Any) -> int:
        return session.exec(select(func.count()).select_from(table).where(*where)).one()

    return Inside(
        workers=number(Worker, col(Worker.team_id) == team_id, col(Worker.active)),
        managers=number(User, col(User.team_id) == team_id, col(User.active)),
        children=number(
            Referral,
            col(Referral.team_id) == team_id,
            col(Referral.worker_id).is_(None),
            col(Referral.closed_at).is_(None),
        ),
        transfers=number(
            Transfer,
            col(Transfer.to_team_id) == team_id,
            col(Transfer.completed_at).is_(None),
            col(Transfer.refused_at).is_(None),
        ),
    )


def every_worker(session: Session) -> Sequence[WorkerLine]:
    """Every worker: those who work here first, by team and name."""
    counted = staff_rows.children_by_worker()
    statement = (
        select(Worker, Team, User.username, func.coalesce(counted.c.children, 0))
        .join(Team, col(Team.id) == col(Worker.team_id))
        .outerjoin(User, col(User.id) == col(Worker.user_id))
        .outerjoin(counted, counted.c.worker_id == Worker.id)
        .order_by(col(Worker.active).desc(), col(Team.name), col(Worker.name), col(Worker.id))
    )
    return [
        WorkerLine(worker=worker, team=team, username=username or "", children=children)
        for worker, team, username, children in session.exec(statement)
    ]


def _is(number: int) -> bool:
    return 0 < number <= LARGEST
