"""What one worker holds: the children, what is due for each, and what waits to be acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session, col, or_, select

from rules.vocabulary import AlertKind, ClockState, State
from storage.tables import Alert, Clock, Contact, Person, Referral

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """One child of a worker, with the clocks that run, the soonest due first."""

    referral: Referral
    contact: Contact
    person: Person
    clocks: Sequence[Clock]


def of_worker(session: Session, worker_id: int) -> Sequence[Mine]:
    """Every child whom a worker holds open, what is due first first; a caseload is short, so in one list."""
    statement = (
        select(Referral, Contact, Person)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(Referral.worker_id) == worker_id, col(Referral.state) == State.ALLOCATED)
        .order_by(col(Referral.id))
    )
    rows = session.exec(statement).all()
    clocks = _running(session, [referral.id for referral, *_ in rows])
    found = [
        Mine(referral=referral, contact=contact, person=person, clocks=clocks.get(referral.id, []))
        for referral, contact, person in rows
    ]
    return sorted(found, key=lambda mine: mine.clocks[0].due_at if mine.clocks else _NEVER)


def _running(session: Session, referral_ids: Sequence[int | None]) -> dict[int | None, list[Clock]]:
    statement = select(Clock).where(col(Clock.referral_id).in_(referral_ids), col(Clock.state) == ClockState.RUNNING)
    found: dict[int | None, list[Clock]] = {}
    for clock in session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))):
        found.setdefault(clock.referral_id, []).append(clock)
    return found


def alerts(session: Session, worker_id: int) -> Sequence[Alert]:
    """The open alerts about a worker's children, and the new information sent to the worker, the oldest first."""
    held = select(Referral.id).where(col(Referral.worker_id) == worker_id, col(Referral.state) == State.ALLOCATED)
    told = (col(Alert.worker_id) == worker_id) & (col(Alert.kind) == AlertKind.NEW_INFORMATION)
    statement = select(Alert).where(col(Alert.closed_at).is_(None), or_(col(Alert.referral_id).in_(held), told))
    return session.exec(statement.order_by(col(Alert.due_at), col(Alert.id))).all()
