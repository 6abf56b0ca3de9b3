"""Print the tables of ``docs/performance.md``: ``make bench``."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version

from benchmarks import finding, listing, log_contact, matching, paper, rules, scenes, sending, stopping, sweeping
from benchmarks.scenes import Databases


def main() -> None:
    """Measure everything, one after the other, in fresh databases."""
    with scenes.opened() as databases:
        print(_machine(databases), "\n")
        print("Logging a contact with three children, one transaction each:\n")
        print(log_contact.table(databases), "\n")
        print("A child found again among 200,000:\n")
        print(matching.table(databases), "\n")
        print("Do we know this child, among 200,000:\n")
        print(finding.table(databases), "\n")
        print("The lists, with 1,000 and with 100,000 open referrals:\n")
        print(listing.table(databases), "\n")
        print("One sweep:\n")
        print(sweeping.table(databases), "\n")
        print("One due moment:\n")
        print(rules.due_moments(), "\n")
        print("Due moments by the thousand, through the command:\n")
        print(rules.batch(), "\n")
        print("A replay of the sample month:\n")
        print(rules.replays(databases), "\n")
        print("Letters as PDF:\n")
        print(paper.table(), "\n")
        print("Letters:\n")
        print(sending.rendering(), "\n")
        print("Sending:\n")
        print(sending.rates(databases), "\n")
        print(sending.memory(databases), "\n")
        print("Ending `pathway up`:\n")
        print(stopping.table())


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
