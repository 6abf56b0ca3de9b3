"""Fixtures for all tests. Nothing starts until a test asks for it."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import freezegun
import psycopg
import pytest
from xdist.scheduler import LoadScopeScheduling

from storage.sessions import Database
from support import databases, frozen, needed, old_system, opening, postgres
from support.front_door import FrontDoor
from support.old_system import Month
from support.scenes import Staged
from support.together import Together

# Frozen time must not make the durations that pytest measures absurd.
freezegun.configure(extend_ignore_list=["_pytest.timing"])

AT_A_DOOR = {"open_door", "open_sqlite_door", "browser"}
ROOMY = 4 * 2**30


def _is_surface_on_postgresql(item: pytest.Item) -> bool:
    """Pages and commands run on SQLite: what they call runs on both, and ``test_routes`` opens each page on both."""
    parameters = getattr(item, "callspec", None)
    on_postgresql = parameters is not None and parameters.params.get("database") == "postgresql"
    return on_postgresql and item.path.parent.name in {"web", "cli"} and item.path.name != "test_routes.py"


def pytest_configure() -> None:
    """Keeps what tests write in memory, where there is room: each of thousands of databases is written through.

    Nothing is looked through for garbage while tests are collected: all of it stays, and it would take four seconds.
    """
    gc.disable()
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOMY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what only the night runs, and leaves out what this machine can't try."""
    for item in filter(_is_surface_on_postgresql, items):
        item.add_marker(pytest.mark.nightly)
    needed.leave_out(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From now on there is garbage."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks for no front door lives in real time."""
    if not AT_A_DOOR & set(getattr(item, "fixturenames", ())):
        frozen.live_in_real_time()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was not tried for want of something, each in one line with the command that brings it."""
    skipped = terminalreporter.stats.get("skipped", [])
    for line in needed.told(report.longrepr[2].removeprefix("Skipped: ") for report in skipped):
        terminalreporter.write_line(line, yellow=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as cores: a fifth of the time they wait for a browser, a server, another process."""
    return (os.cpu_count() or 1) * 3 // 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """One worker for all tests that share what takes long to set up; the longest such groups go first."""
    return Together(config, log)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The folder of the PostgreSQL server's socket; one server for each worker process of the tests."""
    with postgres.server() as folder:
        yield folder


@pytest.fixture(scope="session")
def _postgresql(postgresql_server: str) -> Iterator[Staged]:
    url = databases.migrated_postgresql(postgresql_server)
    beside = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
    with closing(beside), databases.disposed(Staged(url)) as database:
        database.stage = databases.PostgresqlStage(beside)
        yield database


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_file(tmp_path_factory.mktemp("migrated") / "pathway.db")


@pytest.fixture(scope="session")
def _sqlite(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staged]:
    path = tmp_path_factory.mktemp("sqlite") / "pathway.db"
    with databases.disposed(Staged(f"sqlite:///{path}")) as database:
        database.stage = databases.SqliteStage(database, _migrated_file)
        yield database


@pytest.fixture
def sqlite_database(_sqlite: Staged) -> Database:
    """A fresh, migrated SQLite database, for what does not depend on the database."""
    return _sqlite.begin()


@pytest.fixture
def postgresql_database(_postgresql: Staged) -> Database:
    """A fresh, migrated PostgreSQL database."""
    return _postgresql.begin()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, migrated database; the test runs on SQLite and on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database in which nothing has been made yet, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return databases.new_postgresql(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def open_database() -> Iterator[Callable[[str], Database]]:
    """Opens databases by address and closes them when the test ends."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(databases.disposed(Database(url)))


@pytest.fixture
def open_impatient() -> Iterator[Callable[[str], Database]]:
    """Opens databases that give up a busy database at once."""
    with ExitStack() as stack:
        yield lambda url: stack.enter_context(databases.disposed(Database(url, wait=0.1)))


@pytest.fixture
def open_door(database: Database) -> Iterator[Callable[..., FrontDoor]]:
    """Opens a front door at a London moment, on SQLite and on PostgreSQL; time moves only when the test moves it."""
    with frozen.clock("2009-01-05") as hand:
        yield lambda at, **more: FrontDoor.opened(database, hand, at, **more)


@pytest.fixture
def open_sqlite_door(sqlite_database: Database) -> Iterator[Callable[..., FrontDoor]]:
    """The same on SQLite alone, for what does not depend on the database."""
    with frozen.clock("2009-01-05") as hand:
        yield lambda at, **more: FrontDoor.opened(sqlite_database, hand, at, **more)


@pytest.fixture(scope="session")
def sqlite_month(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    """The sample month in a database of its own, which tests only look at, and what the import said."""
    path = tmp_path_factory.mktemp("month") / "pathway.db"
    with databases.sqlite_copy(_migrated_file, path) as database:
        yield database, old_system.sample_month(database)


@pytest.fixture(scope="session")
def _postgresql_month(sqlite_month: Month, postgresql_server: str) -> Iterator[Month]:
    url = databases.migrated_postgresql(postgresql_server)
    with databases.disposed(Database(url)) as database:
        opening.copy(sqlite_month[0], database)
        yield database, sqlite_month[1]


@pytest.fixture(params=["sqlite", "postgresql"])
def sample_month(request: pytest.FixtureRequest) -> Month:
    """The same on SQLite and on PostgreSQL, where its rows are copied; the night imports it there too."""
    name = "sqlite_month" if request.param == "sqlite" else "_postgresql_month"
    found: Month = request.getfixturevalue(name)
    return found
