"""Who has messages on their way: a name for each batch, a heartbeat while it lives, and how a dead one is known."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from storage.queries.letters import holder_rows
from storage.sessions import Database

BEAT_EVERY = timedelta(seconds=5)
PARTS = 3


def new() -> str:
    """A name that no other batch has: machine, process and a number drawn by lot."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"


def is_dead(holder: str, *, host: str, pid: int) -> bool:
    """True where the process that took messages under this name has certainly ended.

    Only on its own machine can that be known. A process of our own number that is not ours is one that had it before
    us, as in a container that was started again. ``host`` and ``pid`` are ours.
    """
    where, _, rest = holder.rpartition(":")[0].rpartition(":")
    if where != host or not rest.isdigit():
        return False
    return int(rest) == pid or not _runs(int(rest))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is there, and somebody else's
    return True


def take_over_from_the_dead(database: Database, *, now: datetime) -> int:
    """Frees what a dead predecessor on this machine had on its way; returns how many messages. Before we take any."""
    host, pid = socket.gethostname(), os.getpid()
    with database.write() as session:
        dead = [holder for holder in holder_rows.holders(session) if is_dead(holder, host=host, pid=pid)]
        return holder_rows.free(session, dead, now=now)


class Pulse:
    """Says every five seconds that a batch is alive; ``also`` is called each time that it is asked."""

    def __init__(
        self, database: Database, holder: str, *, now: Callable[[], datetime], also: Callable[[], None]
    ) -> None:
        self._database, self._holder, self._now, self._also = database, holder, now, also
        self._beat_at = now()

    def __call__(self) -> None:
        """Beat, where the last time is five seconds ago."""
        self._also()
        now = self._now()
        if abs(now - self._beat_at) < BEAT_EVERY:
            return
        with self._database.write() as session:
            holder_rows.beat(session, self._holder, now=now)
        self._beat_at = now
