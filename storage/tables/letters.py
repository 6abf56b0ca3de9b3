"""Letters to referrers, exactly as written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from rules.messages import Delivery, MessageKind, Returned
from storage.tables.base import one_of, partial_index


class Letter(SQLModel, table=True):
    """The exact text to one referrer, with its hash and template version. Never rendered again, never changed.

    ``delivery`` is how it is meant to leave: by e-mail, or by post where no e-mail can be sent.
    ``waits_until``: for the grace of a decision that it tells it must not leave before; None where it need not wait.
    """

    __tablename__ = "letter"
    __table_args__ = (
        one_of("kind", MessageKind),
        one_of("delivery", Delivery),
        UniqueConstraint("contact_id", "kind", "number"),
        partial_index("ix_letter_on_paper", "id", where="delivery <> 'email' AND recipient_address <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    kind: str
    number: int = 1
    delivery: str
    recipient_name: str
    recipient_address: str
    subject: str
    text: str
    html: str
    sha256: str
    template_version: str
    written_at: datetime
    waits_until: datetime | None = None


class LetterReferral(SQLModel, table=True):
    """One child that one letter names."""

    __tablename__ = "letter_referral"

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    referral_id: int = Field(foreign_key="referral.id", primary_key=True, index=True)


class Handover(SQLModel, table=True):
    """A letter left the building: a mail server accepted it, or somebody posted it or gave it by hand."""

    __tablename__ = "handover"
    __table_args__ = (one_of("delivery", Delivery),)

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    delivery: str
    handed_over_at: datetime
    recorded_at: datetime
    recorded_by: str
    note: str = ""


class LetterCancellation(SQLModel, table=True):
    """A letter that had not left was stopped: it tells nobody, and whoever it named is written about anew when due."""

    __tablename__ = "letter_cancellation"

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    cancelled_at: datetime
    cancelled_by: str
    because: str


class PrintBatch(SQLModel, table=True):
    """Letters that were printed together: when, and by whom."""

    __tablename__ = "print_batch"

    id: int | None = Field(default=None, primary_key=True)
    printed_at: datetime
    printed_by: str


class LetterPrint(SQLModel, table=True):
    """One letter of a batch, with the lines of its envelope as they were printed."""

    __tablename__ = "letter_print"

    batch_id: int = Field(foreign_key="print_batch.id", primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", primary_key=True, index=True)
    address: str


class LetterReturn(SQLModel, table=True):
    """A letter came back after it was handed over: that handover told nobody, and the duty is owed again."""

    __tablename__ = "letter_return"
    __table_args__ = (one_of("how", Returned),)

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    handover_id: int = Field(foreign_key="handover.id", unique=True)
    how: str
    returned_at: datetime
    recorded_at: datetime
    recorded_by: str
    note: str = ""


class LetterExcuse(SQLModel, table=True):
    """A manager recorded why a letter can't be sent: it is owed no more, unless an address is found after all."""

    __tablename__ = "letter_excuse"

    letter_id: int = Field(foreign_key="letter.id", primary_key=True)
    excused_at: datetime
    excused_by: str
    reason: str
