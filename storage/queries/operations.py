"""What whoever runs the service asks: can anybody sign in, are alerts heard, does mail wait, is history imported."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, func, select

from rules.vocabulary import MessageState, Role
from storage.tables import Message, User, UserRole


def anybody(session: Session) -> bool:
    """True when somebody can sign in."""
    return session.exec(select(User.id).where(col(User.active)).limit(1)).first() is not None


def roles_held(session: Session) -> frozenset[Role]:
    """The roles that somebody active holds."""
    statement = (
        select(UserRole.role).join(User, col(User.id) == col(UserRole.user_id)).where(col(User.active)).distinct()
    )
    return frozenset(Role(role) for role in session.exec(statement))


def queued(session: Session) -> tuple[int, datetime | None]:
    """How many messages are queued, and since when the oldest."""
    statement = select(func.count(), func.min(Message.created_at)).where(col(Message.state) == MessageState.QUEUED)
    count, oldest = session.exec(statement).one()
    return count, oldest
