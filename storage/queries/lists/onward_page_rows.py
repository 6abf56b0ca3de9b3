"""Children whose receiver has not answered, in pages by key: immediate danger first, then what is due soonest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from storage.queries import keyset, sought
from storage.queries.decisions import onward_rows
from storage.queries.decisions.onward_rows import OnwardLine
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import sought_rows
from storage.queries.lists.sought_rows import Sought
from storage.tables import Clock, Contact, OnwardReferral, Referral


class Sort(StrEnum):
    """What comes first, of those in immediate danger and then of the others."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardWanted:
    """What of the hand-overs is listed; what is empty narrows nothing.

    ``late``: those whose answer was due before this moment. ``words``: what was typed, of which ``sought`` is the
    question. ``closed``: children whose record is closed to whoever looks; what tells of referrer or receiver lists
    none of theirs.
    """

    late: datetime | None = None
    no_email: bool = False
    sources: Collection[str] = ()
    words: str = ""
    sought: Sought | None = None
    closed: frozenset[int] = frozenset()
    sort: Sort = Sort.DUE


def order(wanted: OnwardWanted) -> Order:
    """Immediate danger before all."""
    danger, number = col(Contact.immediate_danger), col(OnwardReferral.id)
    keys = [func.coalesce(_due(), col(OnwardReferral.sent_at)), number] if wanted.sort is Sort.DUE else [number]
    return Order(
        segments=[Segment(name="0", where=danger), Segment(name="1", where=~danger)],
        keys=keys,
        descending=wanted.sort is Sort.NEWEST,
    )


def page(session: Session, wanted: OnwardWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as lines."""
    found = keyset.read(session, _numbers(session, wanted), order(wanted), page_wanted)
    rows = onward_rows.among(session, [number for (number,) in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def every(session: Session) -> Sequence[OnwardLine]:
    """All of them."""
    return page(session, OnwardWanted(), keyset.Wanted(size=keyset.LARGEST - 1)).rows


def count(session: Session, wanted: OnwardWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _numbers(session, wanted))


def kept_back(session: Session, wanted: OnwardWanted) -> int:
    """How many of them are children whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.closed:
        return 0
    return keyset.count(session, _numbers(session, wanted).where(col(Referral.person_id).in_(wanted.closed)))


def _due() -> Any:
    of_referral = select(func.min(Clock.due_at)).where(col(Clock.referral_id) == col(OnwardReferral.referral_id))
    return of_referral.where(*onward_rows.owed_answer()).correlate(OnwardReferral).scalar_subquery()


def _numbers(session: Session, wanted: OnwardWanted) -> Any:
    statement = (
        select(OnwardReferral.id)
        .join(Referral, col(Referral.id) == col(OnwardReferral.referral_id))
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(col(OnwardReferral.answered_at).is_(None))
    )
    if wanted.late is not None:
        statement = statement.where(_due() <= wanted.late)
    if wanted.no_email:
        statement = statement.where(col(OnwardReferral.receiver_email) == "")
    if wanted.sources:
        statement = statement.where(col(Contact.source_code).in_(wanted.sources))
    if wanted.sought is not None:
        statement = statement.where(_found(session, wanted, wanted.sought))
    if wanted.closed and (wanted.sources or wanted.no_email or wanted.sought):
        statement = statement.where(col(Referral.person_id).not_in(wanted.closed))
    return statement


def _found(session: Session, wanted: OnwardWanted, question: Sought) -> Any:
    """By child, referrer or reference, or by all words of the receiver's name and address."""
    found = sought_rows.referral(session, question, col(OnwardReferral.referral_id))
    places = (OnwardReferral.receiver, OnwardReferral.receiver_email)
    named = [sought.holds(word, *places) for word in sought.words(wanted.words)]
    return or_(found, and_(*named)) if named else found
