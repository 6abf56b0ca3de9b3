"""Corrected details: of one record, those that wait for a second person, and the letters that they overtook."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, exists, func, or_, select

from rules.errors import NotFound
from storage.tables import (
    Contact,
    Correction,
    CorrectionAnswer,
    Handover,
    Letter,
    LetterReturn,
    OvertakenLetter,
    Referral,
)

LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One correction with its contact, and what a second person said of it where one was asked."""

    correction: Correction
    contact: Contact
    answer: CorrectionAnswer | None

    @property
    def is_open(self) -> bool:
        """True while a second person has not answered."""
        return self.correction.waits and self.answer is None


def child_of(session: Session, referral_id: int) -> int:
    """The child of a referral. Raises NotFound."""
    found = session.exec(select(Referral.person_id).where(col(Referral.id) == min(referral_id, LARGEST))).one_or_none()
    if found is None:
        raise NotFound(f"There is no referral with number {referral_id}; open it again from the list.")
    return found


def get(session: Session, correction_id: int) -> Correction:
    """One correction. Raises NotFound."""
    found = session.get(Correction, min(correction_id, LARGEST))
    if found is None:
        raise NotFound(f"There is no correction {correction_id}; open it again from the list.")
    return found


def answer(session: Session, correction_id: int) -> CorrectionAnswer | None:
    """What a second person said of a correction, or None."""
    return session.get(CorrectionAnswer, correction_id)


def waiting_of(session: Session, contact_id: int, field: str) -> Correction | None:
    """The correction of a detail of a contact that waits for a second person, or None."""
    statement = _open().where(col(Correction.contact_id) == contact_id, col(Correction.field) == field)
    found: Correction | None = session.exec(statement.limit(1)).first()
    return found


def _open() -> Any:
    answered = exists().where(col(CorrectionAnswer.correction_id) == col(Correction.id))
    return select(Correction).where(col(Correction.waits), ~answered)


def _lines() -> Any:
    return (
        select(Correction, Contact, CorrectionAnswer)
        .join(Contact, col(Contact.id) == col(Correction.contact_id))
        .outerjoin(CorrectionAnswer, col(CorrectionAnswer.correction_id) == col(Correction.id))
    )


def _read(session: Session, statement: Any) -> Sequence[Line]:
    rows = session.exec(statement.order_by(Correction.id))
    return [Line(correction=one, contact=of, answer=said) for one, of, said in rows]


def waiting(session: Session) -> Sequence[Line]:
    """Those that wait for a second person, oldest first."""
    statement = _lines().where(col(Correction.waits), col(CorrectionAnswer.correction_id).is_(None))
    return _read(session, statement)


def of_record(session: Session, contact_id: int, person_ids: Collection[int]) -> Sequence[Line]:
    """The corrections of a contact as a whole and of these children, oldest first."""
    whole = (col(Correction.contact_id) == contact_id) & col(Correction.person_id).is_(None)
    statement = _lines().where(or_(whole, col(Correction.person_id).in_(person_ids)))
    return _read(session, statement)


def of_adult(session: Session, adult_id: int) -> Sequence[Line]:
    """The corrections of one adult, and what followed from them for children, oldest first."""
    statement = _lines().where(col(Correction.adult_id) == adult_id)
    return _read(session, statement)


def receipts(session: Session, contact_id: int) -> frozenset[datetime]:
    """The moments at which a contact was taken to have been received before that was corrected."""
    statement = _lines().where(col(Correction.contact_id) == contact_id, col(Correction.field) == "received_at")
    held = (one for one, _, said in session.exec(statement) if not one.waits or (said and said.confirmed))
    return frozenset(datetime.fromisoformat(one.old) for one in held)


def standing_letters(session: Session, contact_id: int) -> Sequence[Letter]:
    """The letters about a contact that have left and did not come back, oldest first."""
    left = (
        select(Handover.letter_id)
        .outerjoin(LetterReturn, col(LetterReturn.handover_id) == col(Handover.id))
        .where(col(LetterReturn.id).is_(None))
    )
    statement = select(Letter).where(col(Letter.contact_id) == contact_id, col(Letter.id).in_(left))
    return session.exec(statement.order_by(col(Letter.id))).all()


def overtaken(session: Session, overtaken_id: int) -> OvertakenLetter:
    """One letter that says what was corrected since. Raises NotFound."""
    found = session.get(OvertakenLetter, min(overtaken_id, LARGEST), populate_existing=True)
    if found is None:
        raise NotFound(f"There is no letter to correct with number {overtaken_id}; open it again from the list.")
    return found


def overtaken_of(session: Session, letter_id: int) -> OvertakenLetter | None:
    """The open offer of a corrected letter in the place of this one, or None."""
    statement = select(OvertakenLetter).where(
        col(OvertakenLetter.letter_id) == letter_id, col(OvertakenLetter.answered_at).is_(None)
    )
    return session.exec(statement.limit(1)).first()


def overtaken_open(session: Session) -> Sequence[tuple[OvertakenLetter, Letter, Contact]]:
    """Every letter that has left, says what was corrected since, and of which nobody has said what becomes."""
    statement = (
        select(OvertakenLetter, Letter, Contact)
        .join(Letter, col(Letter.id) == col(OvertakenLetter.letter_id))
        .join(Contact, col(Contact.id) == col(Letter.contact_id))
        .where(col(OvertakenLetter.answered_at).is_(None))
    )
    return session.exec(statement.order_by(col(OvertakenLetter.id))).all()


def count_waiting(session: Session) -> int:
    """How many corrections and corrected letters wait for somebody."""
    offers = select(func.count()).select_from(OvertakenLetter).where(col(OvertakenLetter.answered_at).is_(None))
    return session.exec(select(func.count()).select_from(_open().subquery())).one() + session.exec(offers).one()
