"""Everybody who works here, as the people page lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, delete, select

from rules.vocabulary import EventKind, Role
from storage.tables import Event, Team, User, UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """One user with the roles and the name of the team."""

    user: User
    roles: Sequence[Role]
    team: str


def lines(session: Session) -> Sequence[StaffLine]:
    """Everybody, those who work here first, by name."""
    statement = (
        select(User, Team.name)
        .outerjoin(Team, col(Team.id) == col(User.team_id))
        .order_by(col(User.active).desc(), col(User.name), col(User.id))
    )
    roles = _roles(session)
    return [
        StaffLine(user=user, roles=roles.get(user.id, []), team=team or "") for user, team in session.exec(statement)
    ]


def _roles(session: Session) -> Mapping[int | None, list[Role]]:
    found: dict[int | None, list[Role]] = {}
    for row in session.exec(select(UserRole).order_by(col(UserRole.role))):
        found.setdefault(row.user_id, []).append(Role(row.role))
    return found


def set_roles(session: Session, roles: Sequence[UserRole], *, user_id: int) -> None:
    """Gives a user these roles and no others."""
    session.exec(delete(UserRole).where(col(UserRole.user_id) == user_id))
    session.add_all(roles)
    session.flush()


def changes(session: Session, *, limit: int) -> Sequence[Event]:
    """The latest changes of who works here, the newest first."""
    statement = select(Event).where(col(Event.kind) == EventKind.STAFF_CHANGED)
    return session.exec(statement.order_by(col(Event.id).desc()).limit(limit)).all()
