"""What the filters of the lists offer: teams and workers, by name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import Team, Worker


def teams(session: Session) -> Sequence[tuple[int, str]]:
    """Each team with its number, those let go as well: children may still stand in one."""
    return [(number or 0, name) for number, name in session.exec(select(Team.id, Team.name).order_by(col(Team.name)))]


def workers(session: Session) -> Sequence[tuple[int, str]]:
    """Each worker with its number, those who have left as well."""
    statement = select(Worker.id, Worker.name).order_by(col(Worker.name), col(Worker.id))
    return [(number or 0, name) for number, name in session.exec(statement)]
