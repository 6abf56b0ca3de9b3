"""The outbox: what is due, what a dispatcher has taken and lost, and what was said about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, bindparam, false, insert, true, update
from sqlalchemy import select as sa_select
from sqlalchemy.orm import QueryableAttribute, defer
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from rules.errors import NotFound
from rules.messages import MessageState
from storage.queries import hold_rows
from storage.queries.hold_rows import Held
from storage.queries.letters import holder_rows
from storage.tables import Contact, Letter, Message, MessageAttempt, id_of
from storage.tables.base import INSERT

# Spelled out in the statement: a partial index is not used for a state that only comes as a parameter.
_QUEUED = col(Message.state) == bindparam(None, MessageState.QUEUED.value, literal_execute=True)
_SENDING = col(Message.state) == bindparam(None, MessageState.SENDING.value, literal_execute=True)
# What an answer can change in a message.
CHANGING = (
    "state",
    "attempts",
    "lease_until",
    "leased_by",
    "next_attempt_at",
    "handed_over_at",
    "last_answer",
    "perhaps_twice",
)
_CHANGE = update(Message).where(col(Message.id) == bindparam("of")).values({name: bindparam(name) for name in CHANGING})


class Waiting(NamedTuple):
    """What a dispatcher needs of a message that it takes."""

    id: int
    state: str
    priority: int
    next_attempt_at: datetime
    message_id: str
    recipient_address: str
    content: bytes
    letter_id: int | None
    delivery: str
    perhaps_twice: bool


_WAITING = sa_select(*(getattr(Message, name) for name in Waiting._fields))


def add_once(session: Session, message: Message) -> Message:
    """Writes a message; where another has its key, also one that is written at this moment, that one is returned."""
    given = {name: value for name, value in message.model_dump().items() if name != "id"}
    insert_into: Any = INSERT[session.get_bind().dialect.name](Message)
    statement = insert_into.on_conflict_do_nothing(index_elements=["dedup_key"]).returning(Message)
    added = session.scalars(statement, given).one_or_none()
    return added or session.exec(select(Message).where(col(Message.dedup_key) == message.dedup_key)).one()


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


def may_go(session: Session) -> ColumnElement[bool]:
    """Which messages may leave at all: while the clock is in doubt what tells of that, and none of a copy."""
    held = hold_rows.held(session)
    told = col(Message.dedup_key).startswith(hold_rows.DOUBT_MESSAGE)
    return {Held.NOT: true(), Held.DOUBT: told, Held.COPY: false()}[held]


def anything_due(session: Session, *, now: datetime) -> bool:
    """True when a dispatcher would find work."""
    going = may_go(session)
    queued = select(Message.id).where(_QUEUED, going, col(Message.next_attempt_at) <= now).limit(1)
    lost = select(Message.id).where(_SENDING, going, holder_rows.is_lost(now)).limit(1)
    return session.exec(queued).first() is not None or session.exec(lost).first() is not None


def due(session: Session, *, now: datetime, limit: int, going: ColumnElement[bool]) -> Sequence[Waiting]:
    """Queued messages whose time has come, urgent first, then oldest, locked; what others have locked is left out."""
    return _waiting(
        session,
        _WAITING.where(_QUEUED, going, col(Message.next_attempt_at) <= now)
        .order_by(col(Message.priority), col(Message.next_attempt_at), col(Message.id))
        .limit(limit),
    )


def lost(session: Session, *, now: datetime, limit: int, going: ColumnElement[bool]) -> Sequence[Waiting]:
    """Messages whose dispatcher stopped before it recorded an answer: its heartbeat is old, or the lease is over.

    Locked, oldest first.
    """
    return _waiting(
        session,
        _WAITING.where(_SENDING, going, holder_rows.is_lost(now))
        .order_by(col(Message.lease_until), col(Message.id))
        .limit(limit),
    )


def _waiting(session: Session, statement: Select[Any]) -> Sequence[Waiting]:
    return [Waiting(*row) for row in session.execute(statement.with_for_update(skip_locked=True))]


def take(session: Session, message_ids: Collection[int], *, lease_until: datetime, by: str) -> None:
    """Write down that the dispatcher ``by`` has the messages, which it has locked."""
    session.execute(
        update(Message)
        .where(col(Message.id).in_(message_ids))
        .values(state=MessageState.SENDING.value, lease_until=lease_until, leased_by=by)
        .execution_options(synchronize_session=False)
    )


def write(session: Session, changes: Sequence[tuple[Message, Mapping[str, object]]]) -> None:
    """Change locked messages, a hundred as fast as one: by two statements, beside the session's own bookkeeping."""
    if not changes:
        return
    rows = [{name: given.get(name, getattr(row, name)) for name in CHANGING} for row, given in changes]
    session.connection().execute(_CHANGE, [{"of": row.id} | new for (row, _), new in zip(changes, rows, strict=True)])
    for row, given in changes:
        for name, value in given.items():
            set_committed_value(row, name, value)


def add_attempts(session: Session, attempts: Sequence[Mapping[str, object]]) -> None:
    """Write attempts down, all by one statement."""
    if attempts:
        # With RETURNING they go as one statement of many rows, without it as many statements.
        session.connection().execute(insert(MessageAttempt).returning(col(MessageAttempt.id)), attempts)


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
