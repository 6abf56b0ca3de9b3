"""GOV.UK Notify: what it accepted and has not settled, what it said, and the letters that it could print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from rules.messages import Delivery
from storage.queries.letters import grace_rows
from storage.tables import (
    Contact,
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterPrint,
    Message,
    MessageAttempt,
    NotifyStatus,
)


def attempt_by(session: Session, provider_id: str) -> MessageAttempt | None:
    """The attempt at which GOV.UK Notify accepted something under this name, or None."""
    statement = select(MessageAttempt).where(
        col(MessageAttempt.provider_id) == provider_id, col(MessageAttempt.provider_id) != ""
    )
    return session.exec(statement.order_by(col(MessageAttempt.id)).limit(1)).one_or_none()


def statuses(session: Session, attempt_id: int) -> Sequence[NotifyStatus]:
    """All that was said about what was accepted at an attempt, oldest first."""
    statement = select(NotifyStatus).where(col(NotifyStatus.attempt_id) == attempt_id)
    return session.exec(statement.order_by(col(NotifyStatus.id))).all()


def unsettled(session: Session, *, since: datetime, after: int, limit: int) -> Sequence[tuple[int, str]]:
    """(attempt, provider's name) of what was accepted since, beyond the attempt ``after``, and has no final status."""
    settled = select(NotifyStatus.attempt_id).where(col(NotifyStatus.is_final))
    statement = (
        select(MessageAttempt.id, MessageAttempt.provider_id)
        .where(
            col(MessageAttempt.provider_id) != "",
            col(MessageAttempt.id) > after,
            col(MessageAttempt.attempted_at) >= since,
            col(MessageAttempt.id).not_in(settled),
        )
        .order_by(col(MessageAttempt.id))
        .limit(limit)
    )
    return [(number, name) for number, name in session.exec(statement) if number is not None]


def of_letter(session: Session, letter_id: int) -> Sequence[NotifyStatus]:
    """All that was said about a letter, oldest first."""
    statement = (
        select(NotifyStatus)
        .join(MessageAttempt, col(MessageAttempt.id) == col(NotifyStatus.attempt_id))
        .join(Message, col(Message.id) == col(MessageAttempt.message_id))
        .where(col(Message.letter_id) == letter_id)
    )
    return session.exec(statement.order_by(col(NotifyStatus.id))).all()


def letters_for_post(session: Session) -> Sequence[int]:
    """Letters for the post that are still owed, that never left and that nobody has printed yet; oldest first."""
    statement = (
        select(Letter.id)
        .join(Contact, col(Contact.id) == col(Letter.contact_id))
        .where(
            col(Letter.delivery) == Delivery.POST,
            col(Contact.unsafe_to_contact).is_(False),
            ~grace_rows.is_kept_back(),
            col(Letter.id).not_in(select(Handover.letter_id)),
            col(Letter.id).not_in(select(LetterCancellation.letter_id)),
            col(Letter.id).not_in(select(LetterExcuse.letter_id)),
            col(Letter.id).not_in(select(LetterPrint.letter_id)),
            col(Letter.id).not_in(select(Message.letter_id).where(col(Message.letter_id).is_not(None))),
        )
    )
    return [number for number in session.exec(statement.order_by(col(Letter.id))) if number is not None]
