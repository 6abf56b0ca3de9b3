"""What was learnt after a contact was logged: who told it, by what channel, in what words, with which files."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from rules.file_words import FileKind
from storage.tables.base import one_of


class Information(SQLModel, table=True):
    """One piece of information about a contact. Never changed, never deleted.

    ``given_at`` is when it was given, ``recorded_at`` when it was put here. ``from_referrer``: the referrer gave it;
    ``answers``: what the referrer was asked for. ``bounce_id``: it came as an e-mail, which a person has accepted.
    """

    __tablename__ = "information"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    given_at: datetime
    from_whom: str
    from_referrer: bool = False
    channel: str
    text: str = ""
    answers: bool = False
    bounce_id: int | None = Field(default=None, foreign_key="bounce.id", index=True)
    recorded_at: datetime
    recorded_by: str


class AttachedFile(SQLModel, table=True):
    """One file that came with a piece of information, kept as it came; its kind is told by its content."""

    __tablename__ = "attached_file"
    __table_args__ = (one_of("kind", FileKind),)

    id: int | None = Field(default=None, primary_key=True)
    information_id: int = Field(foreign_key="information.id", index=True)
    name: str
    kind: str
    size: int
    sha256: str
    content: bytes


class DecisionQuestion(SQLModel, table=True):
    """Whether a decision stands after something was learnt: asked for each child decided by then, until answered."""

    __tablename__ = "decision_question"

    id: int | None = Field(default=None, primary_key=True)
    information_id: int = Field(foreign_key="information.id", index=True)
    referral_id: int = Field(foreign_key="referral.id", index=True)
    asked_at: datetime
    answered_at: datetime | None = None
    answered_by: str = ""
    stands: bool | None = None
    reason: str = ""


class ReceivedEmail(SQLModel, table=True):
    """The whole of an e-mail that may be information from a referrer, kept until a person says whether it is."""

    __tablename__ = "received_email"

    bounce_id: int = Field(foreign_key="bounce.id", primary_key=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    content: bytes
