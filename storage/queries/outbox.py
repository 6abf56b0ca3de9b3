"""The outbox: what is due, what a dispatcher has taken and lost, and what was said about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from rules.errors import NotFound
from rules.vocabulary import MessageState
from storage.tables import Contact, Letter, Message, MessageAttempt, id_of

# Spelled out in the statement: a partial index is not used for a state that only comes as a parameter.
_QUEUED = col(Message.state) == bindparam(None, MessageState.QUEUED.value, literal_execute=True)
_SENDING = col(Message.state) == bindparam(None, MessageState.SENDING.value, literal_execute=True)


def by_dedup_key(session: Session, dedup_key: str) -> Message | None:
    """The message that was written under this key, or None."""
    return session.exec(select(Message).where(col(Message.dedup_key) == dedup_key)).one_or_none()


def lock(session: Session, message_id: int) -> Message:
    """The message, locked until the transaction ends. Raises NotFound."""
    statement = select(Message).where(col(Message.id) == message_id).with_for_update()
    message = session.exec(statement.execution_options(populate_existing=True)).one_or_none()
    if message is None:
        raise NotFound(f"There is no message {message_id}; open the outbox again.")
    return message


def lock_all(session: Session, message_ids: Collection[int]) -> Mapping[int, Message]:
    """The messages by their ids, locked until the transaction ends, without their content. Raises NotFound."""
    statement = (
        select(Message)
        .where(col(Message.id).in_(message_ids))
        .order_by(col(Message.id))
        .options(defer(cast("QueryableAttribute[bytes]", Message.content)))
        .with_for_update()
    )
    found = session.exec(statement.execution_options(populate_existing=True)).all()
    rows = {id_of(message): message for message in found}
    for missing in set(message_ids) - rows.keys():
        raise NotFound(f"There is no message {missing}; open the outbox again.")
    return rows


def lock_contacts_of(session: Session, letter_ids: Collection[int]) -> None:
    """Lock the contacts of letters, in the order of their ids, until the transaction ends."""
    of_letters = select(Letter.contact_id).where(col(Letter.id).in_(letter_ids))
    session.exec(select(Contact.id).where(col(Contact.id).in_(of_letters)).order_by(col(Contact.id)).with_for_update())


def anything_due(session: Session, *, now: datetime) -> bool:
    """True when a dispatcher would find work."""
    queued = select(Message.id).where(_QUEUED, col(Message.next_attempt_at) <= now).limit(1)
    lost = select(Message.id).where(_SENDING, col(Message.lease_until) <= now).limit(1)
    return session.exec(queued).first() is not None or session.exec(lost).first() is not None


def due(session: Session, *, now: datetime, limit: int) -> Sequence[Message]:
    """Queued messages whose time has come, urgent first, then oldest, locked; what others have locked is left out."""
    statement = (
        select(Message)
        .where(_QUEUED, col(Message.next_attempt_at) <= now)
        .order_by(col(Message.priority), col(Message.next_attempt_at), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.exec(statement).all()


def lost(session: Session, *, now: datetime, limit: int) -> Sequence[Message]:
    """Messages whose lease has run out: their dispatcher stopped before it recorded an answer. Locked, oldest first."""
    statement = (
        select(Message)
        .where(_SENDING, col(Message.lease_until) <= now)
        .order_by(col(Message.lease_until), col(Message.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return session.exec(statement).all()


def held(session: Session, message_ids: Collection[int], *, by: str) -> Sequence[Message]:
    """Those of the messages that the dispatcher ``by`` still has, locked."""
    statement = (
        select(Message)
        .where(col(Message.id).in_(message_ids), _SENDING, col(Message.leased_by) == by)
        .order_by(col(Message.id))
        .with_for_update()
    )
    return session.exec(statement).all()


def attempts(session: Session, message_id: int) -> Sequence[MessageAttempt]:
    """Every attempt to hand a message over, oldest first."""
    statement = (
        select(MessageAttempt).where(col(MessageAttempt.message_id) == message_id).order_by(col(MessageAttempt.id))
    )
    return session.exec(statement).all()


def accepted_attempt(session: Session, message_id: int) -> MessageAttempt | None:
    """The attempt at which a mail server took the message, or None."""
    statement = (
        select(MessageAttempt)
        .where(col(MessageAttempt.message_id) == message_id, col(MessageAttempt.accepted))
        .order_by(col(MessageAttempt.id))
        .limit(1)
    )
    return session.exec(statement).one_or_none()
