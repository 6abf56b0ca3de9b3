"""A desk for every test of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.sessions import Database
from support import desk, frozen
from support.desk import Desk
from support.front_door import FrontDoor

THURSDAY = "2009-03-26 10:00"


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """The catcher's folder, empty."""
    folder = tmp_path / "mailbox"
    folder.mkdir()
    return folder


@pytest.fixture
def browser(sqlite_database: Database, mailbox: Path) -> Iterator[Desk]:
    """A browser on a Thursday morning in which nobody is signed in, for what does not depend on the database."""
    with frozen.clock("2009-03-26") as hand:
        yield desk.at(FrontDoor.opened(sqlite_database, hand, THURSDAY), mailbox=mailbox)


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    """A front door on the same morning, on SQLite and on PostgreSQL."""
    return open_door(THURSDAY)


@pytest.fixture
def either(door: FrontDoor, mailbox: Path) -> Desk:
    """A browser on either database."""
    return desk.at(door, mailbox=mailbox)
