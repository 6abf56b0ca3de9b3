"""What waits for the grace of a decision to end: letters, e-mails that carry them or ask a receiver, and referrals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, exists, or_, select

from rules.messages import FEEDBACK, MessageKind, MessageState
from storage.tables import (
    Handover,
    Letter,
    LetterCancellation,
    LetterPrint,
    LetterReferral,
    Message,
    Referral,
)

WAITING_KINDS = (*FEEDBACK, MessageKind.ONWARD)


def is_kept_back() -> Any:
    """The condition that a letter must not be printed yet: a decision that it tells is within its grace.

    Without a moment: the sweep takes the end of a grace, and while the clock is in doubt nobody knows that it is over.
    """
    named = exists().where(
        col(LetterReferral.letter_id) == col(Letter.id),
        col(LetterReferral.referral_id) == col(Referral.id),
        col(Referral.grace_until).is_not(None),
    )
    return col(Letter.waits_until).is_not(None) & named.correlate(Letter)


def is_in_grace(session: Session, letter: Letter) -> bool:
    """True for one letter that must not leave yet."""
    statement = select(Letter.id).where(col(Letter.id) == letter.id, is_kept_back())
    return session.exec(statement).first() is not None


def in_grace(session: Session, contact_id: int) -> Sequence[Referral]:
    """The referrals of a contact whose decision is within its grace, as far as the sweep has not seen it over."""
    statement = select(Referral).where(col(Referral.contact_id) == contact_id, col(Referral.grace_until).is_not(None))
    return session.exec(statement.order_by(col(Referral.id))).all()


def waiting_messages(session: Session, contact_id: int, *, now: datetime) -> Sequence[Message]:
    """The e-mails about a contact that wait for a grace to end; what a mail server put off is none of them."""
    statement = select(Message).where(
        col(Message.contact_id) == contact_id,
        col(Message.kind).in_(WAITING_KINDS),
        col(Message.state) == MessageState.QUEUED,
        col(Message.next_attempt_at) > now,
        col(Message.attempts) == 0,
    )
    return session.exec(statement.order_by(col(Message.id)).with_for_update()).all()


def lock_messages(session: Session, contact_id: int) -> None:
    """Locks the e-mails about a contact that nobody has settled, after a dispatcher who is claiming one has done so."""
    statement = select(Message.id).where(
        col(Message.contact_id) == contact_id,
        col(Message.kind).in_(WAITING_KINDS),
        col(Message.state).in_((MessageState.QUEUED, MessageState.SENDING)),
    )
    session.exec(statement.order_by(col(Message.id)).with_for_update()).all()


def letters_telling(session: Session, referral_id: int, *, since: datetime) -> Sequence[Letter]:
    """The letters written since a moment that tell the outcome of a referral and were not cancelled, oldest first."""
    statement = (
        select(Letter)
        .join(LetterReferral, col(LetterReferral.letter_id) == col(Letter.id))
        .where(
            col(LetterReferral.referral_id) == referral_id,
            col(Letter.kind).in_(FEEDBACK),
            col(Letter.written_at) >= since,
            col(Letter.id).not_in(select(LetterCancellation.letter_id)),
        )
    )
    return session.exec(statement.order_by(col(Letter.id))).all()


def is_claimed(session: Session, letter_id: int) -> bool:
    """True for a letter that is on its way, was tried, has left or was printed."""
    gone = (
        select(Handover.id).where(col(Handover.letter_id) == letter_id),
        select(LetterPrint.letter_id).where(col(LetterPrint.letter_id) == letter_id),
        select(Message.id).where(col(Message.letter_id) == letter_id, has_been_taken()),
    )
    return any(session.exec(statement.limit(1)).first() is not None for statement in gone)


def has_been_taken() -> Any:
    """The condition that a dispatcher has a message, or had it and tried."""
    untouched = (MessageState.QUEUED, MessageState.CANCELLED)
    return or_(col(Message.state).not_in(untouched), col(Message.attempts) > 0)
