"""What a sweep costs as the record grows: idle, and with 100 due among 1,000 or 100,000 open clocks."""

from __future__ import annotations

from datetime import timedelta

from benchmarks import scenes, timing
from benchmarks.copies import Copier, Driver, highest_ids, settle
from benchmarks.scenes import NOW, Databases
from pathway.engine.figures import counting
from pathway.engine.watch import sweep
from storage.sessions import Database

DUE = 100
OPEN = {"1,000": 1_000, "100,000": 100_000}
ROUNDS = 9
CHUNK = 500
KINDS = ("sqlite", "postgresql")


def table(databases: Databases) -> str:
    """The Markdown table: the sweep's median round beside each number of open clocks."""
    head = [
        "database",
        "idle, 1,000 open",
        "idle, 100,000 open",
        "ratio",
        "100 due of 1,000",
        "100 due of 100,000",
        "ratio",
    ]
    return timing.markdown(head, [_row(databases, kind) for kind in KINDS])


def _row(databases: Databases, kind: str) -> list[str]:
    places = {size: _Scene(databases, kind, clocks) for size, clocks in OPEN.items()}
    idle = timing.medians({size: place.idle for size, place in places.items()}, rounds=ROUNDS)
    busy = {size: place.with_100_due for size, place in places.items()}
    due = timing.medians(busy, rounds=ROUNDS, before=lambda size: places[size].lay_out_due())
    row = [kind]
    for found in (idle, due):
        few, many = found.values()
        row += [timing.ms(few), timing.ms(many), timing.ratio(many, few)]
    return row


class _Scene:
    """A database with so many open clocks, none of them due at NOW, and a sweep that runs at NOW."""

    def __init__(self, databases: Databases, kind: str, clocks: int) -> None:
        self.database = databases.fresh(kind)
        family = _copier(databases, kind, children=3, age=timedelta(0))
        contacts = clocks // len(family.rows["clock"])
        _load(self.database, family, contacts, "open")
        # One child whose decision was due a minute ago; what the referrer is owed is far from due.
        self._late = _copier(databases, kind, children=1, age=timedelta(hours=24, minutes=1))
        self._rounds = 0

    def idle(self) -> None:
        report = sweep.run_once(self.database, now=NOW)
        assert (report.clocks, report.alerts, report.faults) == (0, 0, 0), report

    def lay_out_due(self) -> None:
        self._rounds += 1
        _load(self.database, self._late, DUE, f"late {self._rounds}")

    def with_100_due(self) -> None:
        report = sweep.run_once(self.database, now=NOW)
        assert (report.clocks, report.faults) == (DUE, 0), report


def _copier(databases: Databases, kind: str, *, children: int, age: timedelta) -> Copier:
    example = databases.fresh(kind)
    scenes.log(example, 0, children=children, received_at=NOW - age)
    counting.count(example)
    handed_over = {"message": {"state": "handed over", "handed_over_at": NOW - age, "attempts": 1}}
    return Copier(example, databases.fresh(kind), handed_over)


def _load(database: Database, copier: Copier, contacts: int, label: str) -> None:
    driver = Driver(database)
    above = highest_ids(database)
    for start in range(0, contacts, CHUNK):
        copier.by_driver(driver, range(start, min(start + CHUNK, contacts)), above=above, label=label)
    driver.close()
    settle(database)
