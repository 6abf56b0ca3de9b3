"""The history: what a form token has already done, and the events of a record."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from rules.vocabulary import EventKind
from storage.tables import Event, Referral


def by_request(session: Session, request_id: str) -> Event | None:
    """The event that this form token has caused already, or None."""
    return session.exec(select(Event).where(col(Event.request_id) == request_id)).one_or_none()


def of_referral(session: Session, referral: Referral) -> Sequence[Event]:
    """The events of one referral, with those of its contact as a whole, in the order in which they were recorded."""
    whole_contact = (col(Event.contact_id) == referral.contact_id) & col(Event.referral_id).is_(None)
    statement = select(Event).where(or_(col(Event.referral_id) == referral.id, whole_contact))
    return session.exec(statement.order_by(col(Event.id))).all()


def newest(session: Session, contact_id: int) -> int:
    """The number of the last event about a contact or one of its children; 0 where there is none."""
    statement = select(func.max(col(Event.id))).where(col(Event.contact_id) == contact_id)
    return session.exec(statement).one() or 0


def since(session: Session, contact_id: int, event_id: int) -> Sequence[tuple[Event, str]]:
    """What has happened to a contact and its children since an event, each with the child's reference or nothing."""
    statement = (
        select(Event, Referral.ref)
        .outerjoin(Referral, col(Referral.id) == col(Event.referral_id))
        .where(col(Event.contact_id) == contact_id, col(Event.id) > event_id)
    )
    return [(event, ref or "") for event, ref in session.exec(statement.order_by(col(Event.id)))]


def of_kinds(session: Session, referral_id: int, kinds: Collection[EventKind]) -> Sequence[Event]:
    """The events of these kinds about one referral, in the order in which they happened."""
    statement = select(Event).where(col(Event.referral_id) == referral_id, col(Event.kind).in_(kinds))
    return session.exec(statement.order_by(col(Event.occurred_at), col(Event.id))).all()


def clocks_begun(session: Session, referral_id: int, *, after: int) -> frozenset[tuple[str, int]]:
    """(kind, round) of the clocks of a referral that were started after the event with this number."""
    statement = select(Event.details).where(
        col(Event.referral_id) == referral_id, col(Event.kind) == EventKind.CLOCK_STARTED, col(Event.id) > after
    )
    found = (json.loads(details) for details in session.exec(statement))
    return frozenset((one["clock"], one["round"]) for one in found)


def calls_of_contact(session: Session, contact_id: int) -> Sequence[Event]:
    """Each time that the referrer of a contact was told by telephone, oldest first; once for every child."""
    kind = col(Event.kind) == EventKind.TOLD_BY_TELEPHONE
    return session.exec(select(Event).where(col(Event.contact_id) == contact_id, kind).order_by(col(Event.id))).all()


def last_about(session: Session, contact_id: int, kind: EventKind, *, until: datetime) -> Event | None:
    """The last event of a kind about a contact or one of its children up to a moment; None where there is none."""
    statement = select(Event).where(
        col(Event.contact_id) == contact_id, col(Event.kind) == kind, col(Event.recorded_at) <= until
    )
    return session.exec(statement.order_by(col(Event.id).desc()).limit(1)).first()


def latest_of(session: Session, referral_id: int, kinds: Collection[EventKind], *, before: datetime) -> Event | None:
    """The last of these events of a referral up to a moment; None where there has been none."""
    statement = select(Event).where(
        col(Event.referral_id) == referral_id, col(Event.kind).in_(kinds), col(Event.occurred_at) <= before
    )
    return session.exec(statement.order_by(col(Event.occurred_at).desc(), col(Event.id).desc()).limit(1)).first()
