"""The outbox: messages written with the fact that caused them, leased to a dispatcher, settled by a server's answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications import addresses, mime, plain
from notifications.answers import Answer
from rules.vocabulary import MessageKind, MessageState
from storage.queries import outbox as queries
from storage.sessions import Conflict, WriteSession
from storage.tables import Message, MessageAttempt

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_ANSWER = 1000
LOST = "No answer was recorded before the lease ran out; sent again with the same Message-ID, so it may arrive twice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to one recipient. ``dedup_key`` names the fact that causes it; ``priority`` 0 is the most urgent."""

    kind: MessageKind
    dedup_key: str
    recipient_name: str
    recipient_address: str
    subject: str
    text: str
    html: str | None
    sender: str
    sender_name: str
    priority: int = 5
    letter_id: int | None = None
    alert_id: int | None = None
    contact_id: int | None = None
    reply_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A mail server's acceptance whose consequences have not been recorded yet."""

    answer: Answer
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that one dispatcher has until ``lease_until``; one that is ``taken`` must not be sent again."""

    id: int
    message_id: str
    sender: str
    recipient_address: str
    content: bytes
    lease_until: datetime
    taken: Taken | None = None


def enqueue(session: WriteSession, draft: Draft, *, now: datetime) -> Message:
    """Write the message, as it will go out, into the open transaction; the same ``dedup_key`` again changes nothing.

    Raises InvalidInput for an address that can't be used (fields ``recipient_address``, ``sender``, ``reply_to``).
    """
    if there := queries.by_dedup_key(session, draft.dedup_key):
        return there
    message = _row(draft, now)
    try:
        with session.savepoint():
            session.add(message)
            session.flush()
    except Conflict:
        # Another transaction wrote the same key between the look and the insert.
        there = queries.by_dedup_key(session, draft.dedup_key)
        if there is None:
            raise
        return there
    return message


def _row(draft: Draft, now: datetime) -> Message:
    sender = addresses.wire_form(draft.sender, place="sender")
    recipient = addresses.wire_form(draft.recipient_address, place="recipient_address")
    message_id = mime.new_message_id(sender)
    content = mime.build(
        sender=(draft.sender_name, sender),
        recipient=(draft.recipient_name, recipient),
        reply_to=addresses.wire_form(draft.reply_to, place="reply_to") if draft.reply_to else "",
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        message_id=message_id,
        now=now,
    )
    return Message(
        kind=draft.kind,
        state=MessageState.QUEUED,
        dedup_key=draft.dedup_key,
        message_id=message_id,
        recipient_name=plain.one_line(draft.recipient_name),
        recipient_address=recipient,
        subject=plain.one_line(draft.subject),
        content=content,
        priority=draft.priority,
        letter_id=draft.letter_id,
        alert_id=draft.alert_id,
        contact_id=draft.contact_id,
        created_at=now,
        next_attempt_at=now,
    )


def claim(session: WriteSession, *, now: datetime, lease: timedelta, limit: int, by: str) -> list[Claimed]:
    """Take up to ``limit`` messages for ``lease``, urgent first, then oldest. Commit before anything is sent.

    Messages whose lease ran out come again: that may make a twin, with the same Message-ID, and is noted as an attempt.
    """
    lost = queries.lost(session, now=now, limit=limit)
    ready = sorted([*lost, *queries.due(session, now=now, limit=limit)], key=_turn)[:limit]
    claimed = [_take(session, message, now=now, lease=lease, by=by) for message in ready]
    session.flush()
    return claimed


def _turn(message: Message) -> tuple[int, datetime, int]:
    return message.priority, message.next_attempt_at, message.id or 0


def _take(session: WriteSession, message: Message, *, now: datetime, lease: timedelta, by: str) -> Claimed:
    taken = _taken_already(session, message) if message.state == MessageState.SENDING else None
    if message.state == MessageState.SENDING and taken is None:
        _note_attempt(session, message, Answer(accepted=False, final=False, code=None, text=LOST), now)
    message.state = MessageState.SENDING
    message.lease_until, message.leased_by = now + lease, by
    return Claimed(
        id=message.id or 0,
        message_id=message.message_id,
        sender=mime.sender_of(message.content),
        recipient_address=message.recipient_address,
        content=message.content,
        lease_until=now + lease,
        taken=taken,
    )


def _taken_already(session: WriteSession, message: Message) -> Taken | None:
    attempt = queries.accepted_attempt(session, message.id or 0)
    if attempt is None:
        return None
    answer = Answer(accepted=True, final=True, code=None, text=attempt.answer)
    return Taken(answer=answer, at=attempt.attempted_at)


def record_answer(
    session: WriteSession,
    message_id: int,
    answer: Answer,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Message:
    """Write down what the mail server said: handed over, refused, or queued again after a delay with jitter.

    A message that is settled stays as it is, unless a server accepted it after all. Raises NotFound.
    """
    message, _ = record_news(session, message_id, answer, now=now, chance=chance)
    return message


def record_news(
    session: WriteSession,
    message_id: int,
    answer: Answer,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> tuple[Message, bool]:
    """The same, and whether the answer was news: not a twin's, nor one that came after another settled the message."""
    message = queries.lock(session, message_id)
    news = _is_news(message, answer)
    _note_attempt(session, message, answer, now)
    if news:
        _settle(message, answer, now=now, chance=chance)
    session.flush()
    return message, news


