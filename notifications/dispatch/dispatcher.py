"""Sending what the outbox holds: claim and commit, send outside any transaction, record each answer in its own."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from notifications.answers import Answer
from notifications.dispatch import holders
from notifications.dispatch.batch import CLAIMED_A_CONNECTION, Batch
from notifications.dispatch.holders import Pulse
from notifications.outbox import queue
from notifications.outbox.channels import Channel
from notifications.outbox.queue import Claimed
from notifications.outbox.recording import Recorder, Settle
from notifications.smtp import smtp_channel
from notifications.smtp.servers import MailServer
from rules.errors import Unavailable
from storage.outages import Outage
from storage.queries import hold_rows
from storage.queries.hold_rows import Held
from storage.queries.letters import holder_rows, outbox_rows
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Heartbeat

__all__ = ["Answer", "DispatchReport", "Dispatcher", "Settle", "run_once"]

LEASE = timedelta(minutes=5)
CONNECTIONS = 8
LIMIT = 2000
HEARTBEAT = "dispatch"
BEAT_EVERY = timedelta(seconds=5)
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What became of one batch. ``server_down`` says why the server could not be used: one text, however many messages.

    ``needs_person`` is True where waiting will not mend the server; ``faults`` are our own, one line each.
    """

    handed_over: int = 0
    put_off: int = 0
    refused: int = 0
    given_back: int = 0
    server_down: str = ""
    needs_person: bool = False
    faults: tuple[str, ...] = ()

    @property
    def found_work(self) -> bool:
        """True where there was something to send."""
        return self != DispatchReport()


def run_once(
    database: Database,
    server: MailServer | Channel,
    settle: Settle,
    *,
    now: Callable[[], datetime],
    connections: int = CONNECTIONS,
    limit: int = LIMIT,
    lease: timedelta = LEASE,
    by: str = "",
    stop: threading.Event | None = None,
    pulse: Callable[[], None] = lambda: None,
) -> DispatchReport:
    """Send up to ``limit`` messages over up to ``connections`` connections, settle each answer, and return.

    Not to be called in a running event loop. ``settle`` runs in the transaction that records the answer. ``stop`` ends
    the batch early; ``pulse`` is called again and again while it runs. Raises InvalidInput where the certificates that
    the server is to be trusted by can't be read, Unavailable where the database can't be used.
    """
    holder, channel = by or holders.new(), smtp_channel.channel(server)
    lease = long_enough(lease, channel)

    def claim(session: WriteSession, room: int) -> list[Claimed]:
        return queue.claim(session, now=now(), lease=lease, limit=room, by=holder)

    at_a_time = min(limit, connections * CLAIMED_A_CONNECTION)
    with database.write() as session:
        claimed = claim(session, at_a_time)
    recorder = Recorder(database, settle, claim)
    batch = Batch(
        channel,
        recorder,
        claimed=claimed,
        room=limit - len(claimed) if len(claimed) == at_a_time else 0,
        longest=timedelta(seconds=channel.longest),
        now=now,
    )
    try:
        if claimed:
            alive = Pulse(database, holder, now=now, also=pulse)
            asyncio.run(batch.run(connections=connections, stop=stop or threading.Event(), pulse=alive))
    finally:
        given_back = _give_back(database, batch, by=holder, now=now()) if claimed else 0
    return DispatchReport(
        handed_over=recorder.tally["handed over"],
        put_off=recorder.tally["put off"],
        refused=recorder.tally["refused"],
        given_back=given_back,
        server_down=batch.trouble.text if batch.trouble else "",
        needs_person=batch.trouble is not None and batch.trouble.final,
        faults=tuple(recorder.faults),
    )


def long_enough(lease: timedelta, channel: Channel) -> timedelta:
    """The lease, or what one message can take twice over: what is begun must end before somebody else may take it."""
    return max(lease, 2 * timedelta(seconds=channel.longest))


def _give_back(database: Database, batch: Batch, *, by: str, now: datetime) -> int:
    because = str(batch.trouble) if batch.trouble else ""
    with database.write() as session:
        given_back = len(queue.give_back(session, batch.waiting, by=by, because=because)) if batch.waiting else 0
        holder_rows.forget(session, by, now=now)
        return given_back


@dataclass(eq=False, kw_only=True, slots=True)
class _Pause:
    """How long a server that is down is left alone: longer each time, the longest at once where a person must act."""

    seconds: float = 0.0
    until: float = field(default=0.0)

    def after(self, report: DispatchReport) -> None:
        if not report.server_down:
            self.seconds = self.until = 0.0
            return
        longer = LONGEST_PAUSE if report.needs_person else 2 * self.seconds
        self.seconds = min(max(longer, FIRST_PAUSE), LONGEST_PAUSE)
        self.until = time.monotonic() + self.seconds

    def over(self) -> bool:
        return time.monotonic() >= self.until


