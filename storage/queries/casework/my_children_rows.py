"""What one worker holds: the children, what is due for each, and what waits to be acknowledged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from rules.vocabulary import AlertKind, ClockState, State
from storage.tables import Alert, Clock, Contact, ListedReferral, Person, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """One child of a worker, with the clocks that run, the soonest due first."""

    referral: Referral
    contact: Contact
    person: Person
    clocks: Sequence[Clock]


def of_worker(session: Session, worker_id: int) -> Sequence[Mine]:
    """Every child whom a worker holds open, what is due first first; a caseload is short, so in one list."""
    theirs = (col(ListedReferral.worker_id) == worker_id, col(ListedReferral.state) == State.ALLOCATED)
    ordered = (col(ListedReferral.due_at), col(ListedReferral.referral_id))
    return among(session, session.exec(select(ListedReferral.referral_id).where(*theirs).order_by(*ordered)).all())


def among(session: Session, referral_ids: Sequence[int]) -> Sequence[Mine]:
    """These children, in the same order, each with every clock that runs."""
    statement = (
        select(Referral, Contact, Person)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(Referral.id).in_(referral_ids))
    )
    rows = {row[0].id: row for row in session.exec(statement)}
    clocks = _running(session, referral_ids)
    found = [(rows[number], clocks.get(number, [])) for number in referral_ids]
    return [
        Mine(referral=referral, contact=contact, person=person, clocks=running)
        for (referral, contact, person), running in found
    ]


def _running(session: Session, referral_ids: Sequence[int]) -> dict[int | None, list[Clock]]:
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
