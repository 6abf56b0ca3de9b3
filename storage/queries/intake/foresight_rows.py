"""What a trial of an import foresaw of a file, and how many children are on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, delete, func, or_, select

from storage.tables import ImportForesight, Person


def of_file(session: Session, file_sha256: str) -> Mapping[str, ImportForesight]:
    """What the last trial of a file foresaw, by the reference of the contact; empty where there was none."""
    rows = session.exec(select(ImportForesight).where(col(ImportForesight.file_sha256) == file_sha256))
    return {row.contact_ref: row for row in rows}


def keep(session: Session, file_sha256: str, foreseen: Mapping[str, str], *, now: datetime) -> None:
    """Keeps what a trial foresaw instead of what an earlier trial of the same file did."""
    forget(session, file_sha256)
    session.add_all(
        ImportForesight(file_sha256=file_sha256, contact_ref=ref, foreseen=told, foreseen_at=now)
        for ref, told in foreseen.items()
    )


def forget(session: Session, file_sha256: str, *, except_for: Collection[str] = ()) -> None:
    """Deletes what was foreseen of a file, but of these contacts."""
    session.execute(
        delete(ImportForesight).where(
            col(ImportForesight.file_sha256) == file_sha256, col(ImportForesight.contact_ref).not_in(except_for)
        )
    )


def children_on_record(session: Session) -> int:
    """How many children are on record of whom anything is known; merged ones count as the one kept."""
    said = or_(col(Person.name_key) != "", col(Person.birth_date).is_not(None), col(Person.address) != "")
    return session.exec(select(func.count()).where(col(Person.merged_into_id).is_(None), said)).one()
