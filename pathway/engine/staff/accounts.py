"""Adding the people who work here: users with their roles, teams, and workers who hold children."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from notifications import addresses
from rules.errors import Fault, InvalidInput
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Team, User, UserRole, Worker, id_of


def add_user(
    session: WriteSession,
    *,
    username: str,
    name: str,
    email: str,
    password_hash: str,
    roles: Collection[Role],
    now: datetime,
    team: Team | None = None,
) -> User:
    """Adds somebody who may sign in; a team manager manages ``team``, or every team where there is none.

    Raises InvalidInput naming each field that can't be taken.
    """
    faults = list(_user_faults(session, username, name=name, email=email, roles=roles))
    if faults:
        raise InvalidInput(faults)
    user = User(
        username=username,
        name=name,
        email=email,
        password_hash=password_hash,
        created_at=now,
        team_id=team.id if team else None,
    )
    session.add(user)
    session.flush()
    session.add_all([UserRole(user_id=id_of(user), role=role) for role in roles])
    session.flush()
    return user


def _user_faults(
    session: WriteSession, username: str, *, name: str, email: str, roles: Collection[Role]
) -> list[Fault]:
    faults = []
    if not username or username != username.strip().lower() or "," in username:
        remedy = "Use small letters, without spaces or commas"
        faults.append(Fault(place="username", problem="This user name can't be used", remedy=remedy))
    elif staff_rows.user(session, username) is not None:
        problem = f"There is a user {username} already"
        faults.append(Fault(place="username", problem=problem, remedy="Choose another user name"))
    if not name.strip():
        faults.append(Fault(place="name", problem="The name is blank", remedy="Give the person's full name"))
    if not addresses.usable(email):
        remedy = f"{addresses.mend(email)}; alerts go there"
        faults.append(Fault(place="email", problem=f"{email!r} can't be written to", remedy=remedy))
    if not roles:
        remedy = f"Give at least one of: {', '.join(Role)}"
        faults.append(Fault(place="role", problem="No role is given", remedy=remedy))
    return faults


def add_team(session: WriteSession, *, name: str) -> Team:
    """Adds a team, or returns the one that has this name."""
    there = staff_rows.team(session, name)
    if there is not None:
        return there
    team = Team(name=name)
    session.add(team)
    session.flush()
    return team


def add_worker(
    session: WriteSession,
    *,
    name: str,
    email: str,
    team: Team,
    full_time_equivalent: float = 1.0,
    user: User | None = None,
) -> Worker:
    """Adds a worker who can hold children.

    Raises InvalidInput for hours outside 0 to 1, a name that the team has, and a user who no longer works here.
    """
    if not 0 < full_time_equivalent <= 1:
        remedy = "Give 1 for full time, 0.5 for half time"
        raise InvalidInput.of("full_time_equivalent", "Working hours lie between 0 and 1", remedy)
    if staff_rows.worker(session, name, id_of(team)) is not None:
        raise InvalidInput.of("name", f"{team.name} has a worker {name} already", "Add a middle name or initial")
    if user is not None and not user.active:
        raise InvalidInput.of("username", f"{user.username} no longer works here", "Leave the user name empty")
    worker = Worker(
        name=name,
        email=email,
        team_id=id_of(team),
        user_id=id_of(user) if user else None,
        full_time_equivalent=full_time_equivalent,
    )
    session.add(worker)
    session.flush()
    return worker


def link_worker(session: WriteSession, worker: Worker, user: User) -> Worker:
    """Says as whom a worker signs in. Raises InvalidInput where the user is another worker already."""
    there = staff_rows.worker_of_user(session, user.username)
    if there is not None and there.id != worker.id:
        raise InvalidInput.of("user", f"{user.username} is the worker {there.name} already", "Choose another user name")
    worker.user_id = id_of(user)
    session.flush()
    return worker
