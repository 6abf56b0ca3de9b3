"""The thread that watches the clock of a process: by itself it looks every few seconds, whatever else sleeps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

EVERY_SECONDS = 5.0


@contextmanager
def watching(look: Callable[[], None], *, also: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Calls ``look`` and then ``also`` every five seconds while the block runs.

    It counts by a clock that nobody sets: what waits for a moment on the wall would sleep on where that was set back.
    """
    enough = threading.Event()

    def run() -> None:
        while not enough.wait(EVERY_SECONDS):
            look()
            also()

    threading.Thread(target=run, name="clock", daemon=True).start()
    try:
        yield
    finally:
        enough.set()
