"""What came back by e-mail: what has been recorded, what it is about, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import case
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from rules.messages import BounceKind
from storage.tables import Bounce, BounceSettlement, Contact, Letter, Message

_MISSING = "There is no received mail with number {}; open the list again."
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceLine:
    """A bounce, how it was settled (None: it waits), the message that it names, and whose contact that is about."""

    bounce: Bounce
    settlement: BounceSettlement | None
    message: Message | None
    contact: Contact | None


def by_hash(session: Session, sha256: str) -> Bounce | None:
    """What was recorded of the e-mail with this content, or None."""
    return session.exec(select(Bounce).where(col(Bounce.sha256) == sha256)).one_or_none()


def find(session: Session, bounce_id: int) -> Bounce:
    """One bounce. Raises NotFound."""
    bounce = session.get(Bounce, min(bounce_id, LARGEST))
    if bounce is None:
        raise NotFound(_MISSING.format(bounce_id))
    return bounce


def settlement(session: Session, bounce_id: int) -> BounceSettlement | None:
    """How a bounce was settled, as it is in the database now; None while it waits."""
    return session.get(BounceSettlement, bounce_id, populate_existing=True)


def bearing(session: Session, message_ids: Sequence[str]) -> Sequence[Message]:
    """The messages with these Message-IDs, in their order."""
    found = session.exec(_without_content(select(Message).where(col(Message.message_id).in_(message_ids)))).all()
    return sorted(found, key=lambda message: message_ids.index(message.message_id))


def waiting(session: Session) -> int:
    """How many bounces wait for a person."""
    return session.exec(select(func.count()).select_from(Bounce).where(waits())).one()


def all_waiting(session: Session, *, most: int) -> Sequence[BounceLine]:
    """Those that wait for a person: failures first, then the oldest."""
    failed_first = case((col(Bounce.kind) == BounceKind.FAILED, 0), else_=1)
    statement = _without_content(_joined().where(waits())).order_by(failed_first, col(Bounce.id))
    return [_line(row) for row in session.exec(statement.limit(most))]


def waits() -> Any:
    """True for a bounce that nobody and nothing has settled."""
    settled = select(BounceSettlement.bounce_id).where(col(BounceSettlement.bounce_id) == col(Bounce.id))
    return ~settled.correlate(Bounce).exists()


def among(session: Session, bounce_ids: Sequence[int]) -> Sequence[BounceLine]:
    """The lines of these bounces, in the same order."""
    rows = session.exec(_without_content(_joined().where(col(Bounce.id).in_(bounce_ids))))
    found = {row[0].id: _line(row) for row in rows}
    return [found[number] for number in bounce_ids]


def one(session: Session, bounce_id: int) -> BounceLine:
    """One bounce with all that hangs on it. Raises NotFound."""
    statement = _joined().where(col(Bounce.id) == min(bounce_id, LARGEST))
    row = session.exec(_without_content(statement)).one_or_none()
    if row is None:
        raise NotFound(_MISSING.format(bounce_id))
    return _line(row)


def of_letter(session: Session, letter_id: int) -> Sequence[BounceLine]:
    """What came back about the e-mails with a letter, or was settled as the return of it, oldest first."""
    about = or_(col(Message.letter_id) == letter_id, col(BounceSettlement.letter_id) == letter_id)
    rows = session.exec(_without_content(_joined().where(about)).order_by(col(Bounce.id)))
    return [_line(row) for row in rows]


def contact_of(session: Session, bounce_id: int) -> int | None:
    """The contact that a bounce is about, None where that is not known. Raises NotFound."""
    find(session, bounce_id)
    contact = one(session, bounce_id).contact
    return contact.id if contact else None


def protected_words(session: Session) -> Collection[str]:
    """Names and addresses of referrers whose identity is not to be shared."""
    places = (Contact.referrer_name, Contact.referrer_email, Contact.referrer_email_as_typed)
    rows = session.exec(select(*places).where(col(Contact.identity_protected)))
    return {word.strip() for row in rows for word in row if word.strip()}


def _joined() -> Any:
    return (
        select(Bounce, BounceSettlement, Message, Contact)
        .outerjoin(BounceSettlement, col(BounceSettlement.bounce_id) == col(Bounce.id))
        .outerjoin(Message, col(Message.id) == col(Bounce.message_id))
        .outerjoin(Letter, col(Letter.id) == col(BounceSettlement.letter_id))
        .outerjoin(Contact, col(Contact.id) == func.coalesce(Message.contact_id, Letter.contact_id))
    )


def _without_content(statement: Any) -> Any:
    return statement.options(defer(cast("QueryableAttribute[bytes]", Message.content)))


def _line(row: Any) -> BounceLine:
    bounce, settled, message, contact = row
    return BounceLine(bounce=bounce, settlement=settled, message=message, contact=contact)
