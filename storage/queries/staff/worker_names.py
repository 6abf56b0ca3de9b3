"""Workers by number, for lists that name whoever holds a child."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session, col, select

from storage.tables import Team, Worker


def by_number(session: Session) -> Mapping[int, str]:
    """Every worker's name and team, those who have left as well."""
    statement = select(Worker.id, Worker.name, Team.name).join(Team, col(Team.id) == col(Worker.team_id))
    return {number: f"{name}, {team}" for number, name, team in session.exec(statement) if number is not None}
