"""Immediate danger: the contacts that nobody has answered for, and what stands before everything else on a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlmodel import Session, col, or_, select

from rules.vocabulary import AlertKind, State
from storage.tables import Alert, Contact, Notice, Referral

BEHIND = (State.ALLOCATED, State.CLOSED, State.SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerLine:
    """One contact in immediate danger, and the alert about it that waits for an answer."""

    contact_ref: str
    alert_id: int
    opened_at: datetime


def unanswered(session: Session, *, now: datetime) -> Sequence[DangerLine]:
    """The open alerts of immediate danger that no acknowledgement holds, the oldest first."""
    statement = (
        select(Contact.ref, Alert.id, Alert.opened_at)
        .join(Contact, col(Contact.id) == col(Alert.contact_id))
        .where(
            col(Alert.kind) == AlertKind.DANGER,
            col(Alert.closed_at).is_(None),
            or_(col(Alert.held_until).is_(None), col(Alert.held_until) <= now),
        )
        .order_by(col(Alert.opened_at), col(Alert.id))
    )
    return [
        DangerLine(contact_ref=ref, alert_id=alert_id or 0, opened_at=opened_at)
        for ref, alert_id, opened_at in session.exec(statement)
    ]


def open_refs(session: Session) -> frozenset[str]:
    """The references of the contacts about whose danger an alert is open, answered or not."""
    statement = select(Contact.ref).join(Alert, col(Alert.contact_id) == col(Contact.id))
    return frozenset(session.exec(statement.where(col(Alert.kind) == AlertKind.DANGER, col(Alert.closed_at).is_(None))))


def told(session: Session, contact_id: int) -> Sequence[str]:
    """The names of everybody who was told of immediate danger under this contact, in the order in which they were."""
    statement = (
        select(Notice.recipient_name)
        .join(Alert, col(Alert.id) == col(Notice.alert_id))
        .where(col(Alert.contact_id) == contact_id, col(Alert.kind) == AlertKind.DANGER)
        .order_by(col(Notice.id))
    )
    return list(dict.fromkeys(session.exec(statement)))


def stands() -> Any:
    """True in a statement with a contact that is marked and of which a child still waits for a worker or an answer.

    The mark stays on the record; a list must not be headed for ever by a danger that is over.
    """
    waiting = select(Referral.id).where(col(Referral.contact_id) == col(Contact.id), of_child())
    return waiting.correlate(Contact).exists()


def of_child() -> Any:
    """The same of one child, in a statement with the referral and its contact.

    Imported history counts only while an alert is open: in thousands of old marks today's danger must not drown.
    """
    told = select(Alert.id).where(
        col(Alert.contact_id) == col(Contact.id), col(Alert.kind) == AlertKind.DANGER, col(Alert.closed_at).is_(None)
    )
    ours = or_(~col(Referral.imported), told.correlate(Contact).exists())
    return and_(col(Contact.immediate_danger), col(Referral.state).not_in(BEHIND), ours)
