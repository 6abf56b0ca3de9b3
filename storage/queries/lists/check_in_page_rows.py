"""Contacts from outside that are to be checked in: filtered, in pages by key; immediate danger first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from storage.queries import keyset
from storage.queries.intake import outside_rows
from storage.queries.intake.outside_rows import Waiting
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.lists import narrowed_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Contact, OutsideContact

FEW = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInsWanted:
    """What of them is listed; what is empty narrows nothing.

    ``danger``: a child is in immediate danger. ``unconfirmed``: nobody has followed the link of the receipt, or taken
    the address down. Either leaves out what is about a closed record.
    """

    of: ReferralsWanted = field(default_factory=ReferralsWanted)
    danger: bool = False
    unconfirmed: bool = False
    newest_first: bool = False


def order(wanted: CheckInsWanted) -> Order:
    """Those in which a child is in immediate danger, then the others, by receipt."""
    in_danger = col(Contact.immediate_danger)
    return Order(
        segments=[Segment(name="0", where=in_danger.is_(True)), Segment(name="1", where=in_danger.is_(False))],
        keys=[col(Contact.received_at), col(Contact.id)],
        descending=wanted.newest_first,
    )


def page(session: Session, wanted: CheckInsWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as ``Waiting``."""
    found = keyset.read(session, _statement(session, wanted), order(wanted), page_wanted)
    children = outside_rows.children_of(session, [outside.contact_id for outside, _ in found.rows])
    rows = [
        Waiting(outside=outside, contact=contact, children=children.get(outside.contact_id, ()))
        for outside, contact in found.rows
    ]
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: CheckInsWanted) -> int:
    """How many there are, 1,001 for any more."""
    return keyset.count(session, _numbers(session, wanted))


def kept_back(session: Session, wanted: CheckInsWanted) -> int:
    """How many of them are about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.of.closed:
        return 0
    return keyset.count(session, _numbers(session, wanted).where(_closed(wanted)))


def _closed(wanted: CheckInsWanted) -> Any:
    return narrowed_rows.kept_back(wanted.of, col(OutsideContact.contact_id), narrowed_rows.CONTACT)


def _numbers(session: Session, wanted: CheckInsWanted) -> Any:
    return _statement(session, wanted).with_only_columns(col(OutsideContact.contact_id))


def _statement(session: Session, wanted: CheckInsWanted) -> Any:
    contact_id = col(OutsideContact.contact_id)
    found = [*narrowed_rows.conditions(session, wanted.of, contact_id, narrowed_rows.CONTACT)]
    if wanted.danger:
        found.append(col(Contact.immediate_danger).is_(True))
    if wanted.unconfirmed:
        found += [col(OutsideContact.confirmed_at).is_(None), col(Contact.referrer_email) == ""]
    if wanted.of.closed and (wanted.danger or wanted.unconfirmed):
        found.append(~_closed(wanted))
    if few := _few(session):
        found.append(col(Contact.id).in_(few))
    return outside_rows.to_check_in(select(OutsideContact, Contact)).where(*found)


def _few(session: Session) -> Collection[int]:
    """Their numbers where they are few: else every contact would be read in order to find those among them."""
    numbers = outside_rows.to_check_in(select(OutsideContact.contact_id)).limit(FEW + 1)
    found: Collection[int] = session.execute(numbers).scalars().all()
    return found if len(found) <= FEW else ()
