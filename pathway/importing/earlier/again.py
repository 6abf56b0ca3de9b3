"""A contact whose reference is on record: the same, or one that a later file completes where nobody has touched it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pathway.engine.act import Act
from pathway.engine.decisions import taking_back
from pathway.importing import problems
from pathway.importing.earlier import differing, keeping
from pathway.importing.earlier.differing import Difference
from pathway.importing.faults import ImportFault, fault
from pathway.importing.problems import Problem
from pathway.importing.records import ImportedContact
from pathway.importing.values import london
from rules.vocabulary import EventKind
from storage.queries import referral_rows
from storage.queries.intake import import_run_rows, importing_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, ImportedLines

SAME = "there already"
LOGGED_HERE = "it was logged here"
NOT_KEPT = "what the first file said of it was not kept"
Session = ReadSession | WriteSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What stands against completing a contact, how the file differs, and whom to take again with it.

    ``together`` are the contacts of earlier files that have to go first, the last first; ``same``: nothing differs.
    """

    same: bool = False
    differences: Sequence[Difference] = ()
    reasons: Sequence[str] = ()
    together: Sequence[ImportedLines] = ()
    recorded: str = ""

    @property
    def foreseen(self) -> str:
        """What will be done with it, in words."""
        if self.same:
            return SAME
        return f"left as it is: {'; '.join(self.reasons)}" if self.reasons else "completed"

    def faults(self, contact: ImportedContact) -> list[ImportFault]:
        """Each difference: taken, or left with the reasons; one for the contact where no column is known."""
        problem = problems.OTHER_CONTENT if self.reasons else problems.COMPLETED
        told = {"there": "; ".join((self.recorded, *self.reasons))}
        lines = [child.line for child in contact.children]
        return [
            _told(contact, problem, one, line=lines[one.place], fields=told)
            for one in self.differences or (Difference(place=0, column="contact_ref", was="", now=contact.ref),)
        ]


def _told(
    contact: ImportedContact, problem: Problem, one: Difference, *, line: int, fields: Mapping[str, object]
) -> ImportFault:
    was = {"was": f"'{one.was}'" if one.was else "nothing"}
    return fault(contact.ref, line, one.column, problem, value=one.now, fields={**fields, **was})


def meet(session: Session, contact: ImportedContact, file: Collection[str]) -> Met | None:
    """How a contact of the file stands to the one on record; None where its reference is free.

    ``file``: the references of all contacts of the file that can be taken.
    """
    there = importing_rows.there(session, contact.ref)
    if there is None:
        return None
    recorded = f"{'imported' if there.sha256 else 'logged here'} on {london(there.recorded_at)}"
    lines = import_run_rows.of_contact(session, there.contact_id)
    if lines is None:
        return Met(reasons=[LOGGED_HERE], recorded=recorded)
    known = lines.lines != "[]"
    differences = differing.differences(lines.lines, contact.lines) if known else ()
    same = there.sha256 == contact.sha256 or (known and not differences)
    if same or import_run_rows.was_replaced(session, contact.ref, contact.sha256):
        return Met(same=True)
    together, reasons = _together(session, lines, file)
    return Met(differences=differences, reasons=reasons, together=together, recorded=recorded)


def _together(
    session: Session, lines: ImportedLines, file: Collection[str]
) -> tuple[Sequence[ImportedLines], Sequence[str]]:
    """What was built on a contact and is in the file as well can be taken again with it; anything else stands."""
    found, waiting = {lines.contact_id: lines}, [lines]
    while waiting:
        one = waiting.pop()
        children = {referral.person_id for referral in referral_rows.of_contact(session, one.contact_id)}
        for number, ref in import_run_rows.came_later(session, one.contact_id, children):
            later = import_run_rows.of_contact(session, number) if ref in file and number not in found else None
            if later is not None:
                found[number] = later
                waiting.append(later)
    together = [found[number] for number in sorted(found, reverse=True)]
    reasons = [
        reason if one is lines else f"{one.contact_ref} stands on it: {reason}"
        for one in reversed(together)
        for reason in taking_back.kept_because(session, one, gone=found)
    ]
    return together, list(dict.fromkeys(reasons))


def replace(act: Act, met: Met, *, file: str) -> Iterator[ImportedLines]:
    """Takes back what the file says otherwise, and what stands on it, so that all of it can be taken again.

    Raises TakenUp where somebody has just begun to work on it.
    """
    for one in met.together:
        lines = act.session.get_one(ImportedLines, one.id)
        taking_back.take_back(act, lines, because=f"Replaced by what a later file says: {file}")
        yield lines


def taken(before: ImportedLines, contact: ImportedContact, met: Met) -> Met:
    """What was otherwise about one of the contacts that were taken again together."""
    known = before.lines != "[]"
    differences = differing.differences(before.lines, contact.lines) if known else ()
    return Met(same=known and not differences, differences=differences, recorded=met.recorded)


def tell(act: Act, row: ImportedLines, *, before: ImportedLines) -> None:
    """The history of the contact that was taken instead says what was otherwise before."""
    differences = differing.differences(before.lines, row.lines)
    said = [{"column": one.column, "was": one.was, "now": one.now} for one in differences]
    told = "; ".join(f"{one.column}: {one.was or 'nothing'} → {one.now or 'nothing'}" for one in differences)
    act.note(
        EventKind.IMPORTED,
        f"Completed from a later file{f': {told}' if told else ''}",
        about=act.session.get_one(Contact, row.contact_id),
        differences=said,
        taken_back=before.contact_id,
    )
    before.replaced_by_id = row.id
    keeping.look_again(act, row)
