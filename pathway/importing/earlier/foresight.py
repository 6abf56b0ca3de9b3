"""What an import would do with each contact, remembered by a trial and asked again by the run, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.children import persons
from pathway.importing import failing, matching, problems
from pathway.importing.earlier import again
from pathway.importing.failing import Limits, Refusal
from pathway.importing.faults import ImportFault, fault
from pathway.importing.records import ImportedContact
from pathway.importing.values import london
from storage.queries.intake import foresight_rows
from storage.sessions import Database, ReadSession
from storage.tables import ImportForesight

_OWN = "a child of its own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foresight:
    """The contacts of a file that can be taken, before any is; ``sha256`` is that of the file."""

    database: Database
    contacts: Mapping[str, ImportedContact]
    sha256: str

    def nobody_known(self, limits: Limits) -> Iterator[Refusal]:
        """A file of many children of whom nobody is on record, although many are."""
        children = sum(len(contact.children) for contact in self.contacts.values())
        if children < limits.children:
            return
        with self.database.read() as session:
            on_record = foresight_rows.children_on_record(session)
            if on_record >= limits.on_record and not self._anybody(session):
                yield failing.nobody_known(children, on_record)

    def _anybody(self, session: ReadSession) -> bool:
        return any(
            again.meet(session, contact, self.contacts) is not None or any(_joined(session, contact))
            for contact in self.contacts.values()
        )

    def remember(self, *, now: datetime) -> None:
        """Keeps what would be done now; nothing of it is on a record."""
        with self.database.read() as session:
            told = {ref: self._foreseen(session, contact) for ref, contact in self.contacts.items()}
        with self.database.write() as session:
            foresight_rows.keep(session, self.sha256, told, now=now)

    def changed(self) -> Mapping[str, ImportFault]:
        """The contacts that a trial foresaw otherwise, by reference; what it foresaw of others is forgotten."""
        with self.database.read() as session:
            before = foresight_rows.of_file(session, self.sha256)
            found = dict(self._compared(session, before))
        if before:
            with self.database.write() as session:
                foresight_rows.forget(session, self.sha256, except_for=found)
        return found

    def settle(self) -> None:
        """Forgets the trial: somebody has seen what has changed since."""
        with self.database.write() as session:
            foresight_rows.forget(session, self.sha256)

    def _compared(
        self, session: ReadSession, before: Mapping[str, ImportForesight]
    ) -> Iterator[tuple[str, ImportFault]]:
        for ref, row in before.items():
            contact = self.contacts.get(ref)
            now = self._foreseen(session, contact) if contact else row.foreseen
            if contact and now not in (row.foreseen, again.SAME):
                told = {"then": row.foreseen, "now": now, "at": london(row.foreseen_at)}
                yield ref, fault(ref, contact.line, "contact_ref", problems.CHANGED_SINCE, value=ref, fields=told)

    def _foreseen(self, session: ReadSession, contact: ImportedContact) -> str:
        met = again.meet(session, contact, self.contacts)
        return met.foreseen if met else "; ".join(found or _OWN for found in _joined(session, contact))


def _joined(session: ReadSession, contact: ImportedContact) -> list[str]:
    """For each child whom on record it joins, empty for one of its own."""
    found = persons.foresee(session, [matching.as_input(child) for child in contact.children])
    return [f"child {one.person_id} on record" if one else "" for one in found]
