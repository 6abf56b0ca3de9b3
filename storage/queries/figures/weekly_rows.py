"""Who asked for the week's figures by e-mail."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from storage.tables import User, WeeklyFigures


def of_user(session: Session, username: str) -> WeeklyFigures | None:
    """What somebody asked for, None where nothing."""
    statement = select(WeeklyFigures).join(User, col(User.id) == col(WeeklyFigures.user_id))
    return session.exec(statement.where(col(User.username) == username)).one_or_none()


def wanting(session: Session) -> Sequence[WeeklyFigures]:
    """Everybody who asked, by number."""
    return session.exec(select(WeeklyFigures).order_by(col(WeeklyFigures.user_id))).all()


def lock(session: Session, user_id: int) -> WeeklyFigures | None:
    """What somebody asked for, locked until the transaction ends: two sweeps send one e-mail."""
    statement = select(WeeklyFigures).where(col(WeeklyFigures.user_id) == user_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()
