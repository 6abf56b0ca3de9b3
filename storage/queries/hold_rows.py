"""What holds Pathway back from acting: a clock in doubt, or a database that is a copy; and what waits for its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum

from sqlalchemy import exists, update
from sqlmodel import Session, col, func, select

from rules.messages import MessageKind, MessageState
from rules.vocabulary import EventKind
from storage.tables import Alert, Clock, ClockDoubt, Event, Heartbeat, Installation, Letter, Message, Notice, Referral

# What says that the clock is in doubt goes although everything else is held: its key begins so.
DOUBT_MESSAGE = "clock in doubt:"
_HOLDER = "holder:"
COPIED = exists().where(col(Installation.copied_because) != "")
DOUBTED = exists().where(col(ClockDoubt.ended_at).is_(None))
BEHIND = (col(ClockDoubt.ended_at).is_not(None), col(ClockDoubt.caught_up_at).is_(None))
"""Of doubts: those that have ended, and whose work has not been caught up yet."""


class Held(Enum):
    """Whether Pathway may act, and where it may not, why."""

    NOT = "not held"
    DOUBT = "the clock is in doubt"
    COPY = "the database is a copy"


def doubt(session: Session) -> ClockDoubt | None:
    """The doubt that is open, or None."""
    return session.exec(select(ClockDoubt).where(col(ClockDoubt.ended_at).is_(None))).one_or_none()


def lock_doubt(session: Session) -> ClockDoubt | None:
    """The same, locked and read anew."""
    statement = select(ClockDoubt).where(col(ClockDoubt.ended_at).is_(None)).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def latest_doubt(session: Session) -> ClockDoubt | None:
    """The last doubt, whether it has ended or not."""
    return session.exec(select(ClockDoubt).order_by(col(ClockDoubt.id).desc()).limit(1)).one_or_none()


def behind(session: Session) -> Sequence[ClockDoubt]:
    """Doubts that have ended, and whose work has not been caught up yet; oldest first."""
    return session.exec(select(ClockDoubt).where(*BEHIND).order_by(col(ClockDoubt.id))).all()


def copy(session: Session) -> Installation | None:
    """The installation where its database is taken for a copy, else None."""
    return session.exec(select(Installation).where(col(Installation.copied_because) != "")).one_or_none()


def held(session: Session) -> Held:
    """Whether anything may be judged, told, sent or collected; a copy is the graver reason."""
    is_copy, in_doubt = session.exec(select(COPIED, DOUBTED)).one()
    return why_held(is_copy=is_copy, in_doubt=in_doubt)


def why_held(*, is_copy: bool, in_doubt: bool) -> Held:
    """What these two come to: a copy is the graver reason."""
    return Held.COPY if is_copy else Held.DOUBT if in_doubt else Held.NOT


def last_beat(session: Session) -> datetime | None:
    """The latest heartbeat of the sweep and of whoever sends; None where there has been none."""
    statement = select(func.max(Heartbeat.beat_at)).where(~col(Heartbeat.name).startswith(_HOLDER))
    return session.exec(statement).one()


def last_event_id(session: Session) -> int:
    """The number of the last event of the history, 0 where there is none."""
    return session.exec(select(func.max(Event.id))).one() or 0


def contacts_since(session: Session, event_id: int) -> Sequence[int]:
    """The contacts about which something was recorded after that event."""
    later = select(Event.contact_id).where(col(Event.id) > event_id, col(Event.contact_id).is_not(None))
    return [number for number in session.exec(later.distinct().order_by(col(Event.contact_id))) if number is not None]


def is_unacknowledged(session: Session, contact_id: int, *, logged_after: int) -> bool:
    """True where the contact was logged after that event, and no acknowledgement of it has been written."""
    received = col(Event.contact_id) == contact_id, col(Event.kind) == EventKind.RECEIVED
    first = session.exec(select(func.min(Event.id)).where(*received)).one()
    written = col(Letter.contact_id) == contact_id, col(Letter.kind) == MessageKind.ACKNOWLEDGEMENT
    return (
        first is not None and first > logged_after and session.exec(select(Letter.id).where(*written)).first() is None
    )


def bring_back(session: Session, *, now: datetime) -> None:
    """Lets nothing wait for a moment that a wrong clock set ahead of now."""
    beats = update(Heartbeat).where(col(Heartbeat.beat_at) > now)
    session.execute(beats.values(beat_at=now))
    waiting = (col(Message.state) == MessageState.QUEUED, col(Message.created_at) > now)
    session.execute(update(Message).where(*waiting).values(next_attempt_at=now))
    leased = (col(Message.state) == MessageState.SENDING, col(Message.created_at) > now)
    session.execute(update(Message).where(*leased).values(lease_until=now))
    untold = (col(Notice.message_id).is_(None), col(Notice.created_at) > now)
    session.execute(update(Notice).where(*untold).values(wait_until=now))
    ahead = (col(Alert.closed_at).is_(None), col(Alert.opened_at) > now)
    session.execute(update(Alert).where(*ahead).values(next_at=now, anchor_at=now))
    started = (col(Clock.attention_at).is_not(None), col(Clock.started_at) > now)
    session.execute(update(Clock).where(*started).values(attention_at=now))
    decided = (col(Referral.grace_until).is_not(None), col(Referral.decided_at) > now)
    session.execute(update(Referral).where(*decided).values(grace_until=now))
