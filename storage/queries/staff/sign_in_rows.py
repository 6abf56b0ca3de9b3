"""Sign-in sessions: whose they are, and which have run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from storage.tables import User, UserRole, WebSession


def user_of(session: Session, token_sha256: str, *, now: datetime) -> tuple[User, Sequence[str]] | None:
    """The active user of a session that has not run out, with the roles, or None."""
    statement = (
        select(User, UserRole.role)
        .join(WebSession, col(WebSession.user_id) == col(User.id))
        .outerjoin(UserRole, col(UserRole.user_id) == col(User.id))
        .where(col(WebSession.token_sha256) == token_sha256, col(WebSession.expires_at) > now, col(User.active))
    )
    rows = session.exec(statement).all()
    return (rows[0][0], [role for _, role in rows if role]) if rows else None


def remove(session: Session, token_sha256: str) -> None:
    """Removes one session."""
    session.exec(delete(WebSession).where(col(WebSession.token_sha256) == token_sha256))


def clear(session: Session, *, expired_by: datetime) -> None:
    """Removes the sessions that have run out."""
    session.exec(delete(WebSession).where(col(WebSession.expires_at) <= expired_by))


def remove_all(session: Session, user_id: int) -> None:
    """Removes every session of one user."""
    session.exec(delete(WebSession).where(col(WebSession.user_id) == user_id))
