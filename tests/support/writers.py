"""Work done by other processes: functions that a new process can import."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from storage import migrate, tables
from storage.sessions import Database
from support.databases import disposed


def in_processes(work: Callable[..., None], *arguments: object, processes: int) -> None:
    """Do the same work in several new processes at once; the first failure is raised."""
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for job in [pool.submit(work, *arguments) for _ in range(processes)]:
            job.result(timeout=60)


def count_up(url: str, times: int) -> None:
    """Read the council's name, add one, write it back."""
    with disposed(Database(url)) as database:
        count_up_in(database, times)


def count_up_in(database: Database, times: int) -> None:
    """The same in this process."""
    for _ in range(times):
        with database.write() as session:
            council = session.get_one(tables.Council, 1)
            council.name = str(int(council.name) + 1)


def upgrade(url: str) -> None:
    """Migrate, as each process does when it starts."""
    with disposed(Database(url)) as database:
        migrate.upgrade(database)
