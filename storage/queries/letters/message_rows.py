"""The outbox as people see it: what waits, what was refused, what may have arrived twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import case
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from rules.messages import LETTERS, MessageKind, MessageState
from storage.queries import contact_rows, sought
from storage.tables import Alert, Contact, Message, Referral

LARGEST = 2**31 - 1
UNDERWAY = (MessageState.QUEUED, MessageState.SENDING)
ABOUT_CHILDREN = frozenset({*LETTERS, MessageKind.ONWARD, MessageKind.RECEIPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages somebody wants to see; an empty field asks for nothing.

    ``before``: written before this moment and still waiting. ``unread``: kinds whose recipients must not be searched,
    nor those of contacts about the children ``closed``.
    """

    state: str = ""
    kind: str = ""
    words: str = ""
    before: datetime | None = None
    perhaps_twice: bool = False
    sees_protected: bool = False
    unread: Collection[str] = ()
    closed: Collection[int] = ()


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


def lines(session: Session, wanted: Wanted, *, offset: int, limit: int) -> tuple[Sequence[MessageLine], int]:
    """A page of messages and how many there are: what waits first, urgent and oldest first, then the newest."""
    statement = _joined().where(*_filters(wanted))
    count = session.exec(
        select(func.count()).select_from(statement.with_only_columns(col(Message.id)).subquery())
    ).one()
    waiting = col(Message.state).in_(UNDERWAY)
    order = (
        case((waiting, 0), else_=1),
        case((waiting, col(Message.priority)), else_=0),
        case((waiting, col(Message.id)), else_=0),
        col(Message.id).desc(),
    )
    return _lines(session, session.exec(statement.order_by(*order).offset(offset).limit(limit)).all()), count


def counts(session: Session) -> Mapping[str, int]:
    """How many messages are in each state."""
    found = dict(session.exec(select(Message.state, func.count()).group_by(col(Message.state))).all())
    return {state.value: found.get(state.value, 0) for state in MessageState}


def _filters(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.state:
        found.append(col(Message.state) == wanted.state)
    if wanted.kind:
        found.append(col(Message.kind) == wanted.kind)
    if wanted.before is not None:
        found += [col(Message.state).in_(UNDERWAY), col(Message.created_at) <= wanted.before]
    if wanted.perhaps_twice:
        found.append(col(Message.perhaps_twice))
    return found + [_holds(word, wanted) for word in sought.words(wanted.words)]


def _holds(word: str, wanted: Wanted) -> Any:
    of_recipient = sought.holds(word, Message.recipient_name, Message.recipient_address)
    if wanted.unread:
        of_recipient = of_recipient & col(Message.kind).not_in(wanted.unread)
    if wanted.closed:
        theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(wanted.closed))
        of_recipient = of_recipient & func.coalesce(Message.contact_id, 0).not_in(theirs)
    if not wanted.sees_protected:
        of_recipient = of_recipient & func.coalesce(Contact.identity_protected, False).is_(False)
    return or_(col(Contact.ref).icontains(word, autoescape=True), of_recipient)


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
