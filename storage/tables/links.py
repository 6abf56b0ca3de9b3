"""Links to letters for referrers whose e-mail is not secure, and everybody who tried to open one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from rules.messages import LinkTry
from storage.tables.base import one_of, partial_index


class LetterLink(SQLModel, table=True):
    """One link to one letter, sent to one address. ``code`` names it in the link, where it is signed.

    ``unopened_at``: when somebody must be told that nobody has opened it; None once it was opened, withdrawn or told.
    """

    __tablename__ = "letter_link"
    __table_args__ = (partial_index("ix_letter_link_unopened", "unopened_at", where="unopened_at IS NOT NULL"),)

    id: int | None = Field(default=None, primary_key=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    code: str = Field(unique=True)
    sent_to: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    unopened_at: datetime | None = None


class LetterLinkRevocation(SQLModel, table=True):
    """A link was withdrawn: from then on it opens nothing."""

    __tablename__ = "letter_link_revocation"

    link_id: int = Field(foreign_key="letter_link.id", primary_key=True)
    revoked_at: datetime
    revoked_by: str
    reason: str


class LetterLinkTry(SQLModel, table=True):
    """Somebody at a network address tried to open a link, and how it ended; ``link_id`` is None for no link of ours."""

    __tablename__ = "letter_link_try"
    __table_args__ = (
        one_of("result", LinkTry),
        Index("ix_letter_link_try_address", "address", "tried_at"),
        Index("ix_letter_link_try_link", "link_id", "tried_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    link_id: int | None = Field(default=None, foreign_key="letter_link.id")
    tried_at: datetime
    address: str
    result: str
