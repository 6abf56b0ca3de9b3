"""A lock taken in the order of arrival: with Python's own, a busy thread may take it again while others starve."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class FairLock:
    """One holder at a time, first come, first served. Another thread than the one that took it may release it."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._held = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self, *, timeout: float) -> Iterator[bool]:
        """Hold the lock inside the block; yields False, without it, when ``timeout`` seconds were not enough."""
        mine = self._take(timeout)
        try:
            yield mine
        finally:
            if mine:
                self._pass_on()

    def _take(self, timeout: float) -> bool:
        with self._mutex:
            if not self._held:
                self._held = True
                return True
            ticket = Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        return ticket.acquire(timeout=timeout) or not self._leave(ticket)

    def _leave(self, ticket: Lock) -> bool:
        with self._mutex:
            if ticket not in self._waiting:  # handed over between the end of the wait and here
                return False
            self._waiting.remove(ticket)
            return True

    def _pass_on(self) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False
