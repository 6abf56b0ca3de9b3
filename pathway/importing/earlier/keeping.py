"""Which import took in what, kept so that it can be taken back."""

from __future__ import annotations

from pathway.engine.act import Act
from pathway.importing.records import ImportedContact
from storage.queries.intake import import_run_rows
from storage.tables import Contact, ImportedLines, ImportRun
from storage.tables.base import id_of


def run_of(act: Act, run_id: int | None, *, file: str) -> int:
    """The number of the run; None begins it, with the first contact that it takes."""
    if run_id is not None:
        return run_id
    run = ImportRun(file=file, started_at=act.now, started_by=act.actor.username)
    act.session.add(run)
    act.session.flush()
    return id_of(run)


def keep(act: Act, contact: Contact, imported: ImportedContact, *, run_id: int) -> ImportedLines:
    """Keeps what the file said of a contact, and how far the import itself wrote its history."""
    row = ImportedLines(
        run_id=run_id,
        contact_id=id_of(contact),
        contact_ref=imported.ref,
        sha256=imported.sha256,
        lines=imported.lines,
        last_event_id=0,
    )
    act.session.add(row)
    look_again(act, row)
    return row


def look_again(act: Act, row: ImportedLines) -> None:
    """The import itself has written the history of the contact so far."""
    act.session.flush()
    row.last_event_id = import_run_rows.last_event(act.session, row.contact_id)
    act.session.flush()
