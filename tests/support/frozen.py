"""A frozen clock around each test's own, left standing from test to test: only the first looks through all modules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import freezegun
from freezegun.api import FrozenDateTimeFactory

_standing = ExitStack()


@contextmanager
def clock(at: str) -> Iterator[FrozenDateTimeFactory]:
    """A clock that moves only when the test moves it."""
    if not freezegun.api.freeze_factories:
        _standing.enter_context(_frozen(at))
    with _frozen(at) as frozen:
        yield frozen


def live_in_real_time() -> None:
    """Ends the clock that was left standing."""
    _standing.close()


def _frozen(at: str) -> freezegun.api._freeze_time:
    return freezegun.freeze_time(at, real_asyncio=True)
