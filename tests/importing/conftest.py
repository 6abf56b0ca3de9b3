"""Fixtures for the tests of imports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from support.front_door import FrontDoor


@pytest.fixture
def office(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    """A front door on the Monday on which March 2009 is imported, on SQLite and on PostgreSQL."""
    return open_door("2009-04-06 09:00")
