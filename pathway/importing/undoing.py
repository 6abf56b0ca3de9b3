"""An import taken back, contact by contact: what somebody has worked on is kept and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.decisions import taking_back
from pathway.engine.decisions.taking_back import TakenUp
from pathway.importing import checking, grouping
from pathway.importing.taking import Taking
from pathway.importing.terms import Terms
from storage.queries.intake import import_run_rows
from storage.sessions import Database, WriteSession
from storage.tables import ImportedLines, ImportRun, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A contact that stays, with each reason."""

    ref: str
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What of a run goes, or went, by the reference that it had, and what stays."""

    run: int
    gone: Sequence[str] = ()
    kept: Sequence[Kept] = ()

    def as_json(self) -> dict[str, object]:
        """As ``--json`` prints it."""
        kept = [{"contact_ref": one.ref, "reasons": list(one.reasons)} for one in self.kept]
        return {"run": self.run, "taken_back": list(self.gone), "kept": kept}


def foresee(database: Database, run_id: int) -> Undone:
    """What would go, and what would stay; nothing is written. Raises NotFound."""
    gone: dict[int, str] = {}
    kept: list[Kept] = []
    with database.read() as session:
        import_run_rows.get(session, run_id)
        for lines in import_run_rows.standing(session, run_id):
            if reasons := taking_back.kept_because(session, lines, gone=gone):
                kept.append(Kept(ref=lines.contact_ref, reasons=reasons))
            else:
                gone[lines.contact_id] = lines.contact_ref
    return _told(run_id, list(gone.values()), kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undoing:
    """Who takes an import back, when, and why."""

    database: Database
    actor: Actor
    terms: Terms
    now: datetime
    because: str = ""

    def carry_out(self, run_id: int) -> Undone:
        """Takes back what nobody has worked on, the last first; run again it goes on. Raises NotFound."""
        with self.database.read() as session:
            import_run_rows.get(session, run_id)
            standing = [id_of(lines) for lines in import_run_rows.standing(session, run_id)]
        gone: list[str] = []
        kept: list[Kept] = []
        for number in standing:
            with self.database.write() as session:
                lines = session.get_one(ImportedLines, number)
                try:
                    taking_back.take_back(self._act(session), lines, because=self._words(run_id))
                except TakenUp as error:
                    kept.append(Kept(ref=lines.contact_ref, reasons=error.reasons))
                    continue
                self._mark(session.get_one(ImportRun, run_id))
                gone.append(lines.contact_ref)
        self._bring_back(run_id)
        return _told(run_id, gone, kept)

    def _bring_back(self, run_id: int) -> None:
        """What an earlier file said of a contact is taken again where this run had replaced it."""
        with self.database.read() as session:
            before = [id_of(lines) for lines in import_run_rows.replaced_by(session, run_id)]
        for number in before:
            with self.database.write() as session:
                lines = session.get_one(ImportedLines, number)
                checked = checking.check(grouping.of_json(lines.lines), self.terms)
                if checked.contact is None or import_run_rows.standing_of(session, lines.contact_ref) is not None:
                    continue
                live = import_run_rows.was_watched(session, lines.contact_id)
                taking = Taking(terms=self.terms, live=live, act=self._act(session), run_id=lines.run_id)
                taking.take(checked.contact, checked.faults)
                again = import_run_rows.standing_of(session, lines.contact_ref)
                lines.replaced_by_id = again.id if again else None

    def _act(self, session: WriteSession) -> Act:
        return Act(session, self.actor, self.now)

    def _words(self, run_id: int) -> str:
        return f"Taken back with import {run_id}" + (f": {self.because}" if self.because else "")

    def _mark(self, run: ImportRun) -> None:
        run.taken_back_at, run.taken_back_by, run.taken_back_because = self.now, self.actor.username, self.because


def _told(run_id: int, gone: Sequence[str], kept: Sequence[Kept]) -> Undone:
    """In the order in which they came in."""
    return Undone(run=run_id, gone=gone[::-1], kept=kept[::-1])
