"""The access log in pages by key: filtered, searched and counted to a thousand, however many looks it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select, true

from storage.queries import access_rows, keyset, sought
from storage.queries.keyset import Order, Segment, Slice
from storage.tables import Access, AccessChild, Contact, Referral, User

_CHILD = aliased(AccessChild)  # once: to make one takes longer than to ask

EXPORT = "export"


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksWanted:
    """Which looks somebody wants to see: by person, reference or words searched with; at one child.

    ``child`` is a referral's reference or a child's number; one that nobody has finds nothing. ``mine``: the looks of
    this user name. ``before``: looks older than the one with this number, as a search of the log finds itself by its
    own words. ``closed``: the children whose record is closed to the reader; nothing is found by a reference of theirs.
    """

    words: str = ""
    child: str = ""
    refused: bool = False
    searches: bool = False
    files: bool = False
    mine: str = ""
    before: int | None = None
    closed: frozenset[int] = frozenset()
    oldest_first: bool = False


def order(wanted: LooksWanted) -> Order:
    """The newest first, unless the oldest are."""
    return Order(segments=[Segment(name="0", where=true())], keys=[col(Access.id)], descending=not wanted.oldest_first)


def page(session: Session, wanted: LooksWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of looks."""
    found = keyset.read(session, _numbers(session, wanted), order(wanted), page_wanted)
    rows = access_rows.among(session, [number for (number,) in found.rows], wanted.closed)
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: LooksWanted) -> int:
    """How many looks there are, 1,001 for any more."""
    return keyset.count(session, _numbers(session, wanted))


def kept_back(session: Session, wanted: LooksWanted) -> int:
    """How many of them name nobody but children whose record is closed to the reader, 1,001 for any more."""
    if not wanted.closed:
        return 0
    shut = or_(access_rows.at_records_of(wanted.closed), and_(_shows(wanted, closed=True), ~_shows(wanted)))
    return keyset.count(session, _numbers(session, wanted).where(shut))


def _shows(wanted: LooksWanted, *, closed: bool = False) -> Any:
    """True for a look that showed a child whose record is open to the reader, or one whose is ``closed``."""
    among = col(_CHILD.person_id).in_(wanted.closed)
    shown = select(_CHILD.access_id).where(_CHILD.access_id == col(Access.id), among if closed else ~among)
    return shown.correlate(Access).exists()


def _numbers(session: Session, wanted: LooksWanted) -> Any:
    return select(Access.id).where(*_filters(session, wanted))


def _filters(session: Session, wanted: LooksWanted) -> Sequence[Any]:
    look_id = col(Access.id)
    asked = (
        (wanted.refused, lambda: ~col(Access.allowed)),
        (wanted.searches, lambda: col(Access.words) != ""),
        (wanted.files, lambda: col(Access.what).startswith(EXPORT)),
        (wanted.mine, lambda: col(Access.username) == wanted.mine),
        (wanted.before is not None, lambda: look_id < wanted.before),
        (wanted.words, lambda: look_id.in_(_found(wanted, sought.phrase(wanted.words)))),
        (wanted.child, lambda: _at(session, wanted.child)),
    )
    return [condition() for is_asked, condition in asked if is_asked]


def _found(wanted: LooksWanted, words: str) -> Any:
    """The looks that words find, each way by itself, so that each is looked up in an index of its own."""
    of_person = select(User.username).where(col(User.name).icontains(words, autoescape=True))
    by_ref = [
        (Access.contact_id, select(Contact.id).where(col(Contact.ref).icontains(words, autoescape=True))),
        (Access.referral_id, select(Referral.id).where(col(Referral.ref).icontains(words, autoescape=True))),
    ]
    shown = or_(~access_rows.at_records_of(wanted.closed), col(Access.contact_id).is_(None))
    open_ones = shown if wanted.closed else true()
    return union_all(
        select(Access.id).where(col(Access.username).icontains(words, autoescape=True)),
        select(Access.id).where(col(Access.username).in_(of_person)),
        select(Access.id).where(col(Access.words) != "", col(Access.words).icontains(words, autoescape=True)),
        *(select(Access.id).where(col(place).in_(some), open_ones) for place, some in by_ref),
    )


def _at(session: Session, child: str) -> Any:
    """Looks that name this child, or that are about its referrals or whole contacts."""
    person_ids = access_rows.persons(session, child)
    named = select(AccessChild.access_id).where(col(AccessChild.person_id).in_(person_ids))
    return or_(col(Access.id).in_(named), access_rows.at_records_of(person_ids))
