"""Recording what mail servers said: all answers that wait in one transaction, none lost to a fault in another's."""

from __future__ import annotations

import dataclasses
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notifications import plain
from notifications.answers import Answer
from notifications.outbox.queue import Claimed, attempt_at, counted
from rules.errors import Unavailable
from rules.messages import MessageState
from storage.queries.letters import outbox_rows
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Message

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
TRIES = 3
LONGEST_FAULT = 300

log = logging.getLogger(__name__)

Chance = Callable[[], float]
Claim = Callable[[WriteSession, int], list[Claimed]]


class Settle(Protocol):
    """What follows from an answer (clocks, history, alerts), in the transaction that records it.

    It may be called again for the same answer after a transaction was rolled back: it touches nothing but the session.
    """

    def __call__(self, session: WriteSession, message: Message, answer: Answer, /, *, now: datetime) -> None:
        """Record what follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """An answer that came at ``at`` for a message that this dispatcher has claimed."""

    message: Claimed
    answer: Answer
    at: datetime


class Recorder:
    """Records answers and what follows from them, and takes as many messages instead with ``claim``.

    ``tally`` counts what became of the messages, ``faults`` are our own. ``broken``: an answer could not be kept at
    all, so that whatever is sent now would be sent twice.
    """

    def __init__(self, database: Database, settle: Settle, claim: Claim = lambda _session, _room: []) -> None:
        self._database, self._settle, self._claim = database, settle, claim
        self.tally: Counter[str] = Counter()
        self.faults: list[str] = []
        self.broken = False

    def record(self, came: Sequence[Came], *, room: int = 0) -> list[Claimed]:
        """Record all in one transaction, or, where one of them does not let that happen, each in one of its own.

        Returns up to ``room`` messages that were claimed in the same transaction.
        """
        try:
            claimed = self._in_one_transaction(came, room=room)
        except Exception as error:
            if len(came) == 1:
                self._keep(came[0], error)
                return []
            log.debug("%s answers can't be recorded together.", len(came), exc_info=True)
            return [message for one in came for message in self.record([one])]
        self.tally.update(_what_became(one.answer) for one in came)
        return claimed

    def note_fault(self, message: Claimed, error: Exception) -> None:
        """Keep a fault of ours for the report."""
        self.faults.append(plain.one_line(f"Message {message.id}: {type(error).__name__}: {error}")[:LONGEST_FAULT])

    def _in_one_transaction(self, came: Sequence[Came], *, room: int) -> list[Claimed]:
        for _ in range(TRIES - 1):
            with suppress(Unavailable, Conflict):
                return self._recorded(came, room=room)
        return self._recorded(came, room=room)

    def _recorded(self, came: Sequence[Came], *, room: int) -> list[Claimed]:
        with self._database.write() as session:
            self._settled(session, came)
            return self._claim(session, room) if room else []

    def _settled(self, session: WriteSession, came: Sequence[Came]) -> None:
        # Contacts come before anything else, and all of them at once and in one order: whoever changes a referral
        # holds its contact first (docs/adr/0003), and two dispatchers must not wait for each other.
        if letters := [one.message.letter_id for one in came if one.message.letter_id is not None]:
            outbox_rows.lock_contacts_of(session, letters)
        rows = outbox_rows.lock_all(session, [one.message.id for one in came])
        news = _write(session, [(rows[one.message.id], one) for one in came])
        for row, one in news:
            self._settle(session, row, one.answer, now=one.at)

    def _keep(self, one: Came, error: Exception) -> None:
        """Keep the answer itself where what follows from it can't be recorded."""
        log.error("The answer to message %s could not be settled.", one.message.id, exc_info=error)
        self.note_fault(one.message, error)
        try:
            with self._database.write() as session:
                put_off(session, one.message.id, one.answer, now=one.at)
            self.tally["put off"] += 1
        except Exception as worse:
            log.exception("The answer to message %s could not be recorded; sending stops.", one.message.id)
            self.note_fault(one.message, worse)
            self.broken = True


