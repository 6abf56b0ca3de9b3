"""What was typed into a form and is not recorded."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import partial_index


class Draft(SQLModel, table=True):
    """The text of one form that somebody is filling in, named by the form's ``token``.

    ``form`` is the address of the form, ``fields`` a JSON object of names and lists of values. ``begun_at`` is when its
    first field was filled. ``page`` is the opened page that sent it last, ``turn`` the number of its sending there, and
    ``version`` counts the changes: from these an older text is known. ``look_at`` is the sweep's hint. When the form
    was recorded or discarded the fields are emptied; a hash of them is left, by which a second click is known.
    """

    __tablename__ = "draft"
    __table_args__ = (
        partial_index("ix_draft_open", "form", "writer", where="ended_at IS NULL"),
        partial_index("ix_draft_writer", "writer", where="ended_at IS NULL"),
        partial_index("ix_draft_look", "look_at", "id", where="look_at IS NOT NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    form: str
    writer: str
    fields: str
    in_danger: bool = False
    page: str = ""
    turn: int = 0
    version: int = 1
    begun_at: datetime
    changed_at: datetime = Field(index=True)
    changed_by: str
    look_at: datetime | None = None
    ended_at: datetime | None = None
    sent_sha256: str = ""
