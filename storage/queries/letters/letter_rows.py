"""Letters: what was written, whom it names, and whether it has left the building."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, or_, select

from rules.messages import FEEDBACK, Delivery, MessageKind, MessageState, Returned
from storage.tables import (
    Contact,
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterReferral,
    LetterReturn,
    Message,
    Referral,
)


def lock_contact_of(session: Session, letter_id: int) -> int | None:
    """The contact of a letter, or None when there is no such letter."""
    return session.exec(select(Letter.contact_id).where(col(Letter.id) == letter_id)).one_or_none()


def of_contact(session: Session, contact_id: int) -> Sequence[Letter]:
    """The letters about one contact, oldest first."""
    return session.exec(select(Letter).where(col(Letter.contact_id) == contact_id).order_by(col(Letter.id))).all()


def count(session: Session, contact_id: int, kind: MessageKind) -> int:
    """How many letters of a kind there are about one contact."""
    return session.exec(select(func.count()).where(Letter.contact_id == contact_id, Letter.kind == kind)).one()


def told_of(session: Session, contact_id: int) -> frozenset[int]:
    """The referrals of a contact that an outcome letter names already; a cancelled one, or one of before, may not."""
    statement = (
        select(LetterReferral.referral_id)
        .join(Letter, col(Letter.id) == col(LetterReferral.letter_id))
        .join(Referral, col(Referral.id) == col(LetterReferral.referral_id))
        .where(
            col(Letter.contact_id) == contact_id,
            col(Letter.id).not_in(select(LetterCancellation.letter_id)),
            col(Letter.kind).in_(FEEDBACK),
            or_(col(Referral.tell_again_from).is_(None), col(Letter.written_at) >= col(Referral.tell_again_from)),
        )
    )
    return frozenset(session.exec(statement))


def referrals_named(session: Session, letter_id: int) -> Sequence[Referral]:
    """The referrals that a letter is about, oldest first."""
    statement = (
        select(Referral)
        .join(LetterReferral, col(LetterReferral.referral_id) == col(Referral.id))
        .where(col(LetterReferral.letter_id) == letter_id)
        .order_by(col(Referral.id))
    )
    return session.exec(statement).all()


def handover(session: Session, letter_id: int) -> Handover | None:
    """How and when a letter left the building and did not come back, or None."""
    statement = (
        select(Handover)
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(Handover.letter_id) == letter_id, col(LetterReturn.id).is_(None))
    )
    return session.exec(statement.order_by(col(Handover.id)).limit(1)).one_or_none()


def last_return(session: Session, letter_id: int) -> LetterReturn | None:
    """When and how a letter last came back, or None."""
    statement = (
        select(LetterReturn).where(col(LetterReturn.letter_id) == letter_id).order_by(col(LetterReturn.id).desc())
    )
    return session.exec(statement.limit(1)).one_or_none()


def addresses_that_bounced(session: Session, contact_id: int) -> frozenset[str]:
    """The e-mail addresses, in small letters, from which a letter of this contact came back."""
    statement = (
        select(Message.recipient_address)
        .join(Letter, col(Letter.id) == col(Message.letter_id))
        .join(LetterReturn, col(LetterReturn.letter_id) == col(Letter.id))
        .join(Handover, col(Handover.id) == col(LetterReturn.handover_id))
        .where(
            col(Letter.contact_id) == contact_id,
            col(Handover.delivery) == Delivery.EMAIL,
            col(LetterReturn.how) != Returned.WITHDRAWN,  # nothing came back: we took the link away
            col(Message.handed_over_at) <= col(Handover.handed_over_at),  # not one sent on since, to another
        )
    )
    return frozenset(address.casefold() for address in session.exec(statement))


def standing_since(session: Session, referral: Referral) -> datetime | None:
    """When an outcome letter about a referral first left that did not come back; None where there is none."""
    statement = (
        select(func.min(Handover.handed_over_at))
        .join(Letter, col(Letter.id) == col(Handover.letter_id))
        .join(LetterReferral, col(LetterReferral.letter_id) == col(Letter.id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(
            col(LetterReferral.referral_id) == referral.id,
            col(Letter.kind).in_(FEEDBACK),
            col(LetterReturn.id).is_(None),
        )
    )
    if referral.tell_again_from is not None:
        statement = statement.where(col(Letter.written_at) >= referral.tell_again_from)
    return session.exec(statement).one()


def message_of(session: Session, letter_id: int) -> Message | None:
    """The e-mail that carries a letter, the last where it went to another address; None where there is none."""
    statement = select(Message).where(col(Message.letter_id) == letter_id).order_by(col(Message.id).desc())
    return session.exec(statement.limit(1)).one_or_none()


def messages_on_their_way(session: Session, letter_id: int) -> Sequence[Message]:
    """The e-mails with a letter that no mail server has answered for good, oldest first."""
    on_their_way = (MessageState.QUEUED, MessageState.SENDING)
    statement = select(Message).where(col(Message.letter_id) == letter_id, col(Message.state).in_(on_their_way))
    return session.exec(statement.order_by(col(Message.id))).all()


def count_messages(session: Session, letter_id: int) -> int:
    """How many e-mails with a letter have been written."""
    return session.exec(select(func.count()).where(col(Message.letter_id) == letter_id)).one()


def excused(session: Session, letter_id: int) -> LetterExcuse | None:
    """Who recorded why a letter can't be sent, or None."""
    return session.get(LetterExcuse, letter_id)


