"""Bounces in pages by key: those that wait for a person, failures first, then those settled."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from rules.messages import BounceKind
from storage.queries import keyset, sought
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.letters import returned_mail_rows
from storage.tables import Bounce, BounceSettlement, Contact, Letter, Message, Referral

_SECRET = aliased(Contact)  # once: to make one takes longer than to ask


class Sort(StrEnum):
    """What comes first among those that wait, and among those settled. Usual: the oldest, and the newest."""

    USUAL = "usual"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class BouncesWanted:
    """Which bounces somebody wants to see; what is empty narrows nothing.

    ``how``: settled in one of these ways. Without ``sees_protected`` none is found by words that may be a protected
    referrer's, nor by those of a contact about the children ``closed``.
    """

    kinds: Collection[str] = ()
    how: Collection[str] = ()
    waiting: bool = False
    words: str = ""
    sees_protected: bool = False
    closed: frozenset[int] = frozenset()
    sort: Sort = Sort.USUAL


def order(wanted: BouncesWanted) -> Order:
    """What waits before what is settled."""
    waits, failed = returned_mail_rows.waits(), col(Bounce.kind) == BounceKind.FAILED
    newest = wanted.sort is Sort.NEWEST
    return Order(
        segments=[
            Segment(name="0", where=waits & failed, descending=newest),
            Segment(name="1", where=waits & ~failed, descending=newest),
            Segment(name="2", where=~waits, descending=wanted.sort is not Sort.OLDEST),
        ],
        keys=[col(Bounce.id)],
    )


def page(session: Session, wanted: BouncesWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of bounces, as lines."""
    found = keyset.read(session, _numbers(wanted), order(wanted), page_wanted)
    rows = returned_mail_rows.among(session, [number for (number,) in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: BouncesWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _numbers(wanted))


def kept_back(session: Session, wanted: BouncesWanted) -> int:
    """How many of them are known to be about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.closed:
        return 0
    return keyset.count(session, _numbers(wanted).where(_about(wanted.closed)))


def _numbers(wanted: BouncesWanted) -> Any:
    statement = (
        select(Bounce.id)
        .outerjoin(BounceSettlement, col(BounceSettlement.bounce_id) == col(Bounce.id))
        .outerjoin(Message, col(Message.id) == col(Bounce.message_id))
        .outerjoin(Letter, col(Letter.id) == col(BounceSettlement.letter_id))
        .outerjoin(Contact, col(Contact.id) == func.coalesce(Message.contact_id, Letter.contact_id))
    )
    for column, some in ((Bounce.kind, wanted.kinds), (BounceSettlement.how, wanted.how)):
        if some:
            statement = statement.where(col(column).in_(some))
    if wanted.waiting:
        statement = statement.where(returned_mail_rows.waits())
    return statement.where(*(_holds(word, wanted) for word in sought.words(wanted.words)))


def _about(children: Collection[int]) -> Any:
    theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(children))
    return func.coalesce(Contact.id, 0).in_(theirs)


def _holds(word: str, wanted: BouncesWanted) -> Any:
    written = sought.holds(word, Bounce.recipient, Bounce.sender, Bounce.subject)
    if wanted.closed:
        written = written & ~_about(wanted.closed)
    if not wanted.sees_protected:
        written = written & func.coalesce(Contact.identity_protected, False).is_(False) & ~_names_protected()
    return or_(col(Contact.ref).icontains(word, autoescape=True), written)


def _names_protected() -> Any:
    """True where a protected referrer's name or address stands in it; a ``%`` or ``_`` of theirs hides more."""
    secret = _SECRET
    text = func.lower(col(Bounce.recipient) + " " + col(Bounce.sender) + " " + col(Bounce.subject))
    named = [
        (col(word) != "") & text.like("%" + func.lower(word) + "%")
        for word in (secret.referrer_name, secret.referrer_email, secret.referrer_email_as_typed)
    ]
    return select(secret.id).where(col(secret.identity_protected), or_(*named)).correlate(Bounce).exists()
