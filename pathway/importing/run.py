"""One import from file to report: read, group, check, take a contact at a time. Safe to interrupt and to run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.importing import alerting, checking, grouping, problems, reading
from pathway.importing.checking import Checked
from pathway.importing.faults import ImportFault, fault
from pathway.importing.grouping import Group
from pathway.importing.records import ImportedContact
from pathway.importing.taking import Taking
from pathway.importing.terms import Terms
from pathway.importing.values import london
from storage.queries.intake import importing_rows
from storage.queries.intake.importing_rows import There
from storage.sessions import Conflict, Database

Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What a run did, or in a trial would have done, and everything odd in the file."""

    contacts_taken: int = 0
    referrals_taken: int = 0
    contacts_held_back: int = 0
    contacts_already_there: int = 0
    undecided_taken: int = 0
    faults: list[ImportFault] = field(default_factory=list)
    notes: Sequence[str] = ()

    def as_json(self) -> dict[str, object]:
        """The report as ``--json`` prints it."""
        return {
            "contacts_taken": self.contacts_taken,
            "referrals_taken": self.referrals_taken,
            "contacts_held_back": self.contacts_held_back,
            "contacts_already_there": self.contacts_already_there,
            "faults": [fault.as_json() for fault in self.faults],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a file is imported. ``database`` is None in a trial where there is none; a trial (``dry``) writes nothing."""

    database: Database | None
    terms: Terms
    actor: Actor
    dry: bool = False
    live: bool = False

    def carry_out(self, path: Path, *, progress: Progress) -> ImportReport:
        """Imports the file; ``progress`` is told of contacts done and in all. Raises InvalidInput for an odd one."""
        read = reading.read(path)
        groups = grouping.group(read.lines)
        report = ImportReport(notes=read.notes)
        for done, group in enumerate(groups, start=1):
            self._one(group, report)
            progress(done, len(groups))
        if self.database is not None and not self.dry and not self.live:
            with following.acting(self.database, self.actor, now=self.terms.now) as act:
                alerting.tell(act)
        report.faults.sort(key=lambda fault: fault.line)
        return report

    def _one(self, group: Group, report: ImportReport) -> None:
        checked = checking.check(group, self.terms)
        report.faults += checked.faults
        contact = checked.contact
        if not checked.is_contact:
            return
        if contact is None:
            report.contacts_held_back += 1
        elif (there := self._there(contact.ref)) is not None:
            _met_again(contact, there, report)
        elif self._take(contact, checked, report):
            report.contacts_taken += 1
            report.referrals_taken += len(contact.children)
            report.undecided_taken += sum(child.decision is None for child in contact.children)

    def _there(self, ref: str) -> There | None:
        if self.database is None:
            return None
        with self.database.read() as session:
            return importing_rows.there(session, ref)

    def _take(self, contact: ImportedContact, checked: Checked, report: ImportReport) -> bool:
        if self.dry or self.database is None:
            return True
        try:
            # Imported history is quiet: only where the work goes on here is a contact followed, by ``take`` itself.
            with self.database.write() as session:
                taking = Taking(terms=self.terms, live=self.live, act=Act(session, self.actor, self.terms.now))
                report.faults += taking.take(contact, checked.faults)
        except Conflict:
            # Somebody else took this very contact, or a referral of that reference, since we looked.
            _met_again(contact, self._there(contact.ref), report)
            return False
        return True


def _met_again(contact: ImportedContact, there: There | None, report: ImportReport) -> None:
    if there is not None and there.sha256 == contact.sha256:
        report.contacts_already_there += 1
        return
    report.contacts_held_back += 1
    report.faults.append(
        fault(
            contact.ref,
            contact.line,
            "contact_ref",
            problems.OTHER_CONTENT,
            value=contact.ref,
            fields={"there": _described(there)},
        )
    )


def _described(there: There | None) -> str:
    if there is None:
        return "the reference of one of its children is taken"
    return f"{'imported' if there.sha256 else 'logged here'} on {london(there.recorded_at)}"
