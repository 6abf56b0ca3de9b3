"""Signs of life: after each sweep and each sending a request to an address outside, where silence is noticed.

The address is one of healthchecks or of anything that works like it: a GET says that all went well, one to ADDRESS/fail
that it did not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from pathway.engine.watch import heartbeats

PATIENCE = 5.0
HEARD_OFTEN_ENOUGH = 429
FAIL = "fail"

log = logging.getLogger(__name__)


class SignsOfLife:
    """One sign after each completed duty, from a thread of its own: nothing that is done here waits for it.

    All is well while each duty of this process has ended well and not long ago: one that hangs is not hidden by
    another that runs. While a request is under way only the newest sign waits.
    """

    def __init__(self, address: str, *, duties: tuple[str, ...], clock: Callable[[], datetime]) -> None:
        self._address, self._clock = address, clock
        self._ended = dict.fromkeys(duties, clock())
        self._troubled: set[str] = set()
        self._newest, self._there, self._over = "", threading.Event(), False
        self._silent = _Silence(address)
        self._thread = threading.Thread(target=self._run, name="signs of life", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more; what is under way is not waited for."""
        self._over = True
        self._there.set()

    def after(self, duty: str) -> Callable[[str], None]:
        """What is called with the trouble, if any, each time that the duty has ended."""
        return lambda trouble: self._note(duty, trouble)

    def _note(self, duty: str, trouble: str) -> None:
        now = self._clock()
        self._ended[duty] = now
        (self._troubled.add if trouble else self._troubled.discard)(duty)
        late = [name for name, at in self._ended.items() if abs(now - at) > heartbeats.GAP]
        self._newest = failing(self._address) if self._troubled or late else self._address
        self._there.set()

    def _run(self) -> None:
        while not self._over:
            self._there.wait()
            self._there.clear()
            if not self._over:
                self._silent.note(send(self._newest))


class _Silence:
    """One line in the log when signs begin to be lost, and one, with their number, when they are heard again."""

    def __init__(self, address: str) -> None:
        self._host, self._lost = urlsplit(address).hostname, 0

    def note(self, trouble: str) -> None:
        if trouble and not self._lost:
            log.warning("A sign of life is not heard at %s: %s. It is sent again and again.", self._host, trouble)
        elif self._lost and not trouble:
            log.warning("Signs of life are heard at %s again; %s were lost.", self._host, self._lost)
        self._lost = self._lost + 1 if trouble else 0


def send(address: str, *, patience: float = PATIENCE) -> str:
    """Sends one sign, at most ``patience`` seconds for each step of it; returns the trouble, or the empty string."""
    try:
        with urlopen(address, timeout=patience):  # noqa: S310 - http or https by the settings
            return ""
    except HTTPError as error:
        error.close()
        return "" if error.code == HEARD_OFTEN_ENOUGH else f"it answers {error.code}"
    except (OSError, ValueError, HTTPException) as error:
        return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__)


def failing(address: str) -> str:
    """The address that says that something failed."""
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{FAIL}"))


@dataclass(slots=True)
class Sign:
    """The one sign of a single run. Without an address, and where it is not wanted, there is none."""

    address: str
    is_wanted: bool = True

    def give(self, address: str) -> None:
        """Sends it there."""
        if self.address and self.is_wanted:
            _Silence(address).note(send(address))


@contextmanager
def around(address: str) -> Iterator[Sign]:
    """A single run, such as cron's: one sign when it has ended, well or not."""
    sign = Sign(address)
    try:
        yield sign
    except BaseException:
        sign.give(failing(address))
        raise
    sign.give(address)