def has_left(session: Session, referral_id: int, kinds: Collection[MessageKind]) -> bool:
    """True when a letter of these kinds that names a referral has left and did not come back."""
    statement = (
        select(Handover.id)
        .join(Letter, col(Letter.id) == col(Handover.letter_id))
        .join(LetterReferral, col(LetterReferral.letter_id) == col(Letter.id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(
            col(LetterReferral.referral_id) == referral_id, col(Letter.kind).in_(kinds), col(LetterReturn.id).is_(None)
        )
    )
    return session.exec(statement.limit(1)).first() is not None


def of_protected(session: Session, message_ids: Collection[str]) -> frozenset[str]:
    """Those of the Message-IDs under which something went to a referrer whose identity is not to be shared."""
    of_receipt = case((col(Message.kind) == MessageKind.RECEIPT, col(Message.contact_id)))
    statement = (
        select(Message.message_id)
        .outerjoin(Letter, col(Letter.id) == col(Message.letter_id))
        .join(Contact, col(Contact.id) == func.coalesce(Letter.contact_id, of_receipt))
        .where(col(Message.message_id).in_(message_ids), col(Contact.identity_protected))
    )
    return frozenset(session.exec(statement))


def cancelled(session: Session, letter_id: int) -> LetterCancellation | None:
    """When and why a letter was stopped before it left, or None."""
    return session.get(LetterCancellation, letter_id)


def waiting(session: Session, contact_id: int) -> Sequence[Letter]:
    """The letters about a contact that have not left, or came back, and were not cancelled; oldest first."""
    left = (
        select(Handover.letter_id)
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(LetterReturn.id).is_(None))
    )
    statement = select(Letter).where(
        col(Letter.contact_id) == contact_id,
        col(Letter.id).not_in(left),
        col(Letter.id).not_in(select(LetterCancellation.letter_id)),
    )
    return session.exec(statement.order_by(col(Letter.id))).all()


def told_before(session: Session, referral_id: int) -> bool:
    """True when a letter that tells a referral's outcome has left and did not come back, or is leaving just now."""
    stands = col(Handover.id).is_not(None) & col(LetterReturn.id).is_(None)
    statement = (
        select(Letter.id)
        .join(LetterReferral, col(LetterReferral.letter_id) == col(Letter.id))
        .outerjoin(Message, col(Message.letter_id) == col(Letter.id))
        .outerjoin(Handover, col(Handover.letter_id) == col(Letter.id))
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(
            col(LetterReferral.referral_id) == referral_id,
            col(Letter.kind).in_(FEEDBACK),
            or_(stands, col(Message.state) == MessageState.SENDING),
        )
    )
    return session.exec(statement.limit(1)).first() is not None
