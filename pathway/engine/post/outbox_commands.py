"""What people do to the outbox: send a message that waits or was refused now, or take a waiting one out."""

from __future__ import annotations

from notifications.answers import Answer
from notifications.outbox import queue
from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import grace
from pathway.engine.post import handing_over
from rules.errors import Refused
from rules.messages import MessageKind, MessageState
from rules.timing import grace as timing
from rules.vocabulary import Action, EventKind
from storage.queries.children import restriction_rows
from storage.queries.decisions import onward_rows
from storage.queries.letters import letter_rows, message_rows, outbox_rows
from storage.sessions import WriteSession
from storage.tables import Letter, Message, Referral, id_of

TO_OTHERS = (MessageKind.ONWARD, MessageKind.RECEIPT)
TO_STAFF = frozenset(kind for kind in MessageKind if not kind.is_letter and kind not in TO_OTHERS)
IN_GRACE = "A decision that this message tells can still be undone: it goes by itself when that is over."
_NOT_NOW = {
    MessageState.SENDING: "This message is being sent at this moment: wait for the answer of the mail server.",
    MessageState.HANDED_OVER: "This message was handed over already.",
    MessageState.CANCELLED: "This message was cancelled.",
    MessageState.REFUSED: "This message was refused and is not waiting.",
}


def retry(act: Act, message_id: int) -> Message:
    """Puts a message that waits or was refused to be sent now.

    Raises Refused for one in another state, for a letter that must not leave by this e-mail, and within the grace of a
    decision; NotAllowed, NotFound.
    """
    letter = _lock(act, message_id)
    message = outbox_rows.lock(act.session, message_id)
    if act.repeated:
        return message
    _require(act, message, (Action.RECORD_POSTED, Action.ADMINISTER))
    if message.state not in (MessageState.QUEUED, MessageState.REFUSED):
        raise Refused([_NOT_NOW[MessageState(message.state)]])
    if letter is not None and (why := _why_it_must_not_leave(act.session, letter, message)):
        raise Refused([why])
    if _is_in_grace(act, message, letter):
        raise Refused([IN_GRACE])
    message.state, message.next_attempt_at = MessageState.QUEUED.value, act.now
    summary = f"Message to be sent now ({message.kind})"
    _record(act, message, EventKind.MESSAGE_RETRIED, summary)
    return message


def cancel(act: Act, message_id: int, data: ReasonInput) -> Message:
    """Takes a waiting message out of the outbox. A letter stays owed, and goes another way.

    Messages to staff are warnings and alerts: only administrators cancel those. Raises Refused for a message that does
    not wait, NotAllowed, NotFound.
    """
    _lock(act, message_id)
    message = outbox_rows.lock(act.session, message_id)
    if act.repeated:
        return message
    needed = Action.ADMINISTER if MessageKind(message.kind) in TO_STAFF else Action.RECORD_POSTED
    _require(act, message, (needed,))
    if message.state != MessageState.QUEUED:
        raise Refused([_NOT_NOW[MessageState(message.state)]])
    queue.cancel(act.session, message_id, now=act.now)
    message.last_answer = f"Cancelled: {data.reason}"[: queue.LONGEST_ANSWER]
    summary = f"Message cancelled ({message.kind}): {data.reason}"
    _record(act, message, EventKind.MESSAGE_CANCELLED, summary)
    if message.kind == MessageKind.ONWARD:
        said = Answer(accepted=False, final=True, code=None, text=f"Nothing: it was cancelled. {data.reason}")
        handing_over.undeliverable(act, message, said)
    act.session.flush()
    return message


def _lock(act: Act, message_id: int) -> Letter | None:
    """Locks what a message is about before the message, as every command does; returns its letter, if it has one."""
    found = message_rows.find(act.session, message_id)
    if found.letter_id is not None:
        return handing_over.lock_letter(act, found.letter_id)
    if found.contact_id is not None:
        act.hold(found.contact_id)
    return None


def _require(act: Act, message: Message, needed: tuple[Action, ...]) -> None:
    if not any(map(act.may, needed)):
        act.require(needed[0])
    if message.contact_id is not None:
        children = restriction_rows.children_of_contact(act.session, message.contact_id)
        record_access.require_open(act.session, act.actor, children, now=act.now)


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


def _is_in_grace(act: Act, message: Message, letter: Letter | None) -> bool:
    if message.kind == MessageKind.ONWARD:
        sent = onward_rows.by_message(act.session, message.dedup_key)
        return timing.runs(act.session.get_one(Referral, sent.referral_id).grace_until, now=act.now)
    return letter is not None and grace.rest_of(act, letter) is not None


def _record(act: Act, message: Message, kind: EventKind, summary: str) -> None:
    act.note(kind, summary, about=message, message=message.id, letter=message.letter_id, alert=message.alert_id)
