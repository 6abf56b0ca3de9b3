"""What people do to the outbox: send a message that waits or was refused now, or take a waiting one out."""

from __future__ import annotations

from datetime import datetime

from notifications.answers import Answer
from notifications.outbox import queue
from pathway.engine import history, permissions, record_access
from pathway.engine.actors import Actor
from pathway.engine.inputs import ReasonInput
from pathway.engine.post import handing_over
from pathway.engine.rulebooks import published_books
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Action, EventKind, MessageKind, MessageState
from storage.queries import contact_rows
from storage.queries.children import restriction_rows
from storage.queries.letters import letter_rows, message_rows, outbox_rows
from storage.sessions import WriteSession
from storage.tables import Letter, Message, id_of

TO_STAFF = frozenset(kind for kind in MessageKind if not kind.is_letter and kind is not MessageKind.ONWARD)
_NOT_NOW = {
    MessageState.SENDING: "This message is being sent at this moment: wait for the answer of the mail server.",
    MessageState.HANDED_OVER: "This message was handed over already.",
    MessageState.CANCELLED: "This message was cancelled.",
    MessageState.REFUSED: "This message was refused and is not waiting.",
}


def retry(
    session: WriteSession, message_id: int, *, actor: Actor, now: datetime, request_id: str | None = None
) -> Message:
    """Puts a message that waits or was refused to be sent now.

    Raises Refused for one in another state, and for a letter that must not leave by this e-mail; NotAllowed, NotFound.
    """
    letter = _lock(session, message_id)
    message = outbox_rows.lock(session, message_id)
    if history.done_already(session, request_id):
        return message
    _require(session, message, (Action.RECORD_POSTED, Action.ADMINISTER), actor=actor, now=now)
    if message.state not in (MessageState.QUEUED, MessageState.REFUSED):
        raise Refused([_NOT_NOW[MessageState(message.state)]])
    if letter is not None and (why := _why_it_must_not_leave(session, letter, message)):
        raise Refused([why])
    message.state, message.next_attempt_at = MessageState.QUEUED.value, now
    summary = f"Message to be sent now ({message.kind})"
    _record(session, message, EventKind.MESSAGE_RETRIED, summary, actor=actor, now=now, request_id=request_id)
    return message


def cancel(
    session: WriteSession,
    message_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Message:
    """Takes a waiting message out of the outbox. A letter stays owed, and goes another way.

    Messages to staff are warnings and alerts: only administrators cancel those. Raises Refused for a message that does
    not wait, NotAllowed, NotFound.
    """
    _lock(session, message_id)
    message = outbox_rows.lock(session, message_id)
    if history.done_already(session, request_id):
        return message
    needed = Action.ADMINISTER if MessageKind(message.kind) in TO_STAFF else Action.RECORD_POSTED
    _require(session, message, (needed,), actor=actor, now=now)
    if message.state != MessageState.QUEUED:
        raise Refused([_NOT_NOW[MessageState(message.state)]])
    queue.cancel(session, message_id, now=now)
    message.last_answer = f"Cancelled: {data.reason}"[: queue.LONGEST_ANSWER]
    summary = f"Message cancelled ({message.kind}): {data.reason}"
    _record(session, message, EventKind.MESSAGE_CANCELLED, summary, actor=actor, now=now, request_id=request_id)
    if message.kind == MessageKind.ONWARD:
        said = Answer(accepted=False, final=True, code=None, text=f"Nothing: it was cancelled. {data.reason}")
        handing_over.undeliverable(session, message, said, now=now)
    session.flush()
    return message


def _lock(session: WriteSession, message_id: int) -> Letter | None:
    """Locks what a message is about before the message, as every command does; returns its letter, if it has one."""
    found = message_rows.find(session, message_id)
    if found.letter_id is not None:
        return handing_over.lock_letter(session, found.letter_id)
    if found.contact_id is not None:
        contact_rows.lock(session, found.contact_id)
    return None


def _require(
    session: WriteSession, message: Message, needed: tuple[Action, ...], *, actor: Actor, now: datetime
) -> None:
    book = published_books.current(session, now=now).book
    if not any(permissions.may(book, actor, action) for action in needed):
        permissions.require(book, actor, needed[0])
    if message.contact_id is not None:
        children = restriction_rows.children_of_contact(session, message.contact_id)
        if refused := record_access.refusal(session, actor, children):
            raise NotAllowed(refused)


def _why_it_must_not_leave(session: WriteSession, letter: Letter, message: Message) -> str:
    letter_id = id_of(letter)
    if letter_rows.handover(session, letter_id) is not None:
        return "This letter has left the building already."
    if letter_rows.cancelled(session, letter_id) is not None or letter_rows.excused(session, letter_id) is not None:
        return "This letter is not owed any more."
    last = letter_rows.message_of(session, letter_id)
    if last is not None and last.id != message.id:
        return "This letter has gone to another address since: send that message."
    return ""


def _record(
    session: WriteSession,
    message: Message,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    history.record(
        session,
        kind,
        summary=summary,
        actor=actor,
        now=now,
        contact_id=message.contact_id,
        details={"message": message.id, "letter": message.letter_id, "alert": message.alert_id},
        request_id=request_id,
    )
