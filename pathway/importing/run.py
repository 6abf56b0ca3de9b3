"""One import from file to report: read, group, check, take a contact at a time. Safe to interrupt and to run again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.importing import alerting, checking, failing, grouping, reading
from pathway.importing.checking import Checked
from pathway.importing.earlier import again, keeping
from pathway.importing.earlier.again import Met
from pathway.importing.earlier.foresight import Foresight
from pathway.importing.failing import Limits, Refusal
from pathway.importing.faults import ImportFault
from pathway.importing.grouping import Group
from pathway.importing.records import ImportedContact
from pathway.importing.taking import Taking
from pathway.importing.terms import Terms
from storage.sessions import Conflict, Database, WriteSession

Progress = Callable[[int, int], None]


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What a run did, or in a trial would have done, and everything odd in the file."""

    contacts_taken: int = 0
    referrals_taken: int = 0
    contacts_held_back: int = 0
    contacts_already_there: int = 0
    contacts_completed: int = 0
    undecided_taken: int = 0
    file: str = ""
    replaced: set[str] = field(default_factory=set)
    changed: Mapping[str, ImportFault] = field(default_factory=dict)
    refused: Sequence[Refusal] = ()
    run_id: int | None = None
    faults: list[ImportFault] = field(default_factory=list)
    notes: Sequence[str] = ()

    def count(self, contact: ImportedContact) -> None:
        """One more contact was taken, or would have been."""
        self.contacts_taken += 1
        self.referrals_taken += len(contact.children)
        self.undecided_taken += sum(child.decision is None for child in contact.children)

    def hold_back(self, file: Sequence[Checked]) -> None:
        """Nothing of the file is taken."""
        self.contacts_held_back = sum(one.is_contact for one in file)
        self.faults = [fault for one in file for fault in one.faults]

    def as_json(self) -> dict[str, object]:
        """The report as ``--json`` prints it."""
        return {
            "run": self.run_id,
            "contacts_taken": self.contacts_taken,
            "referrals_taken": self.referrals_taken,
            "contacts_held_back": self.contacts_held_back,
            "contacts_already_there": self.contacts_already_there,
            "contacts_completed": self.contacts_completed,
            "refused": [one.as_json() for one in self.refused],
            "faults": [fault.as_json() for fault in self.faults],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a file is imported. ``database`` is None in a trial where there is none; a trial (``dry``) takes nothing.

    ``yes``: what is refused by columns, and what has changed since a trial, is taken all the same. ``ask`` asks
    somebody about one contact that has.
    """

    database: Database | None
    terms: Terms
    actor: Actor
    dry: bool = False
    live: bool = False
    yes: bool = False
    limits: Limits = field(default_factory=Limits)
    ask: Callable[[ImportFault], bool] | None = None

    def carry_out(self, path: Path, *, progress: Progress) -> ImportReport:
        """Imports the file; ``progress`` is told of contacts done and in all. Raises InvalidInput for an odd one."""
        read = reading.read(path)
        groups = grouping.group(read.lines)
        file = [checking.check(group, self.terms) for group in groups]
        report = ImportReport(file=path.name, notes=read.notes)
        by_ref = {one.ref: one for one in file if one.contact is not None}
        foresight = self._foresight(path, by_ref)
        if self._refuse(groups, foresight, report):
            report.hold_back(file)
            return report
        self._foresee(foresight, report)
        for done, checked in enumerate(file, start=1):
            self._one(checked, by_ref, report)
            progress(done, len(file))
        if self.database is not None and not self.dry and not self.live:
            with following.acting(self.database, self.actor, now=self.terms.now) as act:
                alerting.tell(act)
        report.faults.sort(key=lambda fault: fault.line)
        return report

    def _foresight(self, path: Path, by_ref: Mapping[str, Checked]) -> Foresight | None:
        if self.database is None:
            return None
        contacts = {ref: one.contact for ref, one in by_ref.items() if one.contact is not None}
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        return Foresight(database=self.database, contacts=contacts, sha256=sha256)

    def _refuse(self, groups: Sequence[Group], foresight: Foresight | None, report: ImportReport) -> bool:
        """Says by column why nothing of the file is taken; False where all may be taken as it is."""
        refused = list(failing.columns(groups, self.terms, self.limits))
        if foresight is not None and not refused:
            refused += foresight.nobody_known(self.limits)
        if self.yes:
            report.notes = [*report.notes, *(f"Taken all the same. {one.problem}." for one in refused)]
            return False
        report.refused = refused
        return bool(refused)

    def _foresee(self, foresight: Foresight | None, report: ImportReport) -> None:
        """A trial remembers what it foresees; a run holds back what would be otherwise now, unless somebody agrees."""
        if foresight is None:
            return
        if self.dry:
            foresight.remember(now=self.terms.now)
        elif self.yes:
            foresight.settle()
        else:
            changed = foresight.changed()
            report.changed = {ref: one for ref, one in changed.items() if self.ask is None or not self.ask(one)}

    def _one(self, checked: Checked, by_ref: Mapping[str, Checked], report: ImportReport) -> None:
        report.faults += checked.faults
        if not checked.is_contact:
            return
        if checked.contact is None:
            report.contacts_held_back += 1
        elif checked.ref in report.changed:
            report.contacts_held_back += 1
            report.faults.append(report.changed[checked.ref])
        elif checked.ref in report.replaced:
            return  # with another contact that it stands on
        elif (met := self._meet(checked.contact, by_ref)) is not None:
            self._again(checked.contact, met, by_ref, report)
        elif self._take(checked, by_ref, report):
            report.count(checked.contact)

    def _meet(self, contact: ImportedContact, by_ref: Mapping[str, Checked]) -> Met | None:
        if self.database is None:
            return None
        with self.database.read() as session:
            return again.meet(session, contact, by_ref)

    def _again(self, contact: ImportedContact, met: Met, by_ref: Mapping[str, Checked], report: ImportReport) -> None:
        if met.same:
            report.contacts_already_there += 1
        elif met.reasons:
            report.contacts_held_back += 1
            report.faults += met.faults(contact)
        elif self.dry or self.database is None:
            report.contacts_completed += 1
            report.faults += met.faults(contact)
        else:
            self._complete(self.database, met, by_ref, report)

    def _complete(self, database: Database, met: Met, by_ref: Mapping[str, Checked], report: ImportReport) -> None:
        """Takes a contact again as this file has it, with what stood on it, in one transaction."""
        theirs = {lines.contact_ref for lines in met.together}
        order = [one for ref, one in by_ref.items() if ref in theirs]
        done: list[tuple[Met, ImportedContact, Sequence[ImportFault]]] = []
        with database.write() as session:
            taking = self._taking(session, report)
            before = {lines.contact_ref: lines for lines in again.replace(taking.act, met, file=report.file)}
            for one in order:
                if one.contact is not None:
                    noticed = taking.take_again(one.contact, one.faults, before=before[one.ref])
                    done.append((again.taken(before[one.ref], one.contact, met), one.contact, noticed))
        report.run_id = taking.run_id
        report.replaced |= theirs
        for told, contact, noticed in done:
            report.faults += [*noticed, *([] if told.same else told.faults(contact))]
            report.contacts_already_there += told.same
            report.contacts_completed += not told.same

    def _take(self, checked: Checked, by_ref: Mapping[str, Checked], report: ImportReport) -> bool:
        contact = checked.contact
        if self.dry or self.database is None or contact is None:
            return True
        try:
            # Imported history is quiet: only where the work goes on here is a contact followed, by ``take`` itself.
            with self.database.write() as session:
                taking = self._taking(session, report)
                noticed = taking.take(contact, checked.faults)
        except Conflict:
            # Somebody else took this very contact, or a referral of that reference, since we looked.
            met = self._meet(contact, by_ref) or Met(reasons=["the reference of one of its children is taken"])
            self._again(contact, met, by_ref, report)
            return False
        report.run_id = taking.run_id
        report.faults += noticed
        return True

    def _taking(self, session: WriteSession, report: ImportReport) -> Taking:
        act = Act(session, self.actor, self.terms.now)
        run_id = keeping.run_of(act, report.run_id, file=report.file)
        return Taking(terms=self.terms, live=self.live, act=act, run_id=run_id)
