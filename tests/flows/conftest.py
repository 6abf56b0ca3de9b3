"""A front door for each flow, on both databases, in frozen time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from freezegun import freeze_time

from storage.sessions import Database
from support.front_door import FrontDoor


@pytest.fixture
def open_door(database: Database) -> Iterator[Callable[..., FrontDoor]]:
    """Opens the front door at a London moment, on SQLite and on PostgreSQL; time moves only when the test moves it."""
    with freeze_time("2009-01-05", real_asyncio=True) as frozen:
        yield lambda at, **more: FrontDoor.opened(database, frozen, at, **more)
