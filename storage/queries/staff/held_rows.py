"""What somebody who works here holds: children, transfers that wait for them, alerts that they were told of."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, func, or_, select

from rules.vocabulary import EventKind, State
from storage.tables import Alert, AlertTakenOn, Event, Notice, Person, Referral, Transfer, User, Worker

_WAITS = (col(Transfer.completed_at).is_(None), col(Transfer.refused_at).is_(None))
_OPEN = col(Referral.closed_at).is_(None)
WITHOUT_HOLDER = (
    select(func.count(col(Referral.person_id).distinct()))
    .join(Worker, col(Worker.id) == col(Referral.worker_id))
    .outerjoin(User, col(User.id) == col(Worker.user_id))
    .where(_OPEN, or_(~col(Worker.active), ~col(User.active)))
)


def children(session: Session, worker_ids: Collection[int]) -> Sequence[tuple[Referral, Person]]:
    """The open referrals that these workers hold, in the order of their contacts."""
    statement = select(Referral, Person).join(Person, col(Person.id) == col(Referral.person_id))
    statement = statement.where(col(Referral.worker_id).in_(worker_ids), _OPEN)
    return session.exec(statement.order_by(col(Referral.contact_id), col(Referral.id))).all()


def coming(session: Session, worker_ids: Collection[int], team_id: int | None) -> Sequence[tuple[Transfer, Referral]]:
    """The transfers that wait for these workers to take a child, or for a manager of the team to name who does."""
    to_team = (col(Transfer.to_team_id) == (team_id or 0)) & col(Transfer.to_worker_id).is_(None)
    statement = (
        select(Transfer, Referral)
        .join(Referral, col(Referral.id) == col(Transfer.referral_id))
        .where(*_WAITS, or_(col(Transfer.to_worker_id).in_(worker_ids), to_team))
        .where(col(Transfer.from_worker_id).not_in(worker_ids))
    )
    return session.exec(statement.order_by(col(Referral.contact_id), col(Transfer.id))).all()


def alerts(session: Session, keys: Collection[str], username: str) -> Sequence[Alert]:
    """The open alerts of which one of these recipients was told, and those that this person acknowledged or took on."""
    told = select(Notice.alert_id).where(col(Notice.recipient_key).in_(keys), col(Notice.alert_id).is_not(None))
    theirs = (col(Alert.acknowledged_by) == username) & (col(Alert.acknowledged_by) != "")
    taken_on = select(AlertTakenOn.alert_id).where(col(AlertTakenOn.username) == username)
    statement = select(Alert).where(
        col(Alert.closed_at).is_(None), or_(col(Alert.id).in_(told), theirs, col(Alert.id).in_(taken_on))
    )
    return session.exec(statement.order_by(col(Alert.contact_id), col(Alert.id))).all()


def workers_of(session: Session, user_id: int) -> Sequence[Worker]:
    """Every worker as whom this person holds children, or has held them."""
    return session.exec(select(Worker).where(col(Worker.user_id) == user_id).order_by(col(Worker.id))).all()


def left_by(session: Session, referral_id: int) -> Sequence[int]:
    """The numbers of the workers who left while they held the child, or were to have it."""
    statement = select(Event).where(col(Event.referral_id) == referral_id, col(Event.kind) == EventKind.WORKER_LEFT)
    return sorted({json.loads(event.details).get("worker", 0) for event in session.exec(statement)})


def still_waiting(session: Session, worker_id: int) -> Sequence[Referral]:
    """The children whom this worker left behind and who wait for another, on either list."""
    events = select(Event).where(col(Event.kind) == EventKind.WORKER_LEFT, col(Event.referral_id).is_not(None))
    refs = {event.referral_id for event in session.exec(events) if json.loads(event.details).get("worker") == worker_id}
    unnamed = select(Transfer.referral_id).where(*_WAITS, col(Transfer.to_worker_id).is_(None))
    waits = or_(col(Referral.state) == State.AWAITING_ALLOCATION, col(Referral.id).in_(unnamed))
    return session.exec(select(Referral).where(col(Referral.id).in_(refs), waits).order_by(col(Referral.id))).all()


def without_holder(session: Session) -> int:
    """How many children are held by a worker who no longer works here, or whose sign-in has ended."""
    return session.exec(WITHOUT_HOLDER).one()