def _is_news(message: Message, answer: Answer) -> bool:
    if message.state == MessageState.HANDED_OVER:
        return False
    return answer.accepted or message.state == MessageState.SENDING


def record_taken(session: WriteSession, message_id: int, taken: Taken) -> Message:
    """Write down that a message was handed over when the server took it: the attempt itself stands there already."""
    message = queries.lock(session, message_id)
    if message.state != MessageState.HANDED_OVER:
        _settle(message, taken.answer, now=taken.at, chance=random.random)
    session.flush()
    return message


def _settle(message: Message, answer: Answer, *, now: datetime, chance: Callable[[], float]) -> None:
    message.lease_until, message.leased_by = None, ""
    if answer.accepted:
        message.state, message.handed_over_at = MessageState.HANDED_OVER, now
    elif answer.final:
        message.state = MessageState.REFUSED
    else:
        message.state = MessageState.QUEUED
        message.next_attempt_at = now + delay(message.attempts, chance=chance())


def _note_attempt(session: WriteSession, message: Message, answer: Answer, now: datetime) -> None:
    message.attempts += 1
    message.last_answer = _short(answer)
    session.add(
        MessageAttempt(
            message_id=message.id or 0,
            attempted_at=now,
            answer=message.last_answer,
            accepted=answer.accepted,
            final=answer.final,
        )
    )


def _short(answer: Answer) -> str:
    return plain.one_line(str(answer))[:LONGEST_ANSWER]


def delay(attempts: int, *, chance: float) -> timedelta:
    """How long to wait after so many failures: a minute, doubling to an hour, less up to a quarter (``chance`` 0 to 1).

    It never gives up: a letter is owed until it is handed over or refused for good.
    """
    longest = FIRST_DELAY
    for _ in range(min(attempts, 10) - 1):
        longest = min(2 * longest, LONGEST_DELAY)
    return longest * (1 - chance / 4)


def put_off(
    session: WriteSession,
    message_id: int,
    answer: Answer,
    *,
    now: datetime,
    chance: Callable[[], float] = random.random,
) -> Message:
    """Keep an answer whose consequences could not be recorded.

    What a server has taken is not sent again: its consequences are tried again when the lease ends. Anything else goes
    back to the queue.
    """
    message = queries.lock(session, message_id)
    if not answer.accepted:
        return record_answer(session, message_id, _temporary(answer), now=now, chance=chance)
    if queries.accepted_attempt(session, message_id) is None:
        _note_attempt(session, message, answer, now)
    else:
        message.attempts += 1
    message.state, message.leased_by = MessageState.SENDING, ""
    message.lease_until = now + delay(message.attempts, chance=chance())
    session.flush()
    return message


def _temporary(answer: Answer) -> Answer:
    return Answer(accepted=False, final=False, code=answer.code, text=answer.text, server=answer.server)


def give_back(session: WriteSession, claimed: Collection[Claimed], *, by: str, because: str = "") -> Sequence[Message]:
    """Return messages that were not sent to the queue, in their old place; no attempt is counted."""
    messages = queries.held(session, [message.id for message in claimed], by=by)
    for message in messages:
        message.state = MessageState.QUEUED
        message.lease_until, message.leased_by = None, ""
        message.last_answer = plain.one_line(because)[:LONGEST_ANSWER] or message.last_answer
    session.flush()
    return messages


def cancel(session: WriteSession, message_id: int, *, now: datetime) -> Message:  # noqa: ARG001  # a later column
    """Take a queued message out of the queue; what is being sent or is settled stays as it is. Raises NotFound."""
    message = queries.lock(session, message_id)
    if message.state == MessageState.QUEUED:
        message.state = MessageState.CANCELLED
        session.flush()
    return message
