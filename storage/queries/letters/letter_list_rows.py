"""Letters as the pages show them: the text as sent, and how far each has come."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import case
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from rules.messages import Delivery, MessageKind, MessageState
from storage.queries import danger_rows, sought
from storage.tables import (
    Contact,
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterPrint,
    LetterReferral,
    LetterReturn,
    ListedLetter,
    Message,
    MessageAttempt,
    PrintBatch,
    Referral,
)
from storage.tables.lists.listed import Stage

_UNDERWAY = (MessageState.QUEUED, MessageState.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLine:
    """A letter, the contact it answers, how it left for good, the e-mail that carries it, and how it last came back.

    ``printed`` and ``batch``: how it was last printed. ``no_address``: nobody knows where it could go.
    """

    letter: Letter
    contact: Contact
    handover: Handover | None
    message: Message | None
    returned: LetterReturn | None = None
    cancelled: LetterCancellation | None = None
    excused: LetterExcuse | None = None
    printed: LetterPrint | None = None
    batch: PrintBatch | None = None
    no_address: bool = False

    @property
    def is_owed(self) -> bool:
        """True for a letter that has not left and that no e-mail is carrying: somebody must post it."""
        if self.cancelled is not None or self.excused is not None:
            return False
        return self.handover is None and not self.is_underway

    @property
    def is_printed(self) -> bool:
        """True for one that was printed in a batch and did not come back since."""
        return self.batch is not None and (self.returned is None or self.returned.recorded_at < self.batch.printed_at)

    @property
    def address(self) -> str:
        """For which it was written, else the referrer's as it is known now; empty for none."""
        if self.letter.recipient_address or self.letter.kind == MessageKind.PARENTS:
            return self.letter.recipient_address
        return self.contact.referrer_email or self.contact.referrer_address

    @property
    def is_underway(self) -> bool:
        """True while an e-mail carries it."""
        return self.message is not None and self.message.state in _UNDERWAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looks: whether protected referrers may be seen, and the children whose record is closed."""

    sees_protected: bool = False
    closed: Collection[int] = ()


def lines(
    session: Session,
    *,
    owed_only: bool,
    words: str,
    offset: int,
    limit: int,
    eyes: Eyes | None = None,
) -> tuple[Sequence[LetterLine], int]:
    """A page of letters and how many there are: immediate danger first, then the newest (of those owed the oldest).

    By name or address nobody is found whom ``eyes`` must not see; without them no protected referrer is.
    """
    statement = joined()
    if owed_only:
        statement = statement.where(owed())
    for word in sought.words(words):
        statement = statement.where(_holds(word, eyes or Eyes()))
    count = session.exec(select(func.count()).select_from(statement.with_only_columns(col(Letter.id)).subquery())).one()
    order = col(Letter.id) if owed_only else col(Letter.id).desc()
    danger = case((danger_rows.stands(), 0), else_=1)
    return [as_line(row) for row in session.exec(statement.order_by(danger, order).offset(offset).limit(limit))], count


def _holds(word: str, eyes: Eyes) -> Any:
    of_referrer = sought.holds(word, Letter.recipient_name, Letter.recipient_address)
    if not eyes.sees_protected:
        of_referrer = of_referrer & col(Contact.identity_protected).is_(False)
    if eyes.closed:
        theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(eyes.closed))
        of_referrer = of_referrer & col(Letter.contact_id).not_in(theirs)
    return or_(col(Contact.ref).icontains(word, autoescape=True), of_referrer)


def of_contact(session: Session, contact_id: int) -> Sequence[LetterLine]:
    """The letters about one contact, oldest first."""
    statement = joined().where(col(Letter.contact_id) == contact_id).order_by(col(Letter.id))
    return [as_line(row) for row in session.exec(statement)]


def one(session: Session, letter_id: int) -> LetterLine:
    """One letter. Raises NotFound."""
    row = session.exec(joined().where(col(Letter.id) == letter_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no letter {letter_id}; open it again from the list of letters.")
    return as_line(row)


def named(session: Session, letter_id: int) -> Sequence[str]:
    """The references of the referrals that a letter is about."""
    statement = (
        select(Referral.ref)
        .join(LetterReferral, col(LetterReferral.referral_id) == col(Referral.id))
        .where(col(LetterReferral.letter_id) == letter_id)
    )
    return session.exec(statement.order_by(col(Referral.id))).all()


def naming(session: Session, referral_id: int) -> frozenset[int]:
    """The letters that are about one referral."""
    statement = select(LetterReferral.letter_id).where(col(LetterReferral.referral_id) == referral_id)
    return frozenset(session.exec(statement))


def attempts(session: Session, message: Message | None) -> Sequence[MessageAttempt]:
    """Every attempt to hand a message over, oldest first."""
    if message is None:
        return []
    statement = select(MessageAttempt).where(col(MessageAttempt.message_id) == message.id)
    return session.exec(statement.order_by(col(MessageAttempt.id))).all()


@cache
def joined() -> Any:
    """Every letter with what ``as_line`` makes a line of; kept, as to make it takes longer than to ask it."""
    # A letter that was given by hand after it was posted has two hand-overs; the first that stands met the duty.
    earliest, gone, back = aliased(Handover), aliased(LetterReturn), aliased(LetterReturn)
    came_back = select(gone.handover_id).where(gone.letter_id == Letter.id).correlate(Letter)
    stands = select(func.min(earliest.id)).where(earliest.letter_id == Letter.id, col(earliest.id).not_in(came_back))
    first = stands.correlate(Letter).scalar_subquery()
    last = select(func.max(back.id)).where(back.letter_id == Letter.id).correlate(Letter).scalar_subquery()
    # A letter that went on to another address has two e-mails; the last one carries it.
    sent = aliased(Message)
    carrier = select(func.max(sent.id)).where(sent.letter_id == Letter.id).correlate(Letter).scalar_subquery()
    press = aliased(LetterPrint)
    printed = select(func.max(press.batch_id)).where(press.letter_id == Letter.id).correlate(Letter).scalar_subquery()
    return (
        select(Letter, Contact, Handover, Message)
        .add_columns(LetterReturn, LetterCancellation, LetterExcuse, LetterPrint, PrintBatch)
        .join(Contact, col(Contact.id) == col(Letter.contact_id))
        .outerjoin(Handover, col(Handover.id) == first)
        .outerjoin(Message, col(Message.id) == carrier)
        .outerjoin(LetterReturn, col(LetterReturn.id) == last)
        .outerjoin(LetterCancellation, col(LetterCancellation.letter_id) == col(Letter.id))
        .outerjoin(LetterExcuse, col(LetterExcuse.letter_id) == col(Letter.id))
        .outerjoin(PrintBatch, col(PrintBatch.id) == printed)
        .outerjoin(
            LetterPrint,
            (col(LetterPrint.batch_id) == col(PrintBatch.id)) & (col(LetterPrint.letter_id) == col(Letter.id)),
        )
    )


def owed() -> Any:
    """The condition of ``LetterLine.is_owed``, by what is kept ready of it."""
    kept = select(ListedLetter.letter_id).where(col(ListedLetter.stage) == Stage.OWED)
    return col(Letter.id).in_(kept)


def owed_each() -> Any:
    """The same, asked of each letter by its number: for a question that finds few, and not by what is owed."""
    kept = select(ListedLetter.letter_id).where(col(ListedLetter.letter_id) == col(Letter.id))
    return kept.where(col(ListedLetter.stage) == Stage.OWED).correlate(Letter).exists()


def among(session: Session, letter_ids: Sequence[int]) -> Sequence[LetterLine]:
    """The lines of these letters, in the same order."""
    found = {row[0].id: as_line(row) for row in session.exec(joined().where(col(Letter.id).in_(letter_ids)))}
    return [found[number] for number in letter_ids]


def as_line(row: Any) -> LetterLine:
    """One row of what ``joined`` gives."""
    letter, contact, handover, message, returned, cancelled, excused, printed, batch = row
    return LetterLine(
        letter=letter,
        contact=contact,
        handover=handover,
        message=message,
        returned=returned,
        cancelled=cancelled,
        excused=excused,
        printed=printed,
        batch=batch,
        no_address=letter.kind != MessageKind.PARENTS
        and not (contact.referrer_email or contact.referrer_address or _written_for(letter)),
    )


def _written_for(letter: Letter) -> str:
    """The postal address for which a letter was written; empty where it was meant for e-mail."""
    return "" if letter.delivery == Delivery.EMAIL else letter.recipient_address
