"""What each import took in, contact by contact, so that it can be taken back."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class ImportRun(SQLModel, table=True):
    """One import that took something in. ``taken_back_at``: when it was, as far as nobody had worked on it."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    file: str
    started_at: datetime
    started_by: str
    taken_back_at: datetime | None = None
    taken_back_by: str = ""
    taken_back_because: str = ""


class ImportedLines(SQLModel, table=True):
    """One contact as a file told it. ``lines`` is JSON: the values of each line by column, as they stood there.

    ``last_event_id`` is the last that the import itself wrote in the contact's history; what came after is others'.
    A contact that was taken back keeps this row, and nothing else that says who it was about;
    ``replaced_by_id`` is what a later file said instead.
    """

    __tablename__ = "imported_lines"

    id: int | None = Field(default=None, primary_key=True)
    run_id: int = Field(foreign_key="import_run.id", index=True)
    contact_id: int = Field(foreign_key="contact.id", unique=True)
    contact_ref: str = Field(index=True)
    sha256: str
    lines: str
    last_event_id: int
    taken_back_at: datetime | None = None
    replaced_by_id: int | None = Field(default=None, foreign_key="imported_lines.id")


class ImportForesight(SQLModel, table=True):
    """What a trial foresaw of one contact of a file, until the file is imported: ``foreseen`` is JSON."""

    __tablename__ = "import_foresight"

    file_sha256: str = Field(primary_key=True)
    contact_ref: str = Field(primary_key=True)
    foreseen: str
    foreseen_at: datetime
