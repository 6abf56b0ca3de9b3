"""What came back by e-mail, and how each was settled."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from rules.messages import BounceKind, Settlement
from storage.tables.base import one_of


class Bounce(SQLModel, table=True):
    """One e-mail that was received: ``received_at`` is when it was collected, ``reported_at`` what it says of itself.

    ``sha256`` is the hash of its content, so that it is recorded once however often it is collected. ``message_id`` is
    the message of ours whose Message-ID it bears; ``because`` says how it was understood.
    """

    __tablename__ = "bounce"
    __table_args__ = (one_of("kind", BounceKind),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    received_at: datetime
    reported_at: datetime | None = None
    kind: str
    message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    sender: str = ""
    subject: str = ""
    recipient: str = ""
    status: str = ""
    diagnostic: str = ""
    excerpt: str = ""
    because: str = ""


class BounceSettlement(SQLModel, table=True):
    """How a bounce was settled, by the program itself or by a person; one without waits for a person."""

    __tablename__ = "bounce_settlement"
    __table_args__ = (one_of("how", Settlement),)

    bounce_id: int = Field(foreign_key="bounce.id", primary_key=True)
    how: str
    settled_at: datetime
    settled_by: str
    letter_id: int | None = Field(default=None, foreign_key="letter.id", index=True)
    note: str = ""
