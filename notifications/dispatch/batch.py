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
from datetime import datetime, timedelta
from typing import TypeVar

from notifications.answers import Answer
from notifications.outbox.channels import Channel, Connection
from notifications.outbox.queue import Claimed
from notifications.outbox.recording import Came, Recorder

GRACE_SECONDS = 1.0
TICK_SECONDS = 0.05
TICKS_A_PULSE = 20
# So many are claimed at a time: when the process is killed, so many may have gone, and go again flagged.
CLAIMED_A_CONNECTION = 12
# A page that wants to write waits for one transaction of ours, in which a letter meets duties and writes history.
LETTERS_AT_ONCE = 12
GATHER_SECONDS = 0.02

T = TypeVar("T")

log = logging.getLogger(__name__)


class Batch:
    """Messages on their way over a channel: those claimed, and up to ``room`` more, claimed as answers are recorded.

    ``waiting`` holds what was not sent. ``trouble`` is the answer of a server that is down: one for the batch, and no
    attempt is counted for the messages that it kept waiting. ``longest`` is how long one message can take.
    """

    def __init__(
        self,
        channel: Channel,
        recorder: Recorder,
        *,
        claimed: Sequence[Claimed],
        room: int,
        longest: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._channel, self._recorder, self._now = channel, recorder, now
        self._room, self._longest = room, longest
        self._at_once = max(1, len(claimed) // 2)
        self._came: deque[Came] = deque()
        self.waiting: deque[Claimed] = deque()
        self._add(claimed)
        self.trouble: Answer | None = None
        self._unrecorded = 0
        self._halted = False

    def _add(self, claimed: Sequence[Claimed]) -> None:
        self._came.extend(
            Came(message=message, answer=message.taken.answer, at=message.taken.at)
            for message in claimed
            if message.taken
        )
        fresh = [message for message in claimed if not message.taken]
        self.waiting = deque(sorted([*self.waiting, *fresh], key=lambda message: message.priority))

    async def run(self, *, connections: int, stop: threading.Event, pulse: Callable[[], None]) -> None:
        """Send until nothing is left, the server fails, the lease is nearly over or ``stop`` is set."""
        self._enough, self._changed = asyncio.Event(), asyncio.Event()
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
                await self._in_writer(_guarded(pulse))
        self._halted = True
        self._changed.set()
        # A server that has the message gets this long to say so; after that the message stays leased, and goes again.
        await asyncio.sleep(GRACE_SECONDS)
        sending.cancel()

    async def _send_all(self, connections: int) -> None:
        if not (self.waiting and self._may_go_on()):
            return
        workers = self._channel.connections(min(connections, len(self.waiting)))
        # The first connection is opened alone: a server that is down, or a wrong secret, is tried once and not by all.
        if trouble := await workers[0].open():
            self.trouble = trouble
            workers[0].drop()
            return
        troubles = await asyncio.gather(*map(self._work, workers))
        # One worker without a connection only means that the server wants fewer at once.
        self.trouble = troubles[0] if all(troubles) else None

    async def _work(self, connection: Connection) -> Answer | None:
        """Send one message after another; returns why the server could not be used any more, or None."""
        try:
            while message := await self._next():
                answer = await self._sent(connection, message)
                if answer.server_down:
                    self._put_back(message)
                    return answer
                self._came.append(Came(message=message, answer=answer, at=self._now()))
                if len(self._came) >= self._at_once:
                    self._enough.set()
        finally:
            if not self._halted:
                await connection.quit()
            connection.drop()
        return None

    async def _next(self) -> Claimed | None:
        """The next message, once there is one; None where none will come."""
        while self._may_go_on():
            if self.waiting:
                self._unrecorded += 1
                return self.waiting.popleft()
            if not (self._unrecorded and self._room):
                break
            self._changed.clear()
            await self._changed.wait()
        return None

    def _may_go_on(self) -> bool:
        # No message is begun that may still be on its way when its lease ends and somebody else takes it.
        too_late = bool(self.waiting) and self._now() >= self.waiting[0].lease_until - self._longest
        return not (self._halted or too_late)

    def _put_back(self, message: Claimed) -> None:
        self.waiting.appendleft(message)
        self._unrecorded -= 1
        self._changed.set()

    async def _sent(self, connection: Connection, message: Claimed) -> Answer:
        try:
            return await connection.send(message)
        except asyncio.CancelledError:
            if not connection.in_doubt:
                self._put_back(message)
            raise
        except Exception as error:
            log.exception("Message %s could not be sent.", message.id)
            self._recorder.note_fault(message, error)
            text, in_doubt = f"A fault of ours: {type(error).__name__}", connection.in_doubt
            connection.drop()
            return Answer(accepted=False, final=False, code=None, text=text, perhaps_taken=in_doubt)

    async def _record_all(self, sending: asyncio.Task[None]) -> None:
        """Record what has come and claim as much instead, again and again, until nothing more can come."""
        sending.add_done_callback(lambda _: self._enough.set())
        while self._came or not sending.done():
            # Answers that come a moment later are recorded in the same transaction.
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._enough.wait()
            if together := self._together():
                await self._record(together, room=0 if self._halted or sending.done() else self._room)
            if not sending.done() and len(self._came) < self._at_once:
                self._enough.clear()

    async def _record(self, together: Sequence[Came], *, room: int) -> None:
        room = min(room, len(together))
        claimed = await self._in_writer(lambda: self._recorder.record(together, room=room))
        self._unrecorded -= sum(one.message.taken is None for one in together)
        # Where fewer were claimed than there was room for, nothing more is due.
        self._room = self._room - room if len(claimed) == room else 0
        self._add(claimed)
        self._halted = self._halted or self._recorder.broken
        self._changed.set()

    def _together(self) -> list[Came]:
        """What is recorded in one transaction: so much that a page waits for a moment only."""
        together: list[Came] = []
        letters = 0
        while self._came and letters < LETTERS_AT_ONCE:
            together.append(self._came.popleft())
            letters += together[-1].message.letter_id is not None
        return together

    def _in_writer(self, work: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._writer, work)


def _guarded(pulse: Callable[[], None]) -> Callable[[], None]:
    def beat() -> None:
        try:
            pulse()
        except Exception:
            log.exception("The heartbeat could not be written.")

    return beat
