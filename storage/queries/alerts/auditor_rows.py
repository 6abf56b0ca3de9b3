"""What the auditor looks for, all asked in one statement: it asks every five seconds, and mostly there is nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import String, bindparam, cast, literal
from sqlmodel import Session, col, func, or_, select

from rules.messages import MessageState
from rules.vocabulary import AlertKind, ClockState
from storage.queries.staff import held_rows
from storage.tables import Alert, Clock, Heartbeat, Message, RungTaken

_NOW: Any = bindparam("now")
_LATE: Any = bindparam("late")
_STUCK: Any = bindparam("stuck")
_DISPATCH: Any = bindparam("dispatch")


class Found(NamedTuple):
    """What should never be.

    ``forgotten``: a watched clock ran out, nobody was told, and no sweep is about to look. ``untold``: open alerts that
    have gone up their whole ladder without reaching anybody. ``unsent``: messages that should have gone, and ``since``
    when the oldest. ``unreturned``: messages that a dispatcher took and never gave back. ``dispatched_at``: when
    somebody last sent. ``unheld``: children held by a worker who no longer works here.
    """

    forgotten: int | None
    untold: int
    unsent: int
    since: datetime | None
    unreturned: int
    dispatched_at: datetime | None
    unheld: int


def _forgotten() -> Any:
    return select(Clock.id).where(
        col(Clock.state) == ClockState.RUNNING,
        col(Clock.watched),
        col(Clock.due_at) < _LATE,
        col(Clock.breach_recorded_at).is_(None),
        or_(col(Clock.attention_at).is_(None), col(Clock.attention_at) > _NOW),
        col(Clock.failures) == 0,
    )


def _untold() -> Any:
    owner = literal("alert:").concat(cast(col(Alert.id), String))
    reached = select(RungTaken.id).where(col(RungTaken.owner_key) == owner, col(RungTaken.people_told) != "")
    return select(func.count(col(Alert.id))).where(
        col(Alert.closed_at).is_(None),
        col(Alert.next_at).is_(None),
        col(Alert.kind) != AlertKind.SYSTEM,
        ~reached.exists(),
    )


def _question() -> Any:
    queued = col(Message.state) == MessageState.QUEUED, col(Message.next_attempt_at) < _STUCK
    taken = col(Message.state) == MessageState.SENDING, col(Message.lease_until) < _STUCK
    asked = {
        "forgotten": _forgotten().limit(1),
        "untold": _untold(),
        "unsent": select(func.count(col(Message.id))).where(*queued),
        "since": select(func.min(Message.next_attempt_at)).where(*queued),
        "unreturned": select(func.count(col(Message.id))).where(*taken),
        "dispatched_at": select(Heartbeat.beat_at).where(col(Heartbeat.name) == _DISPATCH),
        "unheld": held_rows.WITHOUT_HOLDER,
    }
    return select(*(asked[name].scalar_subquery().label(name) for name in Found._fields))


_QUESTION = _question()


def found(session: Session, *, now: datetime, late: datetime, stuck: datetime, dispatch: str) -> Found:
    """Clocks that ran out before ``late``, messages due before ``stuck``; ``dispatch``: whose heartbeat."""
    given = {"now": now, "late": late, "stuck": stuck, "dispatch": dispatch}
    return Found(*session.execute(_QUESTION, given).one())
