"""Immediate danger: the contacts that nobody has answered for, and what stands before everything else on a list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from rules.pathway import UNDECIDED
from rules.vocabulary import AlertKind, State
from storage.queries.alerts import taken_on_rows
from storage.tables import Alert, AlertTakenOn, Contact, Notice, Referral

_THEIRS = aliased(AlertTakenOn)  # once: to make one takes longer than to ask

BEHIND = (State.ALLOCATED, State.CLOSED, State.SET_ASIDE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerLine:
    """One contact in immediate danger, and the alert about it that waits for an answer.

    ``children`` are those who are not decided yet. ``is_shut``: a child of it is closed to whoever reads. ``had_it``:
    the reader has taken it on before. ``holder`` is the name of whoever has it now, ``since`` and ``until`` when.
    """

    contact_ref: str
    alert_id: int
    opened_at: datetime
    children: int = 1
    is_shut: bool = False
    had_it: bool = False
    holder: str = ""
    since: datetime | None = None
    until: datetime | None = None


def unanswered(session: Session, username: str, closed: Collection[int], *, now: datetime) -> Sequence[DangerLine]:
    """The open alerts of immediate danger that no acknowledgement holds, as this person may read them: one statement.

    The oldest first, and before them all that nobody has. ``closed``: the children whose record is closed to them.
    """
    statement = (
        select(  # type: ignore[call-overload]
            Contact.ref,
            Alert.id,
            Alert.opened_at,
            _undecided(),
            _of_contact(col(Referral.person_id).in_(closed)).exists(),
            _had_it(username),
            AlertTakenOn.name,
            AlertTakenOn.taken_at,
            AlertTakenOn.until,
        )
        .join(Contact, col(Contact.id) == col(Alert.contact_id))
        .outerjoin(AlertTakenOn, and_(col(AlertTakenOn.alert_id) == col(Alert.id), taken_on_rows.holds(now)))
        .where(
            col(Alert.kind) == AlertKind.DANGER,
            col(Alert.closed_at).is_(None),
            or_(col(Alert.held_until).is_(None), col(Alert.held_until) <= now, col(AlertTakenOn.id).is_not(None)),
        )
        .order_by(col(AlertTakenOn.id).is_not(None), col(Alert.opened_at), col(Alert.id))
    )
    return [_line(row) for row in session.exec(statement)]


def _line(row: Any) -> DangerLine:
    contact_ref, alert_id, opened_at, children, is_shut, had_it, holder, since, until = row
    return DangerLine(
        contact_ref=contact_ref,
        alert_id=alert_id,
        opened_at=opened_at,
        children=children,
        is_shut=is_shut,
        had_it=had_it,
        holder=holder or "",
        since=since,
        until=until,
    )


def _of_contact(condition: Any) -> Any:
    return select(Referral.id).where(col(Referral.contact_id) == col(Contact.id), condition).correlate(Contact)


def _undecided() -> Any:
    statement = _of_contact(col(Referral.state).in_(UNDECIDED))
    return statement.with_only_columns(func.count(col(Referral.id))).scalar_subquery()


def _had_it(username: str) -> Any:
    theirs = col(_THEIRS.alert_id) == col(Alert.id), col(_THEIRS.username) == username
    statement = select(_THEIRS.id).where(*theirs)
    return statement.correlate(Alert).exists()


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
