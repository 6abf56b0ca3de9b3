"""Who has messages on their way, and whether they are alive."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, and_, bindparam, delete, literal, or_
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from rules.messages import MessageState
from storage.tables import Heartbeat, Message

HOLDER = "holder:"
ALIVE = timedelta(seconds=30)
FORGOTTEN = timedelta(days=1)
_SENDING = col(Message.state) == bindparam(None, MessageState.SENDING.value, literal_execute=True)


def is_lost(now: datetime) -> ColumnElement[bool]:
    """Of messages on their way: those whose dispatcher has not beaten for half a minute, or whose lease is over."""
    beats = select(Heartbeat.name).where(
        col(Heartbeat.name) == literal(HOLDER).concat(col(Message.leased_by)), col(Heartbeat.beat_at) > now - ALIVE
    )
    silent = and_(col(Message.leased_by) != "", ~beats.correlate(Message).exists())
    return or_(col(Message.lease_until) <= now, silent)


def beat(session: Session, holder: str, *, now: datetime) -> None:
    """Writes down that a dispatcher with messages on their way is alive."""
    name = f"{HOLDER}{holder}"
    heartbeat = session.get(Heartbeat, name) or Heartbeat(name=name, beat_at=now)
    heartbeat.beat_at = now
    session.add(heartbeat)


def forget(session: Session, holder: str, *, now: datetime) -> None:
    """Takes out the heartbeat of a dispatcher that has nothing on its way any more, and those of long dead ones."""
    old = and_(col(Heartbeat.name).startswith(HOLDER), col(Heartbeat.beat_at) < now - FORGOTTEN)
    session.execute(delete(Heartbeat).where(or_(col(Heartbeat.name) == f"{HOLDER}{holder}", old)))


def holders(session: Session) -> Sequence[str]:
    """The names under which messages are on their way."""
    return session.exec(select(Message.leased_by).where(_SENDING, col(Message.leased_by) != "").distinct()).all()


def free(session: Session, some: Collection[str], *, now: datetime) -> int:
    """Lets the leases of these dispatchers, which are dead, end now; returns how many messages they had."""
    if not some:
        return 0
    of_them = select(Message).where(_SENDING, col(Message.leased_by).in_(some)).with_for_update()
    found = session.exec(of_them.options(defer(cast("QueryableAttribute[bytes]", Message.content)))).all()
    for message in found:
        message.lease_until = now
    return len(found)
