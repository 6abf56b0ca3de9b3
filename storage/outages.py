"""An outage of the database in the log: one line when it begins, and how often it was tried when it is over."""

from __future__ import annotations

import logging
import threading

from rules.errors import Unavailable
from rules.words import counted


class Outage:
    """What one part of a process says of an outage, whichever of its threads meets it; ``what`` names the part."""

    def __init__(self, logger: logging.Logger, what: str) -> None:
        self._logger, self._what = logger, what
        self._failures, self._lock = 0, threading.Lock()

    def goes_on(self, error: Unavailable) -> None:
        """The database could not be used: said the first time, counted from then on."""
        with self._lock:
            self._failures += 1
            first = self._failures == 1
        if first:
            self._logger.error("%s: %s It is tried again and again.", self._what, error)

    def is_over(self) -> None:
        """The database was used: where it could not be before, that is said with the count."""
        if not self._failures:
            return
        with self._lock:
            failures, self._failures = self._failures, 0
        if failures:
            self._logger.warning(
                "%s: the database can be used again, after %s.", self._what, counted(failures, "failure")
            )
