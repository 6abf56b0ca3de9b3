"""Information added to contacts, its files, and the decisions of which it is asked whether they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from rules.errors import NotFound
from rules.vocabulary import EventKind
from storage.tables import (
    Access,
    AttachedFile,
    Contact,
    DecisionQuestion,
    Event,
    Information,
    Person,
    ReceivedEmail,
    Referral,
    id_of,
)

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One piece of information with its files, without their content."""

    information: Information
    files: Sequence[AttachedFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One decision of which it is asked whether it stands."""

    question: DecisionQuestion
    information: Information
    referral: Referral
    contact: Contact
    person: Person


def of_contact(session: Session, contact_id: int) -> Sequence[Entry]:
    """What was added to a contact, the last given first."""
    statement = select(Information).where(col(Information.contact_id) == contact_id)
    found = session.exec(statement.order_by(col(Information.given_at).desc(), col(Information.id).desc())).all()
    files = _files(session, [id_of(one) for one in found])
    return [Entry(information=one, files=files.get(id_of(one), ())) for one in found]


def _files(session: Session, numbers: Collection[int]) -> Mapping[int, Sequence[AttachedFile]]:
    content = defer(AttachedFile.content)  # type: ignore[arg-type]
    statement = select(AttachedFile).where(col(AttachedFile.information_id).in_(numbers)).options(content)
    found: dict[int, list[AttachedFile]] = {}
    for file in session.exec(statement.order_by(col(AttachedFile.id))):
        found.setdefault(file.information_id, []).append(file)
    return found


def file(session: Session, contact_id: int, file_id: int) -> tuple[AttachedFile, Information]:
    """One file of a contact, with its content. Raises NotFound."""
    statement = (
        select(AttachedFile, Information)
        .join(Information, col(Information.id) == col(AttachedFile.information_id))
        .where(col(AttachedFile.id) == min(file_id, LARGEST), col(Information.contact_id) == contact_id)
    )
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound(f"There is no file {file_id} with this contact; open it again from its page.")
    return found[0], found[1]


def by_bounce(session: Session, bounce_id: int) -> Information | None:
    """The information that an e-mail has become, or None."""
    return session.exec(select(Information).where(col(Information.bounce_id) == bounce_id)).one_or_none()


def email(session: Session, bounce_id: int) -> ReceivedEmail | None:
    """The whole of an e-mail that waits for a person, or None."""
    return session.get(ReceivedEmail, min(bounce_id, LARGEST))


def asked_of_referrer(session: Session, contact_id: int) -> Event | None:
    """What the referrer was last asked for, while nothing has answered it; else None."""
    asked = col(Event.contact_id) == contact_id, col(Event.kind) == EventKind.INFORMATION_ASKED
    last = session.exec(select(Event).where(*asked).order_by(col(Event.id).desc()).limit(1)).one_or_none()
    if last is None:
        return None
    answers = select(Information.id).where(
        col(Information.contact_id) == contact_id,
        col(Information.answers),
        col(Information.recorded_at) >= last.recorded_at,
    )
    return None if session.exec(answers.limit(1)).first() is not None else last


def last_look(session: Session, contact_id: int, username: str, *, before: int) -> datetime | None:
    """When somebody last looked at a contact or a child of it, before this look; None where it is the first."""
    statement = select(func.max(Access.at)).where(
        col(Access.contact_id) == contact_id,
        col(Access.username) == username,
        col(Access.allowed),
        col(Access.what).in_(("contact", "referral")),
        col(Access.id) < before,
    )
    return session.exec(statement).one()


def referrer_with(session: Session, address: str) -> Sequence[int]:
    """The contacts whose referrer has an e-mail address, the latest received first; at most two."""
    statement = select(Contact.id).where(func.lower(Contact.referrer_email) == address.strip().lower())
    found = session.exec(statement.order_by(col(Contact.received_at).desc()).limit(2)).all()
    return [number for number in found if number is not None]


def question(session: Session, question_id: int) -> DecisionQuestion:
    """One question, as it stands now. Raises NotFound."""
    found = session.get(DecisionQuestion, min(question_id, LARGEST), populate_existing=True)
    if found is None:
        raise NotFound(f"There is no question {question_id}; open it again from the list.")
    return found


def open_questions(session: Session, referral_id: int | None = None) -> Sequence[Asked]:
    """The decisions of which it is asked whether they stand, the oldest question first; of one child or all."""
    statement = (
        select(DecisionQuestion, Information, Referral, Contact)
        .join(Information, col(Information.id) == col(DecisionQuestion.information_id))
        .join(Referral, col(Referral.id) == col(DecisionQuestion.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(DecisionQuestion.answered_at).is_(None))
    )
    if referral_id is not None:
        statement = statement.where(col(DecisionQuestion.referral_id) == referral_id)
    rows = session.exec(statement.order_by(col(DecisionQuestion.id))).all()
    return [
        Asked(
            question=one,
            information=told,
            referral=referral,
            contact=contact,
            person=session.get_one(Person, referral.person_id),
        )
        for one, told, referral, contact in rows
    ]


def count_questions(session: Session) -> int:
    """How many decisions wait for a word on whether they stand."""
    open_ones = select(func.count()).select_from(DecisionQuestion).where(col(DecisionQuestion.answered_at).is_(None))
    return session.exec(open_ones).one()
