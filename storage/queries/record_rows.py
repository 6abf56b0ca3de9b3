"""What the pages show of one contact or referral, beside what the engine needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select

from rules.vocabulary import AlertKind
from storage.queries.decisions import undone_rows
from storage.queries.staff import staff_rows
from storage.tables import (
    Alert,
    Allocation,
    Clock,
    Contact,
    Decision,
    Event,
    Person,
    Query,
    Referral,
    Team,
    User,
    Worker,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Involvement:
    """One referral of a child, with its contact and its decisions, oldest first; the last of them holds."""

    referral: Referral
    contact: Contact
    person: Person
    decisions: Sequence[Decision]
    worker: str


def names(session: Session) -> Mapping[str, str]:
    """Every user name with the person's name, and workers who do not sign in; the history keeps user names."""
    return {**staff_rows.unsigned_workers(session), **dict(session.exec(select(User.username, User.name)).all())}


def name_of(session: Session, username: str) -> str:
    """The name of one of them, or the empty string."""
    found = session.exec(select(User.name).where(col(User.username) == username)).one_or_none()
    return staff_rows.unsigned_workers(session).get(username, "") if found is None else found


def clocks_of_contact(session: Session, contact_id: int) -> Sequence[Clock]:
    """All clocks of a contact's referrals, the soonest due first."""
    statement = select(Clock).where(col(Clock.contact_id) == contact_id)
    return session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))).all()


def queries_of(session: Session, contact_id: int, *, referral_id: int | None = None) -> Sequence[Query]:
    """What a person should look at on a contact; for one referral, its own and those of the contact as a whole."""
    statement = select(Query).where(col(Query.contact_id) == contact_id)
    if referral_id is not None:
        statement = statement.where(or_(col(Query.referral_id) == referral_id, col(Query.referral_id).is_(None)))
    return session.exec(statement.order_by(col(Query.id))).all()


def involvements(session: Session, person_ids: Collection[int], *, except_for: int) -> Sequence[Involvement]:
    """Every referral of these children but one, the newest contact first."""
    if not person_ids:
        return []
    statement = (
        select(Referral, Contact, Person, Worker.name)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .outerjoin(Worker, col(Worker.id) == col(Referral.worker_id))
        .where(col(Referral.person_id).in_(person_ids), col(Referral.id) != except_for)
        .order_by(col(Contact.received_at).desc(), col(Referral.id))
    )
    rows = session.exec(statement).all()
    decisions = _decisions(session, [referral.id for referral, *_ in rows])
    return [
        Involvement(
            referral=referral,
            contact=contact,
            person=person,
            decisions=decisions.get(referral.id, []),
            worker=worker or "",
        )
        for referral, contact, person, worker in rows
    ]


def _decisions(session: Session, referral_ids: Sequence[int | None]) -> Mapping[int | None, list[Decision]]:
    statement = select(Decision).where(col(Decision.referral_id).in_(referral_ids), undone_rows.stands())
    found: dict[int | None, list[Decision]] = {}
    for decision in session.exec(statement.order_by(col(Decision.id))):
        found.setdefault(decision.referral_id, []).append(decision)
    return found


def allocations(session: Session, referral_id: int) -> Sequence[tuple[Allocation, Worker]]:
    """The allocations of one child, oldest first, each with the worker."""
    statement = (
        select(Allocation, Worker)
        .join(Worker, col(Worker.id) == col(Allocation.worker_id))
        .where(col(Allocation.referral_id) == referral_id)
    )
    return session.exec(statement.order_by(col(Allocation.id))).all()


def workers_told(session: Session, referral_id: int) -> Mapping[int, str]:
    """The names of the workers whom the decisions about a referral name as having the child already."""
    statement = (
        select(Worker.id, Worker.name)
        .join(Decision, col(Decision.worker_id) == col(Worker.id))
        .where(col(Decision.referral_id) == referral_id)
    )
    return {worker_id or 0: name for worker_id, name in session.exec(statement)}


def team_name(session: Session, team_id: int | None) -> str:
    """The name of the team that has a child; empty where none has."""
    team = session.get(Team, team_id) if team_id is not None else None
    return team.name if team else ""


def open_alerts(session: Session, referral_id: int) -> Sequence[Alert]:
    """The open alerts about one referral and about the danger of its contact, the oldest first."""
    contact_id = select(Referral.contact_id).where(col(Referral.id) == referral_id).scalar_subquery()
    danger = (col(Alert.contact_id) == contact_id) & (col(Alert.kind) == AlertKind.DANGER)
    about = or_(col(Alert.referral_id) == referral_id, danger)
    statement = select(Alert).where(about, col(Alert.closed_at).is_(None))
    return session.exec(statement.order_by(col(Alert.due_at))).all()


def events_since(session: Session, referral_id: int, event_id: int) -> Sequence[Event]:
    """What has happened to a referral since an event, in the order in which it was recorded."""
    statement = select(Event).where(col(Event.referral_id) == referral_id, col(Event.id) > event_id)
    return session.exec(statement.order_by(col(Event.id))).all()
