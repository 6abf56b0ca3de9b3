"""Workers to choose from, each with the children held open and the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules import caseload
from rules.rulebook import CaseloadRule
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession
from storage.tables import Worker, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One worker with the open children and the limit."""

    worker: Worker
    team: str
    children: int
    limit: int

    @property
    def words(self) -> str:
        """The worker as a list names one."""
        full = ", no room" if self.children >= self.limit else ""
        return f"{self.worker.name}, {self.team}: {self.children} of {self.limit} children{full}"

    @property
    def option(self) -> tuple[str, str]:
        """Value and words of a select."""
        return str(id_of(self.worker)), self.words


def of_all(session: ReadSession, rule: CaseloadRule) -> Sequence[Choice]:
    """Every active worker, by team and name."""
    return [
        Choice(
            worker=worker,
            team=team.name,
            children=children,
            limit=caseload.limit_for(rule, worker.full_time_equivalent),
        )
        for worker, team, children in staff_rows.workers(session)
    ]


def chosen(choices: Sequence[Choice], value: str) -> Worker | None:
    """The worker whom a form names, or None."""
    return next((choice.worker for choice in choices if str(choice.worker.id) == value), None)
