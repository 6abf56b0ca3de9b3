"""The messages of the outbox as people see them: each with what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, func, select

from rules.errors import NotFound
from rules.messages import LETTERS, MessageKind, MessageState
from storage.queries import contact_rows
from storage.tables import Alert, Contact, Message

LARGEST = 2**31 - 1
UNDERWAY = (MessageState.QUEUED, MessageState.SENDING)
ABOUT_CHILDREN = frozenset({*LETTERS, MessageKind.ONWARD, MessageKind.RECEIPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message, the contact that it is about, and the children of that contact."""

    message: Message
    contact: Contact | None
    children: frozenset[int] = frozenset()


def find(session: Session, message_id: int) -> Message:
    """One message. Raises NotFound."""
    message = session.get(Message, min(message_id, LARGEST))
    if message is None:
        raise NotFound(f"There is no message {message_id}; open the outbox again.")
    return message


def one(session: Session, message_id: int) -> MessageLine:
    """One message with what it is about. Raises NotFound."""
    row = session.exec(_joined().where(col(Message.id) == min(message_id, LARGEST))).one_or_none()
    if row is None:
        raise NotFound(f"There is no message {message_id}; open the outbox again.")
    return _lines(session, [row])[0]


def among(session: Session, message_ids: Sequence[int]) -> Sequence[MessageLine]:
    """The lines of these messages, in the same order."""
    found = session.exec(_joined().where(col(Message.id).in_(message_ids))).all()
    rows = {message.id: (message, contact) for message, contact in found}
    return _lines(session, [rows[number] for number in message_ids])


def counts(session: Session) -> Mapping[str, int]:
    """How many messages are in each state."""
    found = dict(session.exec(select(Message.state, func.count()).group_by(col(Message.state))).all())
    return {state.value: found.get(state.value, 0) for state in MessageState}


def _joined() -> Any:
    about = func.coalesce(Message.contact_id, Alert.contact_id)
    return (
        select(Message, Contact)
        .outerjoin(Alert, col(Alert.id) == col(Message.alert_id))
        .outerjoin(Contact, col(Contact.id) == about)
        .options(defer(cast("QueryableAttribute[bytes]", Message.content)))
    )


def _lines(session: Session, rows: Sequence[tuple[Message, Contact | None]]) -> Sequence[MessageLine]:
    ids = {contact.id for _, contact in rows if contact is not None and contact.id is not None}
    children = contact_rows.children_of(session, ids)
    return [
        MessageLine(
            message=message,
            contact=contact,
            children=children.get(contact.id or 0, frozenset()) if contact else frozenset(),
        )
        for message, contact in rows
    ]
