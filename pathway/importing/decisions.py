"""One line's decision and feedback. Blank reasons and missing feedback are what inspectors found: facts, not faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathway.importing import problems, values
from pathway.importing.faults import FaultList
from pathway.importing.layout import WRITTEN
from pathway.importing.reading import Line
from pathway.importing.records import ImportedDecision
from pathway.importing.terms import Terms
from pathway.importing.texts import kept
from rules import words
from rules.rulebook import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReader:
    """Reads what was decided about a child, and when and how the referrer was told."""

    terms: Terms
    faults: FaultList
    received_at: datetime | None

    def read(self, line: Line) -> ImportedDecision | None:
        """The decision of a line with its feedback, or None where nothing usable was decided."""
        decided_at, feedback_at = self._moment(line, "decided"), self._feedback_at(line)
        outcome = self._outcome(line)
        self._look_at(line, outcome, decided_at, feedback_at)
        if outcome is None or decided_at is None:
            return None
        return ImportedDecision(
            outcome=outcome,
            reasons=kept(line.values["outcome_reason"]),
            decided_at=decided_at,
            decided_by=kept(line.values["decided_by"]),
            feedback_at=feedback_at,
            feedback_by=kept(line.values["feedback_by"]) if feedback_at else "",
        )

    def _outcome(self, line: Line) -> Outcome | None:
        typed = line.values["outcome"].strip()
        book = self.terms.book
        outcome = book.outcome_imported_as(typed)
        if typed and outcome is None:
            known = [word for known in book.outcomes.values() for word in (known.code, *known.imported_as)]
            remedy = words.nearest(typed, known)
            self.faults.add(
                line, "outcome", problems.UNKNOWN_OUTCOME, book=book.name, remedy=remedy[:1].upper() + remedy[1:]
            )
        return outcome

    def _look_at(
        self, line: Line, outcome: Outcome | None, decided_at: datetime | None, feedback_at: datetime | None
    ) -> None:
        typed = bool(line.values["outcome"].strip())
        if typed and decided_at is None:
            self.faults.add(line, "decided", problems.UNDATED_OUTCOME)
        if decided_at and not typed:
            self.faults.add(line, "outcome", problems.DECIDED_NOTHING)
        if outcome and decided_at and not line.values["decided_by"].strip():
            self.faults.add(line, "decided_by", problems.DECIDED_BY_NOBODY)
        if feedback_at and not typed:
            self.faults.add(line, "feedback_sent", problems.NOTHING_TO_TELL)
        if feedback_at and decided_at and feedback_at < decided_at:
            self.faults.add(line, "feedback_sent", problems.TOLD_TOO_EARLY)

    def _feedback_at(self, line: Line) -> datetime | None:
        at = self._moment(line, "feedback_sent")
        if at is not None and line.values["feedback_by"].strip().casefold() not in WRITTEN:
            self.faults.add(line, "feedback_by", problems.NOT_IN_WRITING, written=", ".join(WRITTEN))
            return None
        return at

    def _moment(self, line: Line, column: str) -> datetime | None:
        typed = line.values[column]
        at = values.moment(typed)
        if at is None:
            if typed.strip():
                self.faults.add(line, column, problems.IMPOSSIBLE_TIME)
            return None
        if values.jumped_over(typed):
            self.faults.add(line, column, problems.SKIPPED_BY_CLOCKS, taken=values.london(at))
        if self.received_at is not None and at < self.received_at:
            self.faults.add(line, column, problems.BEFORE_RECEIPT, received=values.london(self.received_at))
        if at > self.terms.now:
            self.faults.add(line, column, problems.IN_FUTURE)
            return None
        return at
