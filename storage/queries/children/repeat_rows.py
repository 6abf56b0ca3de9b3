"""The contacts and referrals of one child over time. What is set aside counts in none of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from rules.vocabulary import ClockState, EventKind
from storage.queries.decisions import undone_rows
from storage.tables import Clock, Contact, Decision, Person, ProposedMatch, Referral, SecondLook

_MERGED = aliased(Person)


def standing(session: Session, person_ids: Collection[int]) -> Sequence[tuple[Referral, datetime]]:
    """The referrals of some children that are not set aside, each with its moment of receipt, the earliest first."""
    statement = (
        select(Referral, Contact.received_at)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(Referral.person_id).in_(person_ids), col(Referral.set_aside_at).is_(None))
        .order_by(col(Contact.received_at), col(Referral.id))
    )
    return session.exec(statement).all()


def perhaps_known(session: Session, contact_id: int, person_ids: Collection[int]) -> Sequence[int]:
    """Those of these children of whom there may be another contact, under their record or one that may be theirs."""
    person_id = col(Person.id)
    elsewhere = exists().where(col(Referral.person_id) == person_id, col(Referral.contact_id) != contact_id)
    merged = exists().where(_MERGED.merged_into_id == person_id)  # type: ignore[arg-type]
    proposed = (
        exists().where(one == person_id) for one in (col(ProposedMatch.person_id), col(ProposedMatch.other_person_id))
    )
    known = select(Person.id).where(person_id.in_(person_ids), or_(elsewhere, merged, *proposed))
    return [number or 0 for number in session.exec(known.order_by(person_id))]


def are_elsewhere(session: Session, contact_id: int, person_ids: Collection[int]) -> bool:
    """True where one of these children has a referral under another contact."""
    statement = select(Referral.id).where(
        col(Referral.person_id).in_(person_ids), col(Referral.contact_id) != contact_id
    )
    return session.exec(statement.limit(1)).first() is not None


def those_elsewhere(session: Session, contact_id: int, person_ids: Collection[int]) -> frozenset[int]:
    """Those of these children who have a referral under another contact."""
    elsewhere = col(Referral.person_id).in_(person_ids), col(Referral.contact_id) != contact_id
    return (
        frozenset(session.exec(select(Referral.person_id).where(*elsewhere).distinct())) if person_ids else frozenset()
    )


def are_open_elsewhere(session: Session, contact_id: int, person_ids: Collection[int]) -> bool:
    """True where one of these children has a referral under another contact that is neither closed nor set aside."""
    statement = select(Referral.id).where(
        col(Referral.person_id).in_(person_ids),
        col(Referral.contact_id) != contact_id,
        col(Referral.closed_at).is_(None),
        col(Referral.set_aside_at).is_(None),
    )
    return session.exec(statement.limit(1)).first() is not None


def contacts_between(session: Session, person_ids: Collection[int], *, start: datetime, end: datetime) -> int:
    """How many contacts about some children were received from ``start`` to ``end``, both included."""
    statement = (
        select(func.count(col(Contact.id).distinct()))
        .join(Referral, col(Referral.contact_id) == col(Contact.id))
        .where(
            col(Referral.person_id).in_(person_ids),
            col(Referral.set_aside_at).is_(None),
            col(Contact.received_at) >= start,
            col(Contact.received_at) <= end,
        )
    )
    return session.exec(statement).one()


def second_looks(session: Session, referral_id: int) -> Sequence[SecondLook]:
    """The second looks at the decisions about one child, oldest first."""
    statement = select(SecondLook).where(col(SecondLook.referral_id) == referral_id)
    return session.exec(statement.order_by(col(SecondLook.id))).all()


def waiting_look(session: Session, referral_id: int) -> Clock | None:
    """The clock of the second look that is owed, or None."""
    statement = select(Clock).where(
        col(Clock.referral_id) == referral_id,
        col(Clock.state) == ClockState.RUNNING,
        col(Clock.started_on) == EventKind.SECOND_LOOK_ASKED,
    )
    return session.exec(statement.limit(1)).first()


def looks(session: Session, referral_id: int) -> Sequence[Clock]:
    """The clocks of all second looks that were asked for, the latest last."""
    statement = select(Clock).where(
        col(Clock.referral_id) == referral_id, col(Clock.started_on) == EventKind.SECOND_LOOK_ASKED
    )
    return session.exec(statement.order_by(col(Clock.id))).all()


def waiting_looks(session: Session) -> Sequence[tuple[Clock, Referral, Contact, Person]]:
    """Every referral that waits for a second look, the soonest due first."""
    statement = (
        select(Clock, Referral, Contact, Person)
        .join(Referral, col(Referral.id) == col(Clock.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(Clock.state) == ClockState.RUNNING, col(Clock.started_on) == EventKind.SECOND_LOOK_ASKED)
    )
    return session.exec(statement.order_by(col(Clock.due_at), col(Clock.id))).all()


def is_disputed(session: Session, referral_id: int) -> bool:
    """True while a second look does not agree with the decision that holds."""
    return session.exec(disputed(referral_id).limit(1)).first() is not None


def disputed(referral_id: int) -> SelectOfScalar[Any]:
    """The second looks that do not agree with the decision that holds about a child."""
    of_child = (col(Decision.referral_id) == referral_id) & undone_rows.stands()
    holds = select(func.max(Decision.id)).where(of_child).scalar_subquery()
    return select(SecondLook.id).where(
        col(SecondLook.referral_id) == referral_id,
        col(SecondLook.agrees).is_(False),
        col(SecondLook.decision_id) == holds,
    )


def disagreements(session: Session) -> Sequence[tuple[SecondLook, Referral, Contact, Person]]:
    """Second looks that did not agree with the decision that still holds, the oldest first."""
    of_child = (col(Decision.referral_id) == col(Referral.id)) & undone_rows.stands()
    holds = select(func.max(Decision.id)).where(of_child).correlate(Referral)
    statement = (
        select(SecondLook, Referral, Contact, Person)
        .join(Referral, col(Referral.id) == col(SecondLook.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(
            col(SecondLook.agrees).is_(False),
            col(SecondLook.decision_id) == holds.scalar_subquery(),
            col(Referral.decided_at).is_not(None),
            col(Referral.closed_at).is_(None),
            col(Referral.set_aside_at).is_(None),
        )
    )
    return session.exec(statement.order_by(col(SecondLook.id))).all()
