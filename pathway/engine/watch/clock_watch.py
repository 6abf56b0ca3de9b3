"""Watching the clock of this machine: it must move as the clock does that counts on and that nobody can set.

An hour between the two is a doubt; so is a start at which the last heartbeat lies in the future, or two months back. A
clock that is drawn slowly towards the right time, as time servers do, raises none.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from pathway.engine.watch import clock_doubts
from pathway.engine.watch.clock_doubts import Reading, moment_words
from storage.clock import Clocks
from storage.queries import hold_rows
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import ClockDoubt

MOST = timedelta(hours=1)
LONGEST_STOP = timedelta(days=62)
DRIFT = 0.1
"""How far the wall's clock may be drawn while the other counts one second: more than any time server does."""

_log = logging.getLogger(__name__)


class ClockWatch:
    """The watch of one process; every part of it asks this one for the time, and any may look, from any thread."""

    def __init__(self, database: Database, clocks: Clocks, *, told: Callable[[], None] = lambda: None) -> None:
        """``told`` is called when a doubt was opened here: there is something to send."""
        self._database, self._clocks, self._told = database, clocks, told
        self._lock = threading.Lock()
        self._in_doubt = False
        read = self._read()
        self._apart, self._seen = _apart(read), read.counted

    def now(self) -> datetime:
        """The present moment, as the wall's clock says it."""
        return self._clocks.wall()

    def begin(self) -> None:
        """The look of a process that starts: at the last heartbeat, and at a doubt that is open. Raises Unavailable."""
        read = self._read()
        with self._database.write() as session:
            if hold_rows.doubt(session) is None:
                self._compare_with_heartbeat(session, read)
            self._in_doubt = hold_rows.doubt(session) is not None
        self._tell_if_in_doubt()
        self.look()

    def look(self) -> None:
        """One look; where the clock has jumped, or is right again, that is written down. Never inside a transaction.

        A fault of the database is logged: the next look comes soon.
        """
        try:
            with self._lock:
                self._look(self._read())
        except Exception:  # noqa: BLE001 - whatever the database raises: the next look comes in seconds
            _log.exception("The clock could not be watched; the next look comes in a few seconds.")

    def _look(self, read: Reading) -> None:
        if self._in_doubt:
            self._look_for_the_end(read)
            return
        moved = _apart(read) - self._apart
        if abs(moved) > MOST:
            self._jumped(read, moved)
        else:
            self._follow(read, moved)

    def _follow(self, read: Reading, moved: timedelta) -> None:
        most = (read.counted - self._seen) * DRIFT
        self._apart += max(-most, min(moved, most))
        self._seen = read.counted

    def _jumped(self, read: Reading, moved: timedelta) -> None:
        right = read.wall - moved
        because = f"The clock of {read.machine} went from {moment_words(right)} to {moment_words(read.wall)} at once"
        try:
            with self._database.write() as session:
                if not _was_accepted(session, read.wall):
                    clock_doubts.begin(session, read, because=because, trusted_at=right, reckoned=True)
                    self._in_doubt = True
        except Conflict:
            self._in_doubt = True  # another process saw it at the same moment
        if self._in_doubt:
            self._tell_if_in_doubt()
        else:
            self._trust(read)

    def _tell_if_in_doubt(self) -> None:
        if self._in_doubt:
            _log.error("The clock is in doubt: nothing is judged or sent. See `pathway doctor`.")
            self._told()

    def _look_for_the_end(self, read: Reading) -> None:
        with self._database.read() as session:
            doubt = hold_rows.doubt(session)
        if doubt is not None and not _is_right_again(doubt, read):
            return
        with self._database.write() as session:
            if (doubt := hold_rows.lock_doubt(session)) is not None:
                clock_doubts.end(session, doubt, by="", now=read.wall)
        self._in_doubt = False
        self._trust(read)
        _log.warning("The clock is not in doubt any more; everything goes on.")
        self._told()

    def _compare_with_heartbeat(self, session: WriteSession, read: Reading) -> None:
        last = hold_rows.last_beat(session)
        if last is None or -MOST <= read.wall - last <= LONGEST_STOP or _was_accepted(session, read.wall):
            return
        because = (
            f"The clock of {read.machine} said {moment_words(read.wall)} at the start, and the last sign of work is of "
            f"{moment_words(last)}"
        )
        clock_doubts.begin(session, read, because=because, trusted_at=last, reckoned=False)

    def _trust(self, read: Reading) -> None:
        self._apart, self._seen = _apart(read), read.counted

    def _read(self) -> Reading:
        clocks = self._clocks
        return Reading(wall=clocks.wall(), counted=clocks.counted(), boot=clocks.boot, machine=clocks.machine)


def _apart(read: Reading) -> timedelta:
    return read.wall - _ORIGIN - read.counted


_ORIGIN = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _was_accepted(session: WriteSession, wall: datetime) -> bool:
    """True where somebody has said within the last hour, by this very clock, that it is right."""
    last = hold_rows.latest_doubt(session)
    return last is not None and bool(last.ended_by) and last.ended_at is not None and abs(wall - last.ended_at) <= MOST


def _is_right_again(doubt: ClockDoubt, read: Reading) -> bool:
    """Reckoned since one start of the machine where that can be; else as a start would ask, on the same machine."""
    if doubt.boot == read.boot and doubt.trusted_counted is not None:
        expected = doubt.trusted_at + read.counted - timedelta(seconds=doubt.trusted_counted)
        return abs(read.wall - expected) <= MOST
    return doubt.machine == read.machine and -MOST <= read.wall - doubt.trusted_at <= LONGEST_STOP
