"""One batch of claimed messages on its way: several connections at once, each answer recorded before the next one."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Protocol

from notifications import outbox, plain
from notifications.answers import Answer
from notifications.mailer import Connection
from notifications.outbox import Claimed
from notifications.servers import MailServer
from rules.errors import Unavailable
from storage.sessions import Database, WriteSession
from storage.tables import Message

GRACE_SECONDS = 1.0
TICK_SECONDS = 0.05
TICKS_A_PULSE = 20
BUSY_TRIES = 3
LONGEST_FAULT = 300

log = logging.getLogger(__name__)


class Settle(Protocol):
    """What follows from an answer (clocks, history, alerts), in the transaction that records it."""

    def __call__(self, session: WriteSession, message: Message, answer: Answer, /, *, now: datetime) -> None:
        """Record what follows."""


class Batch:
    """Claimed messages, a server, and what became of them.

    ``tally`` counts, ``faults`` are our own, ``waiting`` holds what was not sent. ``trouble`` is the answer of a server
    that is down: one for the batch, and no attempt is counted for the messages that it kept waiting.
    """

    def __init__(
        self,
        database: Database,
        server: MailServer,
        settle: Settle,
        *,
        claimed: Sequence[Claimed],
        begin_until: datetime,
        now: Callable[[], datetime],
    ) -> None:
        self._database, self._server, self._settle = database, server, settle
        self._now, self._begin_until = now, begin_until
        self._taken = [message for message in claimed if message.taken]
        self.waiting = deque(message for message in claimed if not message.taken)
        self.tally: Counter[str] = Counter()
        self.faults: list[str] = []
        self.trouble: Answer | None = None
        self._lock = threading.Lock()
        self._halted = False

    async def run(self, *, connections: int, stop: threading.Event, pulse: Callable[[], None]) -> None:
        """Send until nothing is left, the server fails, the lease is nearly over or ``stop`` is set."""
        writers = 1 if self._database.dialect == "sqlite" else connections
        with ThreadPoolExecutor(writers, thread_name_prefix="outbox") as self._writers:
            sending = asyncio.create_task(self._send_all(connections))
            watching = asyncio.create_task(self._watch(sending, stop, pulse))
            try:
                await asyncio.wait({sending})
            finally:
                watching.cancel()
                sending.cancel()
                await asyncio.wait({sending})
        if not sending.cancelled():
            sending.result()

    async def _watch(self, sending: asyncio.Task[None], stop: threading.Event, pulse: Callable[[], None]) -> None:
        for tick in itertools.count(1):
            await asyncio.sleep(TICK_SECONDS)
            if stop.is_set():
                break
            if tick % TICKS_A_PULSE == 0:
                await self._in_writer(_guarded(pulse))
        self._halted = True
        # A server that has the message gets this long to say so; after that the message stays leased, and goes again.
        await asyncio.sleep(GRACE_SECONDS)
        sending.cancel()

    async def _send_all(self, connections: int) -> None:
        for message in self._taken:
            if message.taken:
                await self._record(message, message.taken.answer, message.taken.at)
        if self._may_go_on():
            await self._send_waiting(connections)

    async def _send_waiting(self, connections: int) -> None:
        trust = self._server.trust()
        workers = [Connection(self._server, trust) for _ in range(min(connections, len(self.waiting)))]
        # The first connection is opened alone: a server that is down, or a wrong secret, is tried once and not by all.
        if trouble := await workers[0].open():
            self.trouble = trouble
            return
        troubles = await asyncio.gather(*map(self._work, workers))
        # One worker without a connection only means that the server wants fewer at once.
        self.trouble = troubles[0] if all(troubles) else None

    async def _work(self, connection: Connection) -> Answer | None:
        """Send one message after another; returns why the server could not be used any more, or None."""
        try:
            while self._may_go_on():
                message = self.waiting.popleft()
                answer = await self._sent(connection, message)
                if answer.server_down:
                    self.waiting.appendleft(message)
                    return answer
                await self._record(message, answer, self._now())
        finally:
            if not self._halted:
                await connection.quit()
            connection.drop()
        return None

    def _may_go_on(self) -> bool:
        return bool(self.waiting) and not self._halted and self._now() < self._begin_until

    async def _sent(self, connection: Connection, message: Claimed) -> Answer:
        try:
            return await connection.send(message)
        except asyncio.CancelledError:
            if not connection.in_doubt:
                self.waiting.appendleft(message)
            raise
        except Exception as error:
            log.exception("Message %s could not be sent.", message.id)
            self._note_fault(message, error)
            connection.drop()
            return Answer(accepted=False, final=False, code=None, text=f"A fault of ours: {type(error).__name__}")

    async def _record(self, message: Claimed, answer: Answer, at: datetime) -> None:
        # Shielded: an answer that has come is recorded, also while the process is being stopped.
        await asyncio.shield(self._in_writer(self._record_in_writer, message, answer, at))

    def _in_writer(self, work: Callable[..., None], *arguments: object) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._writers, work, *arguments)

    def _record_in_writer(self, message: Claimed, answer: Answer, at: datetime) -> None:
        try:
            self._recorded(message, answer, at)
        except Exception as error:
            log.exception("The answer to message %s could not be settled.", message.id)
            self._note_fault(message, error)
            self._put_off(message, answer, at)
        else:
            self._count("handed over" if answer.accepted else "refused" if answer.final else "put off")

    def _recorded(self, message: Claimed, answer: Answer, at: datetime) -> None:
        for tries_left in reversed(range(BUSY_TRIES)):
            try:
                with self._database.write() as session:
                    self._settled(session, message, answer, at)
            except Unavailable:
                if not tries_left:
                    raise
            else:
                return

    def _settled(self, session: WriteSession, message: Claimed, answer: Answer, at: datetime) -> None:
        if message.taken:
            self._settle(session, outbox.record_taken(session, message.id, message.taken), answer, now=at)
            return
        row, news = outbox.record_news(session, message.id, answer, now=at)
        if news:
            self._settle(session, row, answer, now=at)

    def _put_off(self, message: Claimed, answer: Answer, at: datetime) -> None:
        try:
            with self._database.write() as session:
                outbox.put_off(session, message.id, answer, now=at)
            self._count("put off")
        except Exception as error:
            # Answers can't be kept: whatever is sent now would be sent twice.
            log.exception("The answer to message %s could not be recorded; sending stops.", message.id)
            self._note_fault(message, error)
            self._halted = True

    def _count(self, what: str) -> None:
        with self._lock:
            self.tally[what] += 1

    def _note_fault(self, message: Claimed, error: Exception) -> None:
        self.faults.append(plain.one_line(f"Message {message.id}: {type(error).__name__}: {error}")[:LONGEST_FAULT])


def _guarded(pulse: Callable[[], None]) -> Callable[[], None]:
    def beat() -> None:
        try:
            pulse()
        except Exception:
            log.exception("The heartbeat could not be written.")

    return beat
