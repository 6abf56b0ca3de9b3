"""Who works here: users and their roles, teams, the workers who hold children, and sign-in sessions."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rules.vocabulary import Role
from storage.tables.base import one_of


class User(SQLModel, table=True):
    """Somebody who signs in. Roles are rows of ``user_role``; a team manager manages ``team_id``, or all where None.

    ``quiet_from`` and ``quiet_to`` are local times between which nothing is sent that can wait, None for none; so is
    ``digest_at``, when a manager's digest goes, and ``digest_on`` the last local day that is done with.
    """

    __tablename__ = "app_user"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True)
    name: str
    email: str
    password_hash: str
    active: bool = True
    created_at: datetime
    team_id: int | None = Field(default=None, foreign_key="team.id")
    quiet_from: time | None = None
    quiet_to: time | None = None
    digest_at: time | None = None
    digest_on: date | None = None


class UserRole(SQLModel, table=True):
    """One role of one user."""

    __tablename__ = "user_role"
    __table_args__ = (one_of("role", Role),)

    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    role: str = Field(primary_key=True)


class WebSession(SQLModel, table=True):
    """One signed-in browser. Only a hash of the cookie's token is kept."""

    __tablename__ = "web_session"

    token_sha256: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="app_user.id", index=True)
    created_at: datetime
    expires_at: datetime


class SignInFailure(SQLModel, table=True):
    """A sign-in that failed, kept for a day by hash of the name typed: people type passwords there by mistake."""

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    name_sha256: str = Field(index=True)
    address: str = Field(index=True)


class KnownDevice(SQLModel, table=True):
    """A browser in which somebody has signed in before. Only a hash of the cookie's token is kept."""

    __tablename__ = "known_device"

    token_sha256: str = Field(primary_key=True)
    user_id: int = Field(foreign_key="app_user.id", primary_key=True)
    seen_at: datetime


class Team(SQLModel, table=True):
    """A team of workers; one that was let go is no longer ``active``."""

    __tablename__ = "team"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    active: bool = True


class Worker(SQLModel, table=True):
    """A social worker who can hold children; ``full_time_equivalent`` is 1.0 for full time."""

    __tablename__ = "worker"
    __table_args__ = (UniqueConstraint("name", "team_id"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str
    team_id: int = Field(foreign_key="team.id", index=True)
    user_id: int | None = Field(default=None, foreign_key="app_user.id")
    full_time_equivalent: float = 1.0
    active: bool = True
