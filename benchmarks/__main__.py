"""Print the tables of ``docs/performance.md``: ``make bench``."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version

from benchmarks import (
    at_once,
    board,
    figures,
    finding,
    listing,
    log_contact,
    matching,
    paper,
    rules,
    scenes,
    sending,
    stopping,
    sweeping,
)
from benchmarks.scenes import Databases

TABLES: Mapping[str, Callable[[Databases], str]] = {
    "Logging a contact with three children, one transaction each": log_contact.table,
    "A child found again among 200,000": matching.table,
    "Do we know this child, among 200,000": finding.table,
    "The board, at 1,000 and at 100,000 families": board.table,
    "Monday's sheet, a year of contacts": figures.table,
    "The lists, with 1,000 and with 100,000 open referrals": listing.table,
    "Twenty people at once, with 100,000 open referrals": at_once.table,
    "One sweep": sweeping.table,
    "One due moment": lambda _: rules.due_moments(),
    "Due moments by the thousand, through the command": lambda _: rules.batch(),
    "A replay of the sample month": rules.replays,
    "Letters as PDF": lambda _: paper.table(),
    "Letters": lambda _: sending.rendering(),
    "Sending": sending.rates,
    "Sending, the memory that it takes": sending.memory,
    "Ending `pathway up`": lambda _: stopping.table(),
}


def main() -> None:
    """Measure everything, one after the other, in fresh databases; or what begins with words, such as ``the board``."""
    wanted = " ".join(sys.argv[1:]).casefold()
    with scenes.opened() as databases:
        print(_machine(databases), "\n")
        for title, table in TABLES.items():
            if title.casefold().startswith(wanted):
                print(f"{title}:\n\n{table(databases)}\n", flush=True)


def _machine(databases: Databases) -> str:
    with databases.fresh("postgresql").read() as session:
        server = session.connection().exec_driver_sql("SHOW server_version").scalar_one()
    parts = [
        f"Python {platform.python_version()}",
        f"{os.cpu_count()} cores",
        f"SQLite {sqlite3.sqlite_version}",
        f"PostgreSQL {str(server).split()[0]}",
        f"SQLAlchemy {version('sqlalchemy')}",
        f"SQLModel {version('sqlmodel')}",
    ]
    return ", ".join(parts) + "."


if __name__ == "__main__":
    main()
