"""The only reader of the clocks. Everybody else is handed ``now``."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def utc_now() -> datetime:
    """The present moment on the wall, aware, in UTC."""
    return datetime.now(UTC)


def counted() -> timedelta:
    """Time since the machine started, sleep included where the platform counts it; nobody can set this clock."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return timedelta(seconds=time.monotonic() if boot is None else time.clock_gettime(boot))


def boot() -> str:
    """A name for this start of the machine: two processes with one name read the same two clocks."""
    with suppress(OSError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return machine()


def machine() -> str:
    """The name of this machine, which a new start does not change."""
    return socket.gethostname()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The two clocks of a process, so that tests and simulations can move both: the wall's, and the one that counts."""

    wall: Callable[[], datetime] = utc_now
    counted: Callable[[], timedelta] = counted
    boot: str = field(default_factory=boot)
    machine: str = field(default_factory=machine)
