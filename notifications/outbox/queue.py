"""The outbox: messages written with the fact that caused them, leased to a dispatcher, settled by a server's answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications import addresses, plain
from notifications.answers import Answer
from notifications.outbox import mime
from rules.messages import Delivery, MessageKind, MessageState
from storage.queries.letters import holder_rows, outbox_rows
from storage.sessions import WriteSession
from storage.tables import Message

LONGEST_ANSWER = 1000
LOST = Answer(
    accepted=False,
    final=False,
    code=None,
    text="Whoever sent it ended before an answer was recorded; sent again with one Message-ID, so it may arrive twice",
    perhaps_taken=True,
)
CANCELLED_UNDERWAY = "It was on its way when it was cancelled. If the mail server took it, that is recorded here"


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
    """A message that one dispatcher has until ``lease_until``; one that is ``taken`` must not be sent again.

    ``by_post``: its content is a letter as PDF, for whoever prints letters. ``perhaps_taken``: an answer was lost, so
    that somebody may have it already.
    """

    id: int
    message_id: str
    sender: str
    recipient_address: str
    content: bytes
    lease_until: datetime
    priority: int = 5
    letter_id: int | None = None
    taken: Taken | None = None
    by_post: bool = False
    perhaps_taken: bool = False


def enqueue(session: WriteSession, draft: Draft, *, now: datetime, not_before: datetime | None = None) -> Message:
    """Write the message, as it will go out, into the open transaction; the same ``dedup_key`` again changes nothing.

    No dispatcher takes it before ``not_before``, where one is given.
    Raises InvalidInput for an address that can't be used (fields ``recipient_address``, ``sender``, ``reply_to``).
    """
    return outbox_rows.add_once(session, _row(draft, now, max(now, not_before or now)))


def _row(draft: Draft, now: datetime, first_attempt_at: datetime) -> Message:
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
        next_attempt_at=first_attempt_at,
    )


def claim(session: WriteSession, *, now: datetime, lease: timedelta, limit: int, by: str) -> list[Claimed]:
    """Take up to ``limit`` messages for ``lease``, urgent first, then oldest. Commit before anything is sent.

    What somebody took who is gone comes again: that may make a twin, with the same Message-ID, and is noted as an
    attempt. With the claim goes the first heartbeat of ``by``.
    """
    going = outbox_rows.may_go(session)
    lost = outbox_rows.lost(session, now=now, limit=limit, going=going)
    ready = sorted([*lost, *outbox_rows.due(session, now=now, limit=limit, going=going)], key=_turn)[:limit]
    again = {message.id: _lost(session, message.id, now) for message in ready if message.state == MessageState.SENDING}
    if ready:
        outbox_rows.take(session, [message.id for message in ready], lease_until=now + lease, by=by)
        holder_rows.beat(session, by, now=now)
    return [_claimed(message, lease_until=now + lease, taken=again.get(message.id)) for message in ready]


def _turn(message: outbox_rows.Waiting) -> tuple[int, datetime, int]:
    return message.priority, message.next_attempt_at, message.id


def _lost(session: WriteSession, message_id: int, now: datetime) -> Taken | None:
    """What is known of a message whose sender is gone; where nothing is, that is noted as an attempt."""
    attempt = outbox_rows.accepted_attempt(session, message_id)
    if attempt is None:
        message = outbox_rows.lock(session, message_id)
        outbox_rows.add_attempts(session, [attempt_at(message_id, LOST, now)])
        outbox_rows.write(session, [(message, counted(message, LOST))])
        return None
    answer = Answer(
        accepted=True,
        final=True,
        code=None,
        text=attempt.answer,
        server=attempt.server,
        provider_id=attempt.provider_id,
    )
    return Taken(answer=answer, at=attempt.attempted_at)


def _claimed(message: outbox_rows.Waiting, *, lease_until: datetime, taken: Taken | None) -> Claimed:
    by_post = message.delivery == Delivery.POST
    return Claimed(
        id=message.id,
        message_id=message.message_id,
        sender="" if by_post else mime.sender_of(message.content),
        recipient_address=message.recipient_address,
        content=message.content,
        lease_until=lease_until,
        priority=message.priority,
        letter_id=message.letter_id,
        taken=taken,
        by_post=by_post,
        perhaps_taken=message.perhaps_twice or message.state == MessageState.SENDING,
    )


def counted(message: Message, answer: Answer) -> dict[str, object]:
    """What every answer changes in its message; once an answer was lost, the message says so for good."""
    return {
        "attempts": message.attempts + 1,
        "last_answer": _short(str(answer)),
        "perhaps_twice": message.perhaps_twice or answer.perhaps_taken,
    }


def attempt_at(message_id: int, answer: Answer, at: datetime) -> dict[str, object]:
    """An attempt to hand a message over, as it is kept."""
    return {
        "message_id": message_id,
        "attempted_at": at,
        "answer": _short(answer.reply),
        "accepted": answer.accepted,
        "final": answer.final,
        "perhaps_taken": answer.perhaps_taken,
        "server": answer.server,
        "provider_id": answer.provider_id,
    }


def _short(text: str) -> str:
    return plain.one_line(text)[:LONGEST_ANSWER]


def give_back(session: WriteSession, claimed: Collection[Claimed], *, by: str, because: str = "") -> Sequence[Message]:
    """Return messages that were not sent to the queue, in their old place; no attempt is counted."""
    messages = outbox_rows.held(session, [message.id for message in claimed], by=by)
    for message in messages:
        message.state = MessageState.QUEUED
        message.lease_until, message.leased_by = None, ""
        message.last_answer = plain.one_line(because)[:LONGEST_ANSWER] or message.last_answer
    session.flush()
    return messages


def cancel(
    session: WriteSession,
    message_id: int,
    *,
    now: datetime,  # noqa: ARG001  # a later column
    even_sending: bool = False,
    even_refused: bool = False,
) -> Message:
    """Take a queued message out of the queue; what is being sent or is settled stays as it is. Raises NotFound.

    With ``even_sending`` a message that a dispatcher has is not tried again. Where the server takes it, or has taken
    it, that is recorded as what happened. With ``even_refused`` nobody can have one sent again that was refused.
    """
    message = outbox_rows.lock(session, message_id)
    underway = message.state == MessageState.SENDING and even_sending
    refused = message.state == MessageState.REFUSED and even_refused
    if message.state == MessageState.QUEUED or refused:
        message.state = MessageState.CANCELLED
    elif underway and outbox_rows.accepted_attempt(session, message_id) is None:
        message.state, message.lease_until, message.leased_by = MessageState.CANCELLED, None, ""
        message.last_answer = CANCELLED_UNDERWAY
    session.flush()
    return message
