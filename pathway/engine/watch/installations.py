"""Which installation a database belongs to: a copy of it neither judges nor sends nor collects until it is adopted.

A dump, a backup and a copied file hold production's queue and bear its settings. So the database carries where it lies
in a way that no restore makes true (record 20).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pathway.engine.act import Act
from rules.errors import InvalidInput, Unavailable
from storage import mark_file
from storage.mark_file import Mark
from storage.queries import installation_rows
from storage.sessions import Conflict, Database, ReadSession, WriteSession
from storage.tables import Council, Installation

RESTORED = "This database was restored from a dump, or copied from another server"
NO_MARK = "The file {name} does not lie beside the database, as it did where this was last used"
COPIED_MARK = "The file {name} beside the database is a copy, so this is a copied folder"
OTHER_MARK = "The file {name} beside the database does not belong to it: the database was restored or copied without it"
NEW_DATABASE = "The file {name} beside the database is older than its tables: an older database was put in its place"


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a database lies; ``file`` is that of its mark, where it is a file itself."""

    file: Path | None

    def why_copied(self, session: WriteSession | ReadSession, row: Installation | None) -> str:
        """Why this is taken for a copy; empty where it is not."""
        if self.file is None:
            here = row is None or row.place == installation_rows.place(session)
            return "" if here else RESTORED
        mark = mark_file.read(self.file)
        if row is None:
            return NEW_DATABASE.format(name=self.file.name) if mark and installation_rows.has_work(session) else ""
        return _why_file_copied(row, mark).format(name=self.file.name)

    def settle(self, session: WriteSession, row: Installation) -> None:
        """Lets the row say that the database lies here. Raises Unavailable where the mark can't be written."""
        if self.file is None:
            row.place = installation_rows.place_if_written_now(session)
        else:
            row.mark, row.next_mark = _lot(), ""
            row.place = _write(self.file, row.mark)
        session.add(row)
        session.flush()


def _why_file_copied(row: Installation, mark: Mark | None) -> str:
    if mark is None:
        return NO_MARK
    if mark.words not in (row.mark, row.next_mark):
        return OTHER_MARK
    return "" if mark.place == row.place else COPIED_MARK


def _home(database: Database) -> _Home:
    return _Home(mark_file.beside(database))


def look(database: Database, *, now: datetime) -> bool:
    """True where the database is a copy. The first look on a new one says that it belongs here. Raises Unavailable."""
    home = _home(database)
    with database.read() as session:
        row = installation_rows.installation(session)
        if row is not None and (row.copied_because or not home.why_copied(session, row)):
            return bool(row.copied_because)
    try:
        with database.write() as session:  # nobody changes the mark while we compare
            return _judged(session, home, now=now)
    except Conflict:
        return look(database, now=now)  # another process had the first look


def _judged(session: WriteSession, home: _Home, *, now: datetime) -> bool:
    row = installation_rows.lock(session)
    why = row.copied_because if row and row.copied_because else home.why_copied(session, row)
    row = row or Installation(adopted_at=now)
    if not why:
        if not row.place:
            home.settle(session, row)
        return False
    if not row.copied_because:
        row.copied_because, row.copied_at = why, now
        session.add(row)
    return True


def why_copied(database: Database, session: ReadSession) -> str:
    """Why the database is taken for a copy, or would be at the next start; empty where it is none."""
    row = installation_rows.installation(session)
    return row.copied_because if row and row.copied_because else _home(database).why_copied(session, row)


def turn(database: Database) -> None:
    """Changes the mark, so that a backup which is put back is told from what was there last. On PostgreSQL nothing."""
    home = _home(database)
    if home.file is None or not _begin_turn(database, home):
        return
    with database.write() as session:
        row = installation_rows.lock(session)
        if row is not None and row.next_mark:  # else another process has ended this turn
            _write(home.file, row.next_mark)
            row.mark, row.next_mark = row.next_mark, ""


def _begin_turn(database: Database, home: _Home) -> bool:
    # Known to the database before it stands in the file: whoever is killed between the two leaves no stranger's mark.
    with database.write() as session:
        row = installation_rows.lock(session)
        if row is None or row.copied_because or home.why_copied(session, row):
            return False
        row.next_mark = row.next_mark or _lot()
        return True


def adopt(act: Act, database: Database, *, council: str) -> Installation | None:
    """Somebody says that this copy is the installation from now on. None where it is no copy, and nothing is changed.

    Raises InvalidInput where ``council`` is not the name of the council in the settings.
    """
    row = installation_rows.lock(act.session)
    if row is None or not row.copied_because:
        return None
    row.council = require_named(act.session, council)
    row.copied_because, row.copied_at = "", None
    row.adopted_at, row.adopted_by = act.now, act.actor.username
    _home(database).settle(act.session, row)
    return row


def require_named(session: WriteSession | ReadSession, council: str) -> str:
    """The name of the council in the settings. Raises InvalidInput where ``council`` is another."""
    ours = session.get_one(Council, 1).name
    if " ".join(council.split()).casefold() != " ".join(ours.split()).casefold():
        raise InvalidInput.of("--council", f"'{council.strip()}' is not the council of the settings", f"Type: {ours}")
    return ours


def _write(file: Path, words: str) -> str:
    try:
        return mark_file.write(file, words)
    except OSError as error:
        raise Unavailable(f"{file} can't be written ({error.strerror}). Let this program write there.") from error


def _lot() -> str:
    return secrets.token_hex(8)
