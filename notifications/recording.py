"""Recording what mail servers said: all answers that wait in one transaction, none lost to a fault in another's."""

from __future__ import annotations

import dataclasses
import dataclasses
import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from notifications import plain
from notifications.answers import Answer
from notifications.outbox import Claimed, note_attempt
from rules.errors import Unavailable
from rules.vocabulary import MessageState
from storage.queries import outbox as queries
from storage.sessions import Conflict, Database, WriteSession
from storage.tables import Message

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
TRIES = 3
LONGEST_FAULT = 300

log = logging.getLogger(__name__)

Chance = Callable[[], float]


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
    """Records answers and what follows from them.

    ``tally`` counts what became of the messages, ``faults`` are our own. ``broken``: an answer could not be kept at
    all, so that whatever is sent now would be sent twice.
    """

    def __init__(self, database: Database, settle: Settle) -> None:
        self._database, self._settle = database, settle
        self.tally: Counter[str] = Counter()
        self.faults: list[str] = []
        self.broken = False

    def record(self, came: Sequence[Came]) -> None:
        """Record all in one transaction, or, where one of them does not let that happen, each in one of its own."""
        try:
            self._in_one_transaction(came)
        except Exception:
            if len(came) > 1:
                log.debug("%s answers can't be recorded together; they are recorded one by one.", len(came))
            for one in came:
                self._record_alone(one)
        else:
            self.tally.update(_what_became(one.answer) for one in came)

    def note_fault(self, message: Claimed, error: Exception) -> None:
        """Keep a fault of ours for the report."""
        self.faults.append(plain.one_line(f"Message {message.id}: {type(error).__name__}: {error}")[:LONGEST_FAULT])

    def _in_one_transaction(self, came: Sequence[Came]) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                with self._database.write() as session:
                    self._settled(session, came)
            except (Unavailable, Conflict):
                if not tries_left:
                    raise
            else:
                return

    def _settled(self, session: WriteSession, came: Sequence[Came]) -> None:
        # Contacts come before anything else, and all of them at once and in one order: whoever changes a referral
        # holds its contact first (docs/adr/0003), and two dispatchers must not wait for each other.
        if letters := [one.message.letter_id for one in came if one.message.letter_id is not None]:
            queries.lock_contacts_of(session, letters)
        rows = queries.lock_all(session, [one.message.id for one in came])
        news = [(rows[one.message.id], one) for one in came if _written(session, rows[one.message.id], one)]
        session.flush()
        for row, one in news:
            self._settle(session, row, one.answer, now=one.at)

    def _record_alone(self, one: Came) -> None:
        try:
            self._in_one_transaction([one])
        except Exception as error:
            log.exception("The answer to message %s could not be settled.", one.message.id)
            self.note_fault(one.message, error)
            self._put_off(one)
        else:
            self.tally[_what_became(one.answer)] += 1

    def _put_off(self, one: Came) -> None:
        try:
            with self._database.write() as session:
                put_off(session, one.message.id, one.answer, now=one.at)
            self.tally["put off"] += 1
        except Exception as error:
            log.exception("The answer to message %s could not be recorded; sending stops.", one.message.id)
            self.note_fault(one.message, error)
            self.broken = True


def _what_became(answer: Answer) -> str:
    return "handed over" if answer.accepted else "refused" if answer.final else "put off"


def _written(session: WriteSession, row: Message, one: Came) -> bool:
    """Write an answer into its row; True where consequences follow from it."""
    if one.message.taken:
        # The attempt stands there already, and what follows from it has not been recorded yet.
        if row.state != MessageState.HANDED_OVER:
            _settle_row(row, one.answer, now=one.at, chance=random.random)
        return True
    return _news(session, row, one.answer, now=one.at, chance=random.random)


def record_answer(
    session: WriteSession, message_id: int, answer: Answer, *, now: datetime, chance: Chance = random.random
) -> Message:
    """Write down what the mail server said: handed over, refused, or queued again after a delay with jitter.

    A message that is settled stays as it is, unless a server accepted it after all. Raises NotFound.
    """
    message = queries.lock(session, message_id)
    _news(session, message, answer, now=now, chance=chance)
    session.flush()
    return message


def put_off(
    session: WriteSession, message_id: int, answer: Answer, *, now: datetime, chance: Chance = random.random
) -> Message:
    """Keep an answer whose consequences could not be recorded.

    What a server has taken is not sent again: its consequences are tried again when the lease ends. Anything else goes
    back to the queue.
    """
    message = queries.lock(session, message_id)
    if not answer.accepted:
        return record_answer(session, message_id, _temporary(answer), now=now, chance=chance)
    if queries.accepted_attempt(session, message_id) is None:
        note_attempt(session, message, answer, now)
    else:
        message.attempts += 1
    message.state, message.leased_by = MessageState.SENDING, ""
    message.lease_until = now + delay(message.attempts, chance=chance())
    session.flush()
    return message


def delay(attempts: int, *, chance: float) -> timedelta:
    """How long to wait after so many failures: a minute, doubling to an hour, less up to a quarter (``chance`` 0 to 1).

    It never gives up: a letter is owed until it is handed over or refused for good.
    """
    longest = FIRST_DELAY
    for _ in range(min(attempts, 10) - 1):
        longest = min(2 * longest, LONGEST_DELAY)
    return longest * (1 - chance / 4)


def _news(session: WriteSession, message: Message, answer: Answer, *, now: datetime, chance: Chance) -> bool:
    """Write an answer down; False where it is no news: a twin's, or one that came after another settled the message."""
    news = _is_news(message, answer)
    note_attempt(session, message, answer, now)
    if news:
        _settle_row(message, answer, now=now, chance=chance)
    return news


def _is_news(message: Message, answer: Answer) -> bool:
    if message.state == MessageState.HANDED_OVER:
        return False
    return answer.accepted or message.state == MessageState.SENDING


def _settle_row(message: Message, answer: Answer, *, now: datetime, chance: Chance) -> None:
    message.lease_until, message.leased_by = None, ""
    if answer.accepted:
        message.state, message.handed_over_at = MessageState.HANDED_OVER, now
    elif answer.final:
        message.state = MessageState.REFUSED
    else:
        message.state = MessageState.QUEUED
        message.next_attempt_at = now + delay(message.attempts, chance=chance())


def _temporary(answer: Answer) -> Answer:
    return dataclasses.replace(answer, final=False)
