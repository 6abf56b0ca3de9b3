"""Alerts as the pages show them: what each is about, and who has been told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case
from sqlmodel import Session, col, func, select

from rules.vocabulary import AlertKind
from storage.tables import Alert, Contact, Referral, RungTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """One alert with the record that it is about, where it is about one."""

    alert: Alert
    referral: Referral | None
    contact: Contact | None
    rungs: tuple[RungTaken, ...]


def lines(session: Session, *, closed: bool, records: bool, offset: int, limit: int) -> tuple[Sequence[AlertLine], int]:
    """A page of alerts, and how many there are in all.

    Open ones come with immediate danger and the oldest due first, closed ones the newest first.
    Without ``records`` only those that are about no child's record.
    """
    statement = (
        select(Alert, Referral, Contact)
        .outerjoin(Referral, col(Referral.id) == col(Alert.referral_id))
        .outerjoin(Contact, col(Contact.id) == col(Alert.contact_id))
        .where(col(Alert.closed_at).is_not(None) if closed else col(Alert.closed_at).is_(None))
    )
    if not records:
        statement = statement.where(col(Alert.contact_id).is_(None), col(Alert.referral_id).is_(None))
    count = session.exec(select(func.count()).select_from(statement.with_only_columns(col(Alert.id)).subquery())).one()
    rows = session.exec(statement.order_by(*_order(closed=closed)).offset(offset).limit(limit)).all()
    taken = _taken(session, [f"alert:{alert.id}" for alert, _, _ in rows])
    return [
        AlertLine(alert=alert, referral=referral, contact=contact, rungs=taken.get(f"alert:{alert.id}", ()))
        for alert, referral, contact in rows
    ], count


def among(session: Session, alert_ids: Sequence[int]) -> Sequence[AlertLine]:
    """These alerts, in the same order."""
    statement = (
        select(Alert, Referral, Contact)
        .outerjoin(Referral, col(Referral.id) == col(Alert.referral_id))
        .outerjoin(Contact, col(Contact.id) == col(Alert.contact_id))
        .where(col(Alert.id).in_(alert_ids))
    )
    rows = {row[0].id: row for row in session.exec(statement)}
    taken = _taken(session, [f"alert:{number}" for number in alert_ids])
    return [
        AlertLine(alert=alert, referral=referral, contact=contact, rungs=taken.get(f"alert:{alert.id}", ()))
        for alert, referral, contact in (rows[number] for number in alert_ids)
    ]


def _order(*, closed: bool) -> Sequence[Any]:
    if closed:
        return (col(Alert.closed_at).desc(), col(Alert.id).desc())
    danger = case((col(Alert.kind) == AlertKind.DANGER, 0), (col(Contact.immediate_danger), 1), else_=2)
    return (danger, col(Alert.due_at), col(Alert.id))


def _taken(session: Session, owners: Sequence[str]) -> Mapping[str, tuple[RungTaken, ...]]:
    statement = select(RungTaken).where(col(RungTaken.owner_key).in_(owners)).order_by(col(RungTaken.id))
    found: dict[str, tuple[RungTaken, ...]] = {}
    for rung in session.exec(statement):
        found[rung.owner_key] = (*found.get(rung.owner_key, ()), rung)
    return found
