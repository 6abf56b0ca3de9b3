"""Children referred onward to a receiver: who has not answered yet, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, exists, literal
from sqlmodel import Session, col, or_, select

from rules.errors import NotFound
from rules.vocabulary import ClockState, EventKind
from storage.queries.letters import grace_rows
from storage.tables import Clock, Contact, Decision, Message, OnwardReferral, Person, Referral

_KEY, _AGAIN = "onward:", ":corrected:"
_OWED = (col(Clock.state) == ClockState.RUNNING, col(Clock.started_on) == EventKind.SENT_ONWARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardLine:
    """A child who waits for a receiver's answer: since when, until when, and the e-mail that told the receiver."""

    onward: OnwardReferral
    referral: Referral
    contact: Contact
    person: Person
    due_at: datetime | None
    message: Message | None


def find(session: Session, onward_id: int) -> OnwardReferral:
    """One onward referral as it is in the database now. Raises NotFound."""
    found = session.get(OnwardReferral, onward_id, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no onward referral with the number {onward_id}; open the list again.")
    return found


def open_of(session: Session, referral_id: int) -> OnwardReferral | None:
    """The onward referral that the receiver has not answered, or None."""
    statement = select(OnwardReferral).where(
        col(OnwardReferral.referral_id) == referral_id, col(OnwardReferral.answered_at).is_(None)
    )
    return session.exec(statement).one_or_none()


def of_referral(session: Session, referral_id: int) -> Sequence[OnwardReferral]:
    """Every onward referral of a referral, oldest first."""
    statement = select(OnwardReferral).where(col(OnwardReferral.referral_id) == referral_id)
    return session.exec(statement.order_by(col(OnwardReferral.id))).all()


def among(session: Session, onward_ids: Sequence[int]) -> Sequence[OnwardLine]:
    """The lines of these hand-overs, in the same order."""
    statement = (
        select(OnwardReferral, Referral, Contact, Person)
        .join(Referral, col(Referral.id) == col(OnwardReferral.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .join(Person, col(Person.id) == col(Referral.person_id))
        .where(col(OnwardReferral.id).in_(onward_ids))
    )
    rows = {row[0].id or 0: row for row in session.exec(statement)}
    sent, dues = messages(session, [row[0] for row in rows.values()]), _dues(session, [r[1].id for r in rows.values()])
    return [
        OnwardLine(
            onward=onward,
            referral=referral,
            contact=contact,
            person=person,
            due_at=dues.get(referral.id),
            message=sent.get(number),
        )
        for number in onward_ids
        for onward, referral, contact, person in [rows[number]]
    ]


def owed_answer() -> Sequence[Any]:
    """The conditions of a clock that runs on a receiver's answer."""
    return _OWED


def _dues(session: Session, referral_ids: Sequence[int | None]) -> Mapping[int | None, datetime]:
    statement = select(Clock.referral_id, Clock.due_at).where(col(Clock.referral_id).in_(referral_ids), *_OWED)
    return dict(session.exec(statement.order_by(col(Clock.due_at).desc())).all())


def unwritten(session: Session, contact_id: int) -> Sequence[tuple[OnwardReferral, Referral, Decision]]:
    """Children of a contact whose receiver has an e-mail address, has not answered, and was written nothing."""
    written = exists().where(col(Message.dedup_key) == literal(_KEY).concat(cast(col(OnwardReferral.id), String)))
    statement = (
        select(OnwardReferral, Referral, Decision)
        .join(Referral, col(Referral.id) == col(OnwardReferral.referral_id))
        .join(Decision, col(Decision.id) == col(OnwardReferral.decision_id))
        .where(Referral.contact_id == contact_id, OnwardReferral.receiver_email != "", ~written)
        .where(col(OnwardReferral.answered_at).is_(None))
    )
    return session.exec(statement.order_by(col(OnwardReferral.id))).all()


def message_key(onward_id: int, correction_id: int | None = None) -> str:
    """What tells the message to a receiver from all others, and from those written anew by a correction."""
    return f"{_KEY}{onward_id}{f'{_AGAIN}{correction_id}' if correction_id else ''}"


def by_message(session: Session, key: str) -> OnwardReferral:
    """The hand-over of which a message told the receiver. Raises NotFound."""
    return find(session, _number(key))


def _number(key: str) -> int:
    return int(key.removeprefix(_KEY).split(_AGAIN)[0])


def is_claimed(session: Session, sent: OnwardReferral) -> bool:
    """True where an e-mail that tells the receiver is on its way, was tried or has left."""
    key = col(Message.dedup_key)
    ours = or_(key == message_key(sent.id or 0), key.startswith(f"{message_key(sent.id or 0)}{_AGAIN}"))
    statement = select(Message.id).where(ours, grace_rows.has_been_taken())
    return session.exec(statement.limit(1)).first() is not None


def messages(session: Session, handed_over: Sequence[OnwardReferral]) -> Mapping[int, Message]:
    """The e-mails that told the receivers, by number of the hand-over: the last of each."""
    keys = [message_key(onward.id or 0) for onward in handed_over]
    key = col(Message.dedup_key)
    ours = or_(key.in_(keys), *(key.startswith(f"{one}{_AGAIN}") for one in keys))
    return {_number(one.dedup_key): one for one in session.exec(select(Message).where(ours).order_by(col(Message.id)))}


def of_contact(session: Session, contact_id: int) -> Sequence[OnwardReferral]:
    """The children of a contact for whom a receiver has not answered."""
    statement = select(OnwardReferral).join(Referral, col(Referral.id) == col(OnwardReferral.referral_id))
    open_ones = statement.where(Referral.contact_id == contact_id, col(OnwardReferral.answered_at).is_(None))
    return session.exec(open_ones.order_by(col(OnwardReferral.id))).all()
