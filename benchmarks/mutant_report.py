"""The survivors of ``make nightly``, as ``docs/performance.md`` lists them."""

from __future__ import annotations

import re
from pathlib import Path

from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import TestOutcome, WorkItem, WorkResult

from support import source

DOCUMENT = source.ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- mutants: begin, written by make nightly -->", "<!-- mutants: end -->"


def write(session: WorkDB, *, about: str) -> None:
    """Rewrite what stands between the marks, and say it."""
    judged = sorted(session.completed_work_items, key=lambda row: row[0].job_id)
    text = told(judged, about=about, waiting=session.num_work_items - len(judged))
    DOCUMENT.write_text(rewritten(DOCUMENT.read_text("utf-8"), text), "utf-8")
    print(text)


def told(judged: list[tuple[WorkItem, WorkResult]], *, about: str, waiting: int) -> str:
    """How many were noticed, and a table of those that were not."""
    alive = [(item, result) for item, result in judged if result.test_outcome == TestOutcome.SURVIVED]
    unfit = sum(result.test_outcome not in {TestOutcome.SURVIVED, TestOutcome.KILLED} for _, result in judged)
    parts = [f"{len(judged) - len(alive) - unfit} of {len(judged)} were noticed, {len(alive)} not"]
    parts += [f"{unfit} could not be tried"] if unfit else []
    parts += [f"{waiting} wait for the next run"] if waiting else []
    head = f"{about}: {', '.join(parts)}."
    table = ["| not noticed | was | became |", "| --- | --- | --- |"]
    rows = [f"| {_place(item)} | {_code(result, '-')} | {_code(result, '+')} |" for item, result in alive]
    return "\n".join([head, *(["", *table, *rows] if rows else [])])


def line(item: WorkItem, result: WorkResult) -> str:
    """One mutant, as it is judged."""
    outcome = result.test_outcome.value if result.test_outcome else result.worker_outcome.value
    return f"{item.job_id} {outcome:11} {_place(item)} {item.mutations[0].operator_name}"


def rewritten(document: str, text: str) -> str:
    """The document with a new text between the marks."""
    before, found, rest = document.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"{DOCUMENT.name} has lost the marks of the mutants.")
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


def _place(item: WorkItem) -> str:
    change = item.mutations[0]
    return f"{Path(change.module_path).as_posix()}:{change.start_pos[0]}"


def _code(result: WorkResult, sign: str) -> str:
    """The first line of the difference with that sign, as a cell of a table."""
    lines = re.findall(rf"^\{sign}(?!\{sign}\{sign})(.*)$", result.diff or "", flags=re.MULTILINE)
    return "`" + (lines[0].strip() if lines else "").replace("|", r"\|").replace("`", "'") + "`"
