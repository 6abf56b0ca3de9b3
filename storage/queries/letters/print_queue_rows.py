"""Letters for the post: owed, with a postal address to go to, and the batches in which they were printed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import case, literal, text, union_all
from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from rules.messages import Delivery, MessageKind
from storage.queries import danger_rows, keyset
from storage.queries.letters import grace_rows, letter_list_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.queries.plans import Unled
from storage.tables import Contact, Letter, LetterPrint, LetterReturn, PrintBatch, Referral

LARGEST = 2**31 - 1
# The same in the words of the indexes: of a value that is bound neither database knows that its index serves.
_ON_PAPER = text("letter.delivery <> 'email' AND letter.recipient_address <> ''")
_KNOWN = text("contact.referrer_address <> ''")


def waiting(
    session: Session, *, printed: bool, sees_protected: bool, closed: Collection[int], limit: int
) -> Sequence[LetterLine]:
    """The letters in the queue that somebody may see, immediate danger first, then the oldest.

    ``printed``: those that were printed since they last came back, else those that were not.
    """
    statement = in_queue(sees_protected=sees_protected, closed=closed)
    statement = statement.where(is_printed() if printed else ~is_printed())
    first = case((danger_rows.stands(), 0), else_=1)
    return [
        letter_list_rows.as_line(row) for row in session.exec(statement.order_by(first, col(Letter.id)).limit(limit))
    ]


def in_queue(*, sees_protected: bool, closed: Collection[int]) -> Any:
    """The letters in the queue that somebody may see, joined as ``letter_list_rows.as_line`` wants them."""
    return _queue().where(_seen(sees_protected=sees_protected, closed=closed))


def is_printed() -> Any:
    """True for a letter of the queue that was printed since it last came back."""
    since = col(LetterReturn.id).is_(None) | (col(LetterReturn.recorded_at) < col(PrintBatch.printed_at))
    return col(PrintBatch.id).is_not(None) & since


def came_back() -> Any:
    """True for a letter of the queue that came back."""
    return col(LetterReturn.id).is_not(None)


def among(
    session: Session, letter_ids: Collection[int], *, sees_protected: bool, closed: Collection[int]
) -> Sequence[LetterLine]:
    """Those of the letters that are in the queue and that somebody may see, oldest first."""
    known = [min(letter_id, LARGEST) for letter_id in letter_ids]
    seen = _seen(sees_protected=sees_protected, closed=closed)
    statement = _queue().where(col(Letter.id).in_(known), seen).order_by(col(Letter.id))
    return [letter_list_rows.as_line(row) for row in session.exec(statement)]


def contacts_of(session: Session, letter_ids: Collection[int]) -> Sequence[int]:
    """The contacts of these letters, in the order of their numbers, each once."""
    known = [min(letter_id, LARGEST) for letter_id in letter_ids]
    statement = select(Letter.contact_id).where(col(Letter.id).in_(known)).distinct()
    return session.exec(statement.order_by(col(Letter.contact_id))).all()


def count(session: Session, *, sees_protected: bool = True, closed: Collection[int] = ()) -> int:
    """How many letters are in the queue that somebody may see; all of them unless told."""
    return session.exec(
        select(func.count()).select_from(_numbers(sees_protected=sees_protected, closed=closed).subquery())
    ).one()


def count_some(session: Session) -> int:
    """How many letters are in the queue, counted to a thousand; one more stands for any more."""
    return keyset.count(session, _numbers(sees_protected=True, closed=()))


def _numbers(*, sees_protected: bool, closed: Collection[int]) -> Any:
    """The two ways to a postal address apart: each begins with the index that knows who has one."""
    owed = letter_list_rows.owed_each(), ~grace_rows.is_kept_back()
    letters = select(Letter.id).where(*owed, _seen(sees_protected=sees_protected, closed=closed))
    by_letter = letters.join(Contact, col(Contact.id) == col(Letter.contact_id)).where(_ON_PAPER)
    by_contact = letters.join(Contact, Unled(col(Contact.id)) == col(Letter.contact_id))
    return union_all(by_letter, by_contact.where(~_written_for(), _may_go_to_referrer(), _KNOWN))


def no_postal_address(session: Session) -> int:
    """How many letters are owed for which no postal address is known."""
    statement = select(func.count()).select_from(Letter).join(Contact, col(Contact.id) == col(Letter.contact_id))
    return session.exec(statement.where(_owed(), ~_has_postal_address())).one()


def batch(session: Session, batch_id: int) -> PrintBatch:
    """One batch. Raises NotFound."""
    found = session.get(PrintBatch, min(batch_id, LARGEST))
    if found is None:
        raise NotFound(f"There is no batch {batch_id}; open the print queue again.")
    return found


def in_batch(session: Session, batch_id: int) -> Sequence[int]:
    """The numbers of the letters that were printed in a batch, oldest first."""
    statement = select(LetterPrint.letter_id).where(col(LetterPrint.batch_id) == batch_id)
    return session.exec(statement.order_by(col(LetterPrint.letter_id))).all()


def _queue() -> Any:
    return letter_list_rows.joined().where(_owed(), _has_postal_address())


def _owed() -> Any:
    """Owed, and not within the grace of a decision."""
    return letter_list_rows.owed() & ~grace_rows.is_kept_back()


def _has_postal_address() -> Any:
    """As ``finding.postal_address`` judges: a letter to parents only goes where the manager sent it."""
    return or_(_written_for(), _may_go_to_referrer() & (col(Contact.referrer_address) != ""))


def _written_for() -> Any:
    return (col(Letter.delivery) != Delivery.EMAIL) & (col(Letter.recipient_address) != "")


def _may_go_to_referrer() -> Any:
    return col(Letter.kind) != MessageKind.PARENTS


def _seen(*, sees_protected: bool, closed: Collection[int]) -> Any:
    theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(closed))
    unprotected = col(Contact.identity_protected).is_(False)
    return col(Letter.contact_id).not_in(theirs) & (unprotected if not sees_protected else literal(value=True))
