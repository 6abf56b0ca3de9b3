"""What a digest counts and lists: open alerts, duties due soon, and letters owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, select

from rules.errors import NotFound
from rules.vocabulary import AlertKind, ClockState
from storage.tables import Alert, Clock, Contact, Referral, User, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAlert:
    """One open alert with the references that it is about and the team of its worker."""

    alert: Alert
    referral_ref: str
    contact_ref: str
    team_id: int | None


def open_alerts(session: Session) -> Sequence[OpenAlert]:
    """Every open alert: immediate danger first, then the oldest due."""
    danger = case((col(Alert.kind) == AlertKind.DANGER, 0), (col(Contact.immediate_danger), 1), else_=2)
    statement = (
        select(Alert, Referral.ref, Contact.ref, Worker.team_id)
        .outerjoin(Referral, col(Referral.id) == col(Alert.referral_id))
        .outerjoin(Contact, col(Contact.id) == col(Alert.contact_id))
        .outerjoin(Worker, col(Worker.id) == col(Alert.worker_id))
        .where(col(Alert.closed_at).is_(None))
        .order_by(danger, col(Alert.due_at), col(Alert.id))
    )
    return [
        OpenAlert(alert=alert, referral_ref=referral or "", contact_ref=contact or "", team_id=team_id)
        for alert, referral, contact, team_id in session.exec(statement)
    ]


def due_between(session: Session, *, after: datetime, until: datetime) -> Sequence[tuple[Clock, str]]:
    """Each watched duty that runs out in this time with the reference of its referral, the soonest first."""
    statement = (
        select(Clock, Referral.ref)
        .join(Referral, col(Referral.id) == col(Clock.referral_id))
        .where(
            col(Clock.state) == ClockState.RUNNING,
            col(Clock.watched),
            col(Clock.due_at) > after,
            col(Clock.due_at) <= until,
        )
        .order_by(col(Clock.due_at), col(Clock.id))
    )
    return session.exec(statement).all()


def lock_user(session: Session, user_id: int) -> User:
    """The user, locked until the transaction ends. Raises NotFound."""
    statement = select(User).where(col(User.id) == user_id).with_for_update()
    user = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if user is None:
        raise NotFound(f"There is no user with the number {user_id}; open the list of people again.")
    return user
