"""One batch of claimed messages on its way: several connections at once, the answers that wait recorded together."""

from __future__ import annotations

import asyncio
import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

from notifications.answers import Answer
from notifications.mailer import Connection
from notifications.outbox import Claimed
from notifications.recording import Came, Recorder
from notifications.servers import MailServer

GRACE_SECONDS = 1.0
TICK_SECONDS = 0.05
TICKS_A_PULSE = 20
# A page that wants to write waits for one transaction of ours, in which a letter meets duties and writes history.
RECORDED_AT_ONCE = 64
LETTERS_AT_ONCE = 12
GATHER_SECONDS = 0.02
# What may be on its way or unrecorded: so many letters can arrive twice when the process is killed.
UNRECORDED_A_CONNECTION = 8

log = logging.getLogger(__name__)


class Batch:
    """Claimed messages and a server; ``waiting`` holds what was not sent.

    ``overtaken`` is asked once a second whether something more urgent than the next message has been written since;
    then nothing more of this batch is begun.
    ``trouble`` is the answer of a server that is down: one for the batch, and no attempt is counted for the messages
    that it kept waiting.
    """

    def __init__(
        self,
        server: MailServer,
        recorder: Recorder,
        *,
        claimed: Sequence[Claimed],
        begin_until: datetime,
        now: Callable[[], datetime],
        overtaken: Callable[[Claimed], bool] = lambda _next: False,
    ) -> None:
        self._server, self._recorder, self._overtaken = server, recorder, overtaken
        self._now, self._begin_until = now, begin_until
        taken = [(message, message.taken) for message in claimed if message.taken]
        self._came = deque(Came(message=message, answer=taken.answer, at=taken.at) for message, taken in taken)
        self.waiting = deque(message for message in claimed if not message.taken)
        self.trouble: Answer | None = None
        self._halted = self._yields = False

    async def run(self, *, connections: int, stop: threading.Event, pulse: Callable[[], None]) -> None:
        """Send until nothing is left, the server fails, the lease is nearly over or ``stop`` is set."""
        self._enough, self._slots = asyncio.Event(), asyncio.Semaphore(connections * UNRECORDED_A_CONNECTION)
        with ThreadPoolExecutor(1, thread_name_prefix="outbox") as self._writer:
            sending = asyncio.create_task(self._send_all(connections))
            recording = asyncio.create_task(self._record_all(sending))
            watching = asyncio.create_task(self._watch(sending, stop, pulse))
            try:
                await asyncio.wait({sending})
            finally:
                watching.cancel()
                sending.cancel()
                # An answer that has come is recorded, also while the process is being stopped.
                await asyncio.wait({sending, recording})
        for task in (sending, recording):
            if not task.cancelled():
                task.result()

    async def _watch(self, sending: asyncio.Task[None], stop: threading.Event, pulse: Callable[[], None]) -> None:
        for tick in itertools.count(1):
            await asyncio.sleep(TICK_SECONDS)
            if stop.is_set():
                break
            if tick % TICKS_A_PULSE == 0:
                await self._in_writer(self._look_up, pulse)
        self._halted = True
        # A server that has the message gets this long to say so; after that the message stays leased, and goes again.
        await asyncio.sleep(GRACE_SECONDS)
        sending.cancel()

    def _look_up(self, pulse: Callable[[], None]) -> None:
        try:
            pulse()
            self._yields = bool(self.waiting) and self._overtaken(self.waiting[0])
        except Exception:
            log.exception("The heartbeat, or the look for what is urgent, failed.")

    async def _send_all(self, connections: int) -> None:
        if not self._may_go_on():
            return
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
            while True:
                await self._slots.acquire()
                if not self._may_go_on():
                    return None
                message = self.waiting.popleft()
                answer = await self._sent(connection, message)
                if answer.server_down:
                    self.waiting.appendleft(message)
                    return answer
                self._came.append(Came(message=message, answer=answer, at=self._now()))
                if len(self._came) >= RECORDED_AT_ONCE:
                    self._enough.set()
        finally:
            if not self._halted:
                await connection.quit()
            connection.drop()

    def _may_go_on(self) -> bool:
        ended = self._halted or self._yields or self._now() >= self._begin_until
        return bool(self.waiting) and not ended

    async def _sent(self, connection: Connection, message: Claimed) -> Answer:
        try:
            return await connection.send(message)
        except asyncio.CancelledError:
            if not connection.in_doubt:
                self.waiting.appendleft(message)
            raise
        except Exception as error:
            log.exception("Message %s could not be sent.", message.id)
            self._recorder.note_fault(message, error)
            text, in_doubt = f"A fault of ours: {type(error).__name__}", connection.in_doubt
            connection.drop()
            return Answer(accepted=False, final=False, code=None, text=text, perhaps_taken=in_doubt)

    async def _record_all(self, sending: asyncio.Task[None]) -> None:
        """Record what has come, again and again, until nothing more can come."""
        sending.add_done_callback(lambda _: self._enough.set())
        while self._came or not sending.done():
            # Answers that come a moment later are recorded in the same transaction.
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._enough.wait()
            if together := self._together():
                await self._in_writer(self._recorder.record, together)
                self._halted = self._halted or self._recorder.broken
            if not sending.done() and len(self._came) < RECORDED_AT_ONCE:
                self._enough.clear()
            for _ in together:
                self._slots.release()

    def _together(self) -> list[Came]:
        """What is recorded in one transaction: so much that a page waits for a moment only."""
        together: list[Came] = []
        letters = 0
        while self._came and len(together) < RECORDED_AT_ONCE and letters < LETTERS_AT_ONCE:
            together.append(self._came.popleft())
            letters += together[-1].message.letter_id is not None
        return together

    def _in_writer(self, work: Callable[..., None], *arguments: object) -> asyncio.Future[None]:
        return asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)
