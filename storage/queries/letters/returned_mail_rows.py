"""What came back by e-mail: what has been recorded, what it is about, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import case
from sqlalchemy.orm import QueryableAttribute, aliased, defer
from sqlmodel import Session, col, func, or_, select

from rules.errors import NotFound
from rules.messages import BounceKind
from storage.queries import sought
from storage.tables import Bounce, BounceSettlement, Contact, Letter, Message, Referral

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
    return session.exec(
        select(func.count()).select_from(_joined(waiting=True).with_only_columns(col(Bounce.id)).subquery())
    ).one()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which bounces somebody wants to see; an empty field asks for nothing.

    Without ``sees_protected`` none is found by words that may be a protected referrer's, nor by those of a contact
    about the children ``closed``.
    """

    kind: str = ""
    words: str = ""
    sees_protected: bool = False
    closed: Collection[int] = ()


def lines(
    session: Session, wanted: Wanted | None = None, *, waiting: bool, offset: int, limit: int
) -> tuple[Sequence[BounceLine], int]:
    """A page of those that wait for a person (the oldest first) or of those settled (the newest), and how many."""
    wanted = wanted or Wanted()
    statement = _joined(waiting=waiting)
    if wanted.kind:
        statement = statement.where(col(Bounce.kind) == wanted.kind)
    for word in sought.words(wanted.words):
        statement = statement.where(_holds(word, wanted))
    count = session.exec(select(func.count()).select_from(statement.with_only_columns(col(Bounce.id)).subquery())).one()
    failed_first = case((col(Bounce.kind) == BounceKind.FAILED, 0), else_=1)
    order = (failed_first, col(Bounce.id)) if waiting else (col(Bounce.id).desc(),)
    rows = session.exec(_without_content(statement).order_by(*order).offset(offset).limit(limit))
    return [_line(row) for row in rows], count


def _holds(word: str, wanted: Wanted) -> Any:
    written = sought.holds(word, Bounce.recipient, Bounce.sender, Bounce.subject)
    if wanted.closed:
        theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(wanted.closed))
        written = written & func.coalesce(Contact.id, 0).not_in(theirs)
    if not wanted.sees_protected:
        written = written & func.coalesce(Contact.identity_protected, False).is_(False) & ~_names_protected()
    return or_(col(Contact.ref).icontains(word, autoescape=True), written)


def _names_protected() -> Any:
    """True where a protected referrer's name or address stands in it; a ``%`` or ``_`` of theirs hides more."""
    secret = aliased(Contact)
    text = func.lower(col(Bounce.recipient) + " " + col(Bounce.sender) + " " + col(Bounce.subject))
    named = [
        (col(word) != "") & text.like("%" + func.lower(word) + "%")
        for word in (secret.referrer_name, secret.referrer_email, secret.referrer_email_as_typed)
    ]
    return select(secret.id).where(col(secret.identity_protected), or_(*named)).correlate(Bounce).exists()


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


def _joined(*, waiting: bool | None = None) -> Any:
    about = func.coalesce(Message.contact_id, Letter.contact_id)
    statement = (
        select(Bounce, BounceSettlement, Message, Contact)
        .outerjoin(BounceSettlement, col(BounceSettlement.bounce_id) == col(Bounce.id))
        .outerjoin(Message, col(Message.id) == col(Bounce.message_id))
        .outerjoin(Letter, col(Letter.id) == col(BounceSettlement.letter_id))
        .outerjoin(Contact, col(Contact.id) == about)
    )
    if waiting is None:
        return statement
    unsettled = col(BounceSettlement.bounce_id).is_(None)
    return statement.where(unsettled if waiting else ~unsettled)


def _without_content(statement: Any) -> Any:
    return statement.options(defer(cast("QueryableAttribute[bytes]", Message.content)))


def _line(row: Any) -> BounceLine:
    bounce, settled, message, contact = row
    return BounceLine(bounce=bounce, settlement=settled, message=message, contact=contact)
