"""Notices: who has any that may go, what waits for one person, and when that person was last written to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from rules.messages import MessageKind
from rules.vocabulary import ClockState
from storage.tables import Alert, Clock, Notice, User

_CHUNK = 500
_WAITING = col(Notice.message_id).is_(None)
_CLOSED, _OTHER, _TOLD = aliased(Alert), aliased(Alert), aliased(Notice)  # once: to make one takes longer than to ask


def people_waiting(session: Session, *, now: datetime) -> Sequence[str]:
    """The keys of the recipients of notices that may have waited long enough; who was told first comes first."""
    statement = select(Notice.recipient_key).where(*may_go(now))
    return session.exec(statement.group_by(col(Notice.recipient_key)).order_by(func.min(Notice.id))).all()


def may_go(now: Any) -> Sequence[Any]:
    """The conditions that a notice waits, and has waited long enough."""
    return _WAITING, col(Notice.wait_until) <= now


def waiting_for(session: Session, recipient_key: str) -> Sequence[Notice]:
    """What waits for one person, oldest first."""
    statement = select(Notice).where(_WAITING, col(Notice.recipient_key) == recipient_key)
    return session.exec(statement.order_by(col(Notice.id))).all()


def lock_waiting(session: Session, recipient_key: str) -> Sequence[Notice]:
    """The same, locked: whoever comes second waits, and then finds what the first one left."""
    statement = select(Notice).where(_WAITING, col(Notice.recipient_key) == recipient_key)
    statement = statement.order_by(col(Notice.id)).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).all()


def of_families_still_open(session: Session, waiting: Collection[Notice]) -> frozenset[int]:
    """Of the ends of alerts that wait for one person: those with a like alert open for another child of the contact.

    Only what that person was told counts: who never heard of the sibling's alert waits for nothing.
    """
    ends = [one for one in waiting if one.kind == MessageKind.ALERT_CLOSED]
    if not ends:
        return frozenset()
    closed, other, told = _CLOSED, _OTHER, _TOLD
    statement = (
        select(Notice.id)
        .join(closed, col(closed.id) == col(Notice.alert_id))
        .join(other, (col(other.contact_id) == col(closed.contact_id)) & (col(other.kind) == col(closed.kind)))
        .join(told, (col(told.alert_id) == col(other.id)) & (col(told.recipient_key) == col(Notice.recipient_key)))
        .where(col(Notice.id).in_([one.id for one in ends]), col(other.closed_at).is_(None))
    )
    return frozenset(number or 0 for number in session.exec(statement))


def next_wait(session: Session, *, after: datetime) -> datetime | None:
    """The next moment after ``after`` at which a notice may go, or None."""
    return session.exec(select(func.min(Notice.wait_until)).where(_WAITING, col(Notice.wait_until) > after)).one()


def last_bundled_at(session: Session, recipient_key: str) -> datetime | None:
    """When this person last got a message of notices that could wait, or None."""
    statement = select(Notice.bundled_at).where(
        col(Notice.recipient_key) == recipient_key,
        col(Notice.bundled_at).is_not(None),
        col(Notice.priority) > 0,
        col(Notice.alone).is_(False),
    )
    return session.exec(statement.order_by(col(Notice.bundled_at).desc()).limit(1)).first()


def put_into(session: Session, notice_ids: Sequence[int], *, message_id: int, now: datetime) -> None:
    """Writes down in which message notices went, which are locked."""
    for start in range(0, len(notice_ids), _CHUNK):
        some = notice_ids[start : start + _CHUNK]
        statement = update(Notice).where(col(Notice.id).in_(some)).values(message_id=message_id, bundled_at=now)
        session.execute(statement.execution_options(synchronize_session=False))


def hold(session: Session, recipient_key: str, *, until: datetime) -> None:
    """Lets what waits for one person wait until a moment, or go at once where that is now."""
    statement = update(Notice).where(_WAITING, col(Notice.recipient_key) == recipient_key)
    session.execute(statement.values(wait_until=until).execution_options(synchronize_session=False))


def over(session: Session, waiting: Collection[Notice]) -> frozenset[str]:
    """The subjects of those notices whose alert is closed by now, or whose duty is no longer owed."""
    closed: set[int | None] = set()
    for some in _chunks(one.alert_id for one in waiting):
        statement = select(Alert.id).where(col(Alert.id).in_(some), col(Alert.closed_at).is_not(None))
        closed.update(number for number in session.exec(statement))
    stopped: set[int | None] = set()
    for some in _chunks(one.clock_id for one in waiting):
        statement = select(Clock.id).where(col(Clock.id).in_(some), col(Clock.state) != ClockState.RUNNING)
        stopped.update(number for number in session.exec(statement))
    return frozenset(one.subject_key for one in waiting if one.alert_id in closed or one.clock_id in stopped)


def _chunks(numbers: Iterable[int | None]) -> Iterator[Sequence[int]]:
    wanted = sorted({number for number in numbers if number is not None})
    return (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))


def wanting_digest(session: Session) -> Sequence[User]:
    """Everybody active who gets a digest."""
    return session.exec(select(User).where(*wants_digest())).all()


def wants_digest() -> Sequence[Any]:
    """The conditions that somebody active gets a digest."""
    return col(User.digest_at).is_not(None), col(User.active)


def digest_owed(today: Any) -> Any:
    """The condition that somebody's digest of a day is not done with."""
    return or_(col(User.digest_on).is_(None), col(User.digest_on) < today)
