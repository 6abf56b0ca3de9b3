"""A front door for each flow, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storage.sessions import Database
from support.front_door import FrontDoor


@pytest.fixture
def open_door(database: Database) -> Callable[..., FrontDoor]:
    """Opens the front door at a London moment, on SQLite and on PostgreSQL."""
    return lambda at, **more: FrontDoor.opened(database, at, **more)