class Dispatcher:
    """A thread that sends as long as there is work, looks again when woken or every ``poll``, and beats a heartbeat.

    ``told`` is handed every report of a batch, in this thread: that is where a server that is down becomes an alert.
    ``ended`` is called with the trouble, if any, after each heartbeat's turn.
    ``look`` comes before each turn and again and again during a batch: at the clock, which may have jumped.
    """

    def __init__(
        self,
        database: Database,
        server: MailServer | Channel,
        settle: Settle,
        clock: Callable[[], datetime],
        *,
        poll: timedelta = timedelta(seconds=2),
        connections: int = CONNECTIONS,
        told: Callable[[DispatchReport], None] = lambda _report: None,
        ended: Callable[[str], None] = lambda _trouble: None,
        look: Callable[[], None] = lambda: None,
    ) -> None:
        self._database, self._server, self._settle, self._clock = database, server, settle, clock
        self._poll, self._connections, self._told = poll.total_seconds(), connections, told
        self._ended, self._trouble = ended, ""
        self._look = look
        self._stop, self._woken = threading.Event(), threading.Event()
        self._pause = _Pause()
        self._outage = Outage(log, "Sending")
        self._beat_at: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="dispatch", daemon=True)

    def start(self) -> None:
        """Begin sending."""
        self._thread.start()

    def wake(self) -> None:
        """Look into the outbox now: something was written. A server that is down is left alone all the same."""
        self._woken.set()

    def stop(self, timeout: float = 2.0) -> bool:
        """Stop within ``timeout`` seconds; True when it did. What was not sent goes back to the queue."""
        self._stop.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        self._take_over()
        while not self._stop.is_set():
            self._woken.clear()
            if not self._guarded_turn():
                self._woken.wait(self._poll)

    def _guarded_turn(self) -> bool:
        before = self._beat_at
        try:
            more = self._turn()
        except Exception as error:  # noqa: BLE001 - whatever it is, sending goes on
            self._say(error)
            self._ended(type(error).__name__)
            return False
        self._outage.is_over()
        if self._beat_at != before:
            self._ended(self._trouble)
        return more

    def _say(self, error: Exception) -> None:
        if isinstance(error, Unavailable):
            self._outage.goes_on(error)
        else:
            log.error("Sending stopped on a fault; it is tried again in %s seconds.", self._poll, exc_info=error)

    def _take_over(self) -> None:
        """On a file that is only used from here, what a predecessor had that was killed is known to be free."""
        if self._database.dialect != "sqlite":
            return
        try:
            if taken := holders.take_over_from_the_dead(self._database, now=self._clock()):
                log.info("%s messages that a process which ended had on their way are taken over.", taken)
        except Exception:
            log.exception("What a process which ended had on its way is taken over in half a minute.")

    def _turn(self) -> bool:
        """One look into the outbox; True where there may be more to send at once."""
        self._beat()
        if not self._pause.over():
            return False
        with self._database.read() as session:
            if not outbox_rows.anything_due(session, now=self._clock()):
                return False
        report = run_once(
            self._database,
            self._server,
            self._settle,
            now=self._clock,
            connections=self._connections,
            stop=self._stop,
            pulse=self._beat,
        )
        self._note(report)
        return report.found_work and not (report.server_down or report.faults)

    def _note(self, report: DispatchReport) -> None:
        if report.handed_over or report.put_off or report.refused:
            counts = (report.handed_over, report.put_off, report.refused)
            log.info("Messages: %s handed over, %s put off, %s refused.", *counts)
        if report.server_down and not self._pause.seconds:
            log.warning("The mail server %s can't be used: %s. Messages wait.", self._server, report.server_down)
        elif self._pause.seconds and not report.server_down:
            log.info("The mail server %s can be used again.", self._server)
        self._pause.after(report)
        self._trouble = report.server_down
        self._told(report)

    def _beat(self) -> None:
        self._look()
        now = self._clock()
        if self._beat_at is not None and abs(now - self._beat_at) < BEAT_EVERY:
            return
        with self._database.read() as session:
            if hold_rows.held(session) is not Held.NOT:
                return  # no sign of work while there is none, and none by a clock that is wrong
        try:
            with self._database.write() as session:
                heartbeat = session.get(Heartbeat, HEARTBEAT) or Heartbeat(name=HEARTBEAT, beat_at=now)
                heartbeat.beat_at = now
                session.add(heartbeat)
        except Conflict:
            pass  # another dispatcher wrote the first heartbeat between the look and the insert
        self._beat_at = now
