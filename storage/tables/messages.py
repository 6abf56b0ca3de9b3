"""The outbox: every e-mail, written in the transaction of its fact, and what GOV.UK Notify said of what it took."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from rules.messages import Delivery, MessageKind, MessageState
from storage.tables.base import one_of, partial_index


class Message(SQLModel, table=True):
    """One message to one recipient. ``content`` is the whole MIME message, fixed when the row is written.

    With ``delivery`` by post it is a letter that somebody else prints: its PDF, and the lines of its envelope.
    ``dedup_key`` makes writing repeatable. ``priority`` 0 is urgent. ``lease_until`` is set while a dispatcher has it.
    ``perhaps_twice``: an answer of the mail server was lost once, so that it may arrive twice; it stays true.
    """

    __tablename__ = "message"
    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("state", MessageState),
        one_of("delivery", Delivery),
        partial_index("ix_message_queued", "priority", "next_attempt_at", "id", where="state = 'queued'"),
        partial_index("ix_message_leased", "lease_until", where="state = 'sending'"),
        Index("ix_message_state", "state", "id"),
        Index("ix_message_kind", "kind", "id", "state"),
        Index("ix_message_twice", "id", sqlite_where=text("perhaps_twice = 1"), postgresql_where=text("perhaps_twice")),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    state: str
    dedup_key: str = Field(unique=True)
    message_id: str = Field(unique=True)
    recipient_name: str
    recipient_address: str
    subject: str
    content: bytes
    priority: int = 5
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    alert_id: int | None = Field(default=None, foreign_key="alert.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    created_at: datetime
    next_attempt_at: datetime
    attempts: int = 0
    lease_until: datetime | None = None
    leased_by: str = ""
    handed_over_at: datetime | None = None
    last_answer: str = ""
    perhaps_twice: bool = False
    delivery: str = Delivery.EMAIL


class MessageAttempt(SQLModel, table=True):
    """One attempt to hand a message over to ``server`` (host and port), and its reply.

    ``perhaps_taken``: no answer came, although the server may have had the whole message. ``provider_id`` is the name
    that GOV.UK Notify gave to what it accepted.
    """

    __tablename__ = "message_attempt"
    __table_args__ = (partial_index("ix_message_attempt_provider", "provider_id", where="provider_id <> ''"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    attempted_at: datetime
    answer: str
    accepted: bool
    final: bool
    perhaps_taken: bool = False
    server: str = ""
    provider_id: str = ""


class NotifyStatus(SQLModel, table=True):
    """One status of what was accepted at ``attempt_id``, in GOV.UK Notify's own word.

    ``said_at`` is the moment that it gave, or that of hearing it where it gave none. After one that ``is_final`` there
    is no other.
    """

    __tablename__ = "notify_status"
    __table_args__ = (UniqueConstraint("attempt_id", "status"),)

    id: int | None = Field(default=None, primary_key=True)
    attempt_id: int = Field(foreign_key="message_attempt.id", index=True)
    status: str
    is_final: bool
    said_at: datetime
    recorded_at: datetime
