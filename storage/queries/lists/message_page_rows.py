"""The outbox in pages by key: what waits first, filtered, searched and counted to a thousand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select, true

from storage.queries import keyset, sought
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.letters import message_rows
from storage.queries.letters.message_rows import UNDERWAY
from storage.tables import Alert, Contact, Message, Referral


class Sort(StrEnum):
    """What comes first; of what waits the urgent before the oldest."""

    WAITING = "waiting"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesWanted:
    """Which messages somebody wants to see; what is empty narrows nothing.

    ``before``: written before this moment and still waiting. ``unread``: kinds whose recipients must not be searched,
    nor those of contacts about the children ``closed``.
    """

    states: Collection[str] = ()
    kinds: Collection[str] = ()
    words: str = ""
    before: datetime | None = None
    perhaps_twice: bool = False
    sees_protected: bool = False
    unread: Collection[str] = ()
    closed: frozenset[int] = frozenset()
    sort: Sort = Sort.WAITING


def order(wanted: MessagesWanted) -> Order:
    """What waits with the urgent and the oldest before all, then the rest with the newest first; or all by moment."""
    keys, waits = [col(Message.id)], col(Message.state).in_(UNDERWAY)
    if wanted.sort is not Sort.WAITING:
        return Order(segments=[Segment(name="0", where=true())], keys=keys, descending=wanted.sort is Sort.NEWEST)
    urgent = Segment(name="0", where=waits, keys=[col(Message.priority), *keys])
    return Order(segments=[urgent, Segment(name="1", where=~waits, descending=True)], keys=keys)


def page(session: Session, wanted: MessagesWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of messages, as lines."""
    found = keyset.read(session, _numbers(wanted), order(wanted), page_wanted)
    rows = message_rows.among(session, [number for (number,) in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: MessagesWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _numbers(wanted))


def kept_back(session: Session, wanted: MessagesWanted) -> int:
    """How many of them are about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.closed:
        return 0
    return keyset.count(session, _numbers(wanted).where(_about(wanted.closed)))


def _about(children: Collection[int]) -> Any:
    """True for messages about a contact of one of these children, by themselves or by their alert."""
    contacts = _contacts_of(children)
    alerts = select(Alert.id).where(col(Alert.contact_id).in_(contacts))
    contact_id = col(Message.contact_id)
    return or_(
        and_(contact_id.is_not(None), contact_id.in_(contacts)),
        and_(contact_id.is_(None), col(Message.alert_id).is_not(None), col(Message.alert_id).in_(alerts)),
    )


def _contacts_of(children: Collection[int]) -> Any:
    return select(Referral.contact_id).where(col(Referral.person_id).in_(children))


def _numbers(wanted: MessagesWanted) -> Any:
    statement = select(Message.id).where(*_filters(wanted))
    words = sought.words(wanted.words)
    if not words:
        return statement
    about = func.coalesce(Message.contact_id, Alert.contact_id)
    joined = statement.outerjoin(Alert, col(Alert.id) == col(Message.alert_id))
    return joined.outerjoin(Contact, col(Contact.id) == about).where(*(_holds(word, wanted) for word in words))


def _filters(wanted: MessagesWanted) -> Sequence[Any]:
    found: list[Any] = []
    for column, some in ((Message.state, wanted.states), (Message.kind, wanted.kinds)):
        if some:
            found.append(col(column).in_(some))
    if wanted.before is not None:
        found += [col(Message.state).in_(UNDERWAY), col(Message.created_at) <= wanted.before]
    if wanted.perhaps_twice:
        found.append(col(Message.perhaps_twice))
    return found


def _holds(word: str, wanted: MessagesWanted) -> Any:
    of_recipient = sought.holds(word, Message.recipient_name, Message.recipient_address)
    if wanted.unread:
        of_recipient = of_recipient & col(Message.kind).not_in(wanted.unread)
    if wanted.closed:  # what staff are told is found by their own names all the same
        of_recipient = of_recipient & func.coalesce(Message.contact_id, 0).not_in(_contacts_of(wanted.closed))
    if not wanted.sees_protected:
        of_recipient = of_recipient & func.coalesce(Contact.identity_protected, False).is_(False)
    return or_(col(Contact.ref).icontains(word, autoescape=True), of_recipient)
