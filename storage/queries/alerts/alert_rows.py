"""Alerts: open ones by subject, and who has been told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from rules.errors import NotFound
from rules.vocabulary import AlertKind
from storage.tables import Alert, RungTaken

_MISSING = "There is no alert {}; open the list of alerts again."


def open_for(session: Session, subject_key: str) -> Alert | None:
    """The open alert about this subject, or None."""
    statement = select(Alert).where(col(Alert.subject_key) == subject_key, col(Alert.closed_at).is_(None))
    return session.exec(statement).one_or_none()


def open_among(session: Session, subject_keys: Collection[str]) -> frozenset[str]:
    """Those of the subjects about which an alert is open."""
    statement = select(Alert.subject_key).where(
        col(Alert.subject_key).in_(subject_keys), col(Alert.closed_at).is_(None)
    )
    return frozenset(session.exec(statement))


def closed_at(session: Session, subject_key: str, *, at: datetime) -> Alert | None:
    """The alert about this subject that was closed at a moment, or None."""
    statement = select(Alert).where(col(Alert.subject_key) == subject_key, col(Alert.closed_at) == at)
    return session.exec(statement.order_by(col(Alert.id).desc()).limit(1)).first()


def open_of(session: Session, referral_id: int, kind: AlertKind) -> Sequence[Alert]:
    """The open alerts of this kind about the referral, oldest first."""
    statement = select(Alert).where(
        col(Alert.referral_id) == referral_id, col(Alert.kind) == kind, col(Alert.closed_at).is_(None)
    )
    return session.exec(statement.order_by(col(Alert.id))).all()


def find(session: Session, alert_id: int) -> Alert:
    """The alert. Raises NotFound."""
    alert = session.get(Alert, alert_id, populate_existing=True)
    if alert is None:
        raise NotFound(_MISSING.format(alert_id))
    return alert


def lock(session: Session, alert_id: int) -> Alert:
    """The alert, locked until the transaction ends; its contact or worker is locked before it. Raises NotFound."""
    statement = select(Alert).where(col(Alert.id) == alert_id).with_for_update()
    alert = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if alert is None:
        raise NotFound(_MISSING.format(alert_id))
    return alert


def lock_unless_taken(session: Session, alert_id: int) -> Alert | None:
    """The alert, locked, or None when another sweep has it."""
    statement = select(Alert).where(col(Alert.id) == alert_id).with_for_update(skip_locked=True)
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def rungs(session: Session, owner_key: str) -> Sequence[RungTaken]:
    """The rungs taken by one owner (``clock:ID`` or ``alert:ID``), in the order in which they were taken."""
    return session.exec(
        select(RungTaken).where(col(RungTaken.owner_key) == owner_key).order_by(col(RungTaken.id))
    ).all()