def _what_became(answer: Answer) -> str:
    return "handed over" if answer.accepted else "refused" if answer.final else "put off"


def _write(session: WriteSession, came: Sequence[tuple[Message, Came]]) -> list[tuple[Message, Came]]:
    """Write answers into their rows; returns those from which something follows.

    What was ``taken`` already has its attempt, and what follows from it has not been recorded yet.
    """
    fresh = [(row, one) for row, one in came if not one.message.taken]
    news = [(row, one) for row, one in came if one.message.taken or _is_news(row, one.answer)]
    outbox_rows.add_attempts(session, [attempt_at(one.message.id, one.answer, one.at) for _, one in fresh])
    outbox_rows.write(session, [(row, _changes(row, one)) for row, one in came])
    return news


def _changes(row: Message, one: Came) -> dict[str, object]:
    if not one.message.taken:
        return _answered(row, one.answer, now=one.at, chance=random.random)
    return (
        {}
        if row.state == MessageState.HANDED_OVER
        else _settled(one.answer, row.attempts, now=one.at, chance=random.random)
    )


def record_answer(
    session: WriteSession, message_id: int, answer: Answer, *, now: datetime, chance: Chance = random.random
) -> Message:
    """Write down what the mail server said: handed over, refused, or queued again after a delay with jitter.

    A message that is settled stays as it is, unless a server accepted it after all. Raises NotFound.
    """
    message = outbox_rows.lock(session, message_id)
    outbox_rows.add_attempts(session, [attempt_at(message_id, answer, now)])
    outbox_rows.write(session, [(message, _answered(message, answer, now=now, chance=chance))])
    return message


def put_off(
    session: WriteSession, message_id: int, answer: Answer, *, now: datetime, chance: Chance = random.random
) -> Message:
    """Keep an answer whose consequences could not be recorded.

    What a server has taken is not sent again: its consequences are tried again when the lease ends. Anything else goes
    back to the queue.
    """
    if not answer.accepted:
        return record_answer(session, message_id, dataclasses.replace(answer, final=False), now=now, chance=chance)
    message = outbox_rows.lock(session, message_id)
    changes = counted(message, answer)
    if outbox_rows.accepted_attempt(session, message_id) is None:
        outbox_rows.add_attempts(session, [attempt_at(message_id, answer, now)])
    wait = delay(message.attempts + 1, chance=chance())
    changes |= {"state": MessageState.SENDING.value, "leased_by": "", "lease_until": now + wait}
    outbox_rows.write(session, [(message, changes)])
    return message


def delay(attempts: int, *, chance: float) -> timedelta:
    """How long to wait after so many failures: a minute, doubling to an hour, less up to a quarter (``chance`` 0 to 1).

    It never gives up: a letter is owed until it is handed over or refused for good.
    """
    longest = FIRST_DELAY
    for _ in range(min(attempts, 10) - 1):
        longest = min(2 * longest, LONGEST_DELAY)
    return longest * (1 - chance / 4)


def _answered(message: Message, answer: Answer, *, now: datetime, chance: Chance) -> dict[str, object]:
    changes = counted(message, answer)
    if _is_news(message, answer):
        changes |= _settled(answer, message.attempts + 1, now=now, chance=chance)
    return changes


def _is_news(message: Message, answer: Answer) -> bool:
    """False for a twin's answer, and for one that came after another had settled the message."""
    if message.state == MessageState.HANDED_OVER:
        return False
    return answer.accepted or message.state == MessageState.SENDING


def _settled(answer: Answer, attempts: int, *, now: datetime, chance: Chance) -> dict[str, object]:
    free: dict[str, object] = {"lease_until": None, "leased_by": ""}
    if answer.accepted:
        return free | {"state": MessageState.HANDED_OVER.value, "handed_over_at": now}
    if answer.final:
        return free | {"state": MessageState.REFUSED.value}
    return free | {"state": MessageState.QUEUED.value, "next_attempt_at": now + delay(attempts, chance=chance())}
