"""Everything that is on record about one letter's way to its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from rules.vocabulary import EventKind
from storage.queries.letters import notify_rows, returned_mail_rows
from storage.queries.letters.returned_mail_rows import BounceLine
from storage.tables import Event, Handover, LetterReturn, Message, MessageAttempt, NotifyStatus

HANDS = (
    EventKind.LETTER_PRINTED,
    EventKind.MESSAGE_RETRIED,
    EventKind.MESSAGE_CANCELLED,
    EventKind.TOLD_BY_TELEPHONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRows:
    """The rows about one letter, each kind oldest first; ``events`` are those of its whole contact."""

    messages: Sequence[Message]
    attempts: Sequence[MessageAttempt]
    handovers: Sequence[Handover]
    returns: Sequence[LetterReturn]
    bounces: Sequence[BounceLine]
    statuses: Sequence[NotifyStatus]
    events: Sequence[Event]


def of_letter(session: Session, letter_id: int, *, contact_id: int) -> LetterRows:
    """All that is on record about one letter."""
    sent = select(Message).where(col(Message.letter_id) == letter_id).order_by(col(Message.id))
    messages = session.exec(sent.options(defer(cast("QueryableAttribute[bytes]", Message.content)))).all()
    tried = select(MessageAttempt).where(col(MessageAttempt.message_id).in_([message.id for message in messages]))
    left = select(Handover).where(col(Handover.letter_id) == letter_id)
    back = select(LetterReturn).where(col(LetterReturn.letter_id) == letter_id)
    done = select(Event).where(col(Event.contact_id) == contact_id, col(Event.kind).in_(HANDS))
    return LetterRows(
        messages=messages,
        attempts=session.exec(tried.order_by(col(MessageAttempt.id))).all(),
        handovers=session.exec(left.order_by(col(Handover.id))).all(),
        returns=session.exec(back.order_by(col(LetterReturn.id))).all(),
        bounces=returned_mail_rows.of_letter(session, letter_id),
        statuses=notify_rows.of_letter(session, letter_id),
        events=session.exec(done.order_by(col(Event.id))).all(),
    )
