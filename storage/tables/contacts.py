"""A contact: everything that arrives at the front door about one or more children, in one entry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rules.vocabulary import ReferrerKind
from storage.tables.base import one_of, partial_index


class Contact(SQLModel, table=True):
    """Who said what, when. ``received_at`` starts the clocks; ``recorded_at`` is when it was typed in.

    ``kind`` is a kind of contact of the book, which says what checks it needs; empty: none was chosen.
    ``identity_protected``: the referrer's name stays off every page but for those with the right to see it.
    The row is also the lock under which all referrals of the contact change (see ``storage.queries.lock_contact``).
    """

    __tablename__ = "contact"
    __table_args__ = (
        one_of("referrer_kind", ReferrerKind),
        partial_index("ix_contact_request_id", "request_id", where="request_id IS NOT NULL", unique=True),
        partial_index("ix_contact_address_known", "id", where="referrer_address <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    request_id: str | None = None
    received_at: datetime = Field(index=True)
    recorded_at: datetime
    recorded_by: str
    late_recording_reason: str = ""
    channel: str
    source_code: str
    referrer_kind: str
    referrer_name: str = ""
    referrer_agency: str = ""
    referrer_role: str = ""
    referrer_phone: str = ""
    referrer_email: str = ""
    referrer_email_as_typed: str = ""
    referrer_address: str = ""
    anonymous: bool = False
    unsafe_to_contact: bool = False
    immediate_danger: bool = False
    identity_protected: bool = False
    kind: str = ""
    concern_facts: str
    professional_opinion: str = ""
    consent: str = ""
    imported: bool = False
    import_sha256: str = ""


class OutsideContact(SQLModel, table=True):
    """What is known of a contact that came by the form for professionals, beside the contact itself.

    ``email`` is the address as typed; until ``confirmed_at`` only the receipt goes there. ``code`` names the contact in
    the link that confirms it, where it is signed, until ``expires_at``. ``sent_sha256`` is a hash of what was sent, by
    which a second click is told from a second contact. ``receipt_failed`` is what a mail server said of the receipt.
    Until ``taken_over_at`` it is to be checked in.
    """

    __tablename__ = "outside_contact"
    __table_args__ = (partial_index("ix_outside_contact_to_check_in", "contact_id", where="taken_over_at IS NULL"),)

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    email: str
    code: str = Field(unique=True)
    sent_sha256: str
    expires_at: datetime
    confirmed_at: datetime | None = None
    receipt_failed: str = ""
    taken_over_at: datetime | None = None
    taken_over_by: str = ""


class OutsideTry(SQLModel, table=True):
    """Somebody outside did something that is counted, such as sending a form; ``key_sha256`` is what it is counted by.

    Rows are forgotten after a day.
    """

    __tablename__ = "outside_try"
    __table_args__ = (Index("ix_outside_try_key_sha256_at", "key_sha256", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key_sha256: str
    at: datetime = Field(index=True)
