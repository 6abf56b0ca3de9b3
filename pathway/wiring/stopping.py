"""Ending cleanly on Ctrl-C and SIGTERM, within three seconds, also where a script started us with Ctrl-C ignored."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

SIGNALS = (signal.SIGINT, signal.SIGTERM)
PATIENCE = 2.2


def leave(word: str) -> NoReturn:
    """Says ``word`` and ends the process, everything of ours having ended.

    Not by way of the interpreter's own end: that takes down module after module, for seconds on a busy machine.
    """
    sys.stdout.flush()
    sys.stderr.write(f"{word}\n")
    sys.stderr.flush()
    os._exit(0)


class Stop:
    """The wish to end. ``wait`` returns when it was uttered; each function given to ``also`` is called then.

    What has not ended 2.2 seconds later is cut off: each step of ours is one transaction, so nothing is left half done.
    """

    def __init__(self) -> None:
        self._wished = threading.Event()
        self._told: list[Callable[[], None]] = []

    def listen(self) -> None:
        """Take over Ctrl-C and SIGTERM from now on, whatever was inherited. Only in the main thread."""
        for number in SIGNALS:
            signal.signal(number, self._heard)

    def also(self, tell: Callable[[], None]) -> None:
        """Call ``tell`` when it is time to end."""
        self._told.append(tell)
        if self._wished.is_set():
            tell()

    def wish(self) -> None:
        """It is time to end."""
        self._wished.set()
        for tell in self._told:
            tell()

    def wait(self) -> None:
        """Sleep until it is time to end."""
        self._wished.wait()

    def wait_for(self, seconds: float) -> bool:
        """Sleep so long, or until it is time to end; True where it is."""
        return self._wished.wait(seconds)

    @property
    def wished(self) -> bool:
        """True once it is time to end."""
        return self._wished.is_set()

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self._wished.is_set():
            os._exit(1)  # asked twice: at once
        last = threading.Timer(PATIENCE, os._exit, args=(0,))
        last.daemon = True
        last.start()
        self.wish()
