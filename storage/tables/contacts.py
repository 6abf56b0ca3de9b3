"""A contact: everything that arrives at the front door about one or more children, in one entry."""

from __future__ import annotations

from datetime import datetime

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
