"""What GOV.UK Notify says of what it accepted: kept, and a failure counts as a letter that came back.

It says so when asked and by call-back, in any order and more than once: after a final status nothing changes any more.
"""

from __future__ import annotations

from datetime import timedelta

from notifications.answers import Answer
from notifications.notify.statuses import Report
from pathway.engine.act import Act
from pathway.engine.post import handing_over
from pathway.engine.post.handing_over import ReturnInput
from rules.messages import Delivery, MessageKind, MessageState, Returned
from storage.queries.decisions import onward_rows
from storage.queries.letters import letter_rows, message_rows, notify_rows, outbox_rows
from storage.tables import Handover, Letter, Message, NotifyStatus, id_of

SAME = timedelta(seconds=1)


def take(act: Act, report: Report) -> bool:
    """Records a status and what follows from it; False where it is no news, or about nothing of ours.

    False too while the hand-over itself is not settled: it is asked for again.
    """
    attempt = notify_rows.attempt_by(act.session, report.provider_id)
    if attempt is None:
        return False
    letter = _lock(act, attempt.message_id)
    message = outbox_rows.lock(act.session, attempt.message_id)
    known = notify_rows.statuses(act.session, id_of(attempt))
    if message.state != MessageState.HANDED_OVER or any(one.is_final or one.status == report.status for one in known):
        return False
    act.session.add(
        NotifyStatus(
            attempt_id=id_of(attempt),
            status=report.status,
            is_final=report.is_final,
            said_at=report.said_at or act.now,
            recorded_at=act.now,
        )
    )
    act.session.flush()
    if report.has_failed:
        _failed(act, message, letter, report)
    return True


def _lock(act: Act, message_id: int) -> Letter | None:
    """Locks what the message is about, before the message itself; its letter, if it carries one."""
    message = message_rows.find(act.session, message_id)
    if message.letter_id is not None:
        return handing_over.lock_letter(act, message.letter_id)
    if message.contact_id is not None:
        act.hold(message.contact_id)
    return None


def _failed(act: Act, message: Message, letter: Letter | None, report: Report) -> None:
    if letter is not None:
        _came_back(act, message, letter, report)
    elif (
        message.kind != MessageKind.ONWARD or onward_rows.by_message(act.session, message.dedup_key).answered_at is None
    ):
        said = Answer(accepted=False, final=True, code=None, text=f"GOV.UK Notify: {report}")
        handing_over.undeliverable(act, message, said)


def _came_back(act: Act, message: Message, letter: Letter, report: Report) -> None:
    handover = letter_rows.handover(act.session, id_of(letter))
    if handover is None or not _left_by(handover, message):
        return  # it came back already, or has left another way since
    data = ReturnInput(
        how=Returned.NOT_PRINTED if message.delivery == Delivery.POST else Returned.BOUNCED,
        returned_at=min(max(report.said_at or act.now, handover.handed_over_at), act.now),
        note=f"GOV.UK Notify: {report}",
    )
    handing_over.record_returned(act, id_of(letter), data)


def _left_by(handover: Handover, message: Message) -> bool:
    if handover.delivery != message.delivery or message.handed_over_at is None:
        return False
    # Both are written when the answer comes; another way to leave takes minutes at the soonest.
    return abs(handover.handed_over_at - message.handed_over_at) < SAME
