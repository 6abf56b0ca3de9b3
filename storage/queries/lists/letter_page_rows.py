"""The list of letters: filtered, in pages by key; those about immediate danger first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, and_, col, or_, select

from storage.list_counts import LETTERS
from storage.queries import keyset
from storage.queries.keyset import Order, Searched, Segment, Slice
from storage.queries.letters import letter_list_rows
from storage.queries.lists import list_count_rows, sought_rows
from storage.queries.lists.sought_rows import Sought
from storage.remembered import once
from storage.tables import Contact, ListedLetter, ListedReferral
from storage.tables.lists.listed import Part, Stage

SHORTEST_ADDRESS = 3
FEW = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersWanted:
    """What of the letters is listed; what is empty narrows nothing.

    ``words``: what was typed, of which ``sought`` is the question; None where nothing is searched. ``closed``: children
    whose record is closed to whoever looks; a filter that tells of the referrer leaves their letters out.
    """

    owed: bool = False
    stages: Collection[str] = ()
    kinds: Collection[str] = ()
    sources: Collection[str] = ()
    words: str = ""
    sought: Sought | None = None
    closed: frozenset[int] = frozenset()
    oldest_first: bool = False


def order(wanted: LettersWanted) -> Order:
    """Those of contacts in which a child is in danger, and the others."""
    in_danger = select(ListedReferral.contact_id).where(col(ListedReferral.part) == Part.DANGER.value)
    return Order(
        segments=[
            Segment(name="0", where=col(ListedLetter.contact_id).in_(in_danger)),
            Segment(name="1", where=col(ListedLetter.contact_id).not_in(in_danger)),
        ],
        keys=[col(ListedLetter.letter_id)],
        descending=not wanted.oldest_first,
    )


def page(session: Session, wanted: LettersWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the list, its rows as lines."""
    found = _page(session, wanted, page_wanted)
    rows = letter_list_rows.among(session, [number for (number,) in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def _page(session: Session, wanted: LettersWanted, page_wanted: keyset.Wanted) -> Slice:
    if wanted.sought is not None:
        return _searched(session, wanted).page(session, page_wanted)
    return keyset.read(session, numbers(session, wanted), order(wanted), page_wanted)


def _searched(session: Session, wanted: LettersWanted) -> Searched:
    def ask() -> Searched:
        many = wanted.sought is not None and sought_rows.is_many(session, wanted.sought)
        return keyset.searched(session, numbers(session, wanted), order(wanted), many=many)

    return once(session, wanted, ask)


def count(session: Session, wanted: LettersWanted) -> int:
    """How many there are, as they are stored; of a search or a source ``AtLeast`` for more than are counted."""
    if wanted.sought is not None:
        return _searched(session, wanted).count
    if wanted.sources:
        return keyset.count(session, numbers(session, wanted))
    stages = set(wanted.stages or Stage) & ({Stage.OWED} if wanted.owed else set(Stage))
    asked = {"state": stages} | ({"kind": wanted.kinds} if wanted.kinds else {})
    return list_count_rows.total(session, LETTERS, asked)


def kept_back(session: Session, wanted: LettersWanted) -> int:
    """How many of them are about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.closed or wanted.sought is not None:  # a search finds none of these
        return 0
    return keyset.count(session, numbers(session, wanted).where(col(ListedLetter.contact_id).in_(_closed(wanted))))


def _closed(wanted: LettersWanted) -> Any:
    return select(ListedReferral.contact_id).where(col(ListedReferral.person_id).in_(wanted.closed))


def numbers(session: Session, wanted: LettersWanted) -> Any:
    """The numbers of the letters that are wanted, as a statement."""
    statement = select(ListedLetter.letter_id)
    if wanted.owed:
        statement = statement.where(col(ListedLetter.stage) == Stage.OWED)
    for column, some in ((ListedLetter.stage, wanted.stages), (ListedLetter.kind, wanted.kinds)):
        if some:
            statement = statement.where(col(column).in_(some))
    if wanted.sources:
        of_source = select(ListedReferral.contact_id).where(col(ListedReferral.source_code).in_(wanted.sources))
        statement = statement.where(col(ListedLetter.contact_id).in_(of_source))
    if wanted.sought is not None:
        statement = statement.where(_found(session, wanted, wanted.sought))
    if wanted.closed and wanted.sources:
        statement = statement.where(col(ListedLetter.contact_id).not_in(_closed(wanted)))
    return statement


def _found(session: Session, wanted: LettersWanted, sought: Sought) -> Any:
    """By child, referrer or reference, or by a part of the address on it: of these the index holds nothing else."""
    found = sought_rows.contact(session, sought, col(ListedLetter.contact_id))
    address = " ".join(wanted.words.lower().split())
    if len(address) >= SHORTEST_ADDRESS:
        found = or_(found, *_by_address(session, address, sees=sought.sees_protected))
    if wanted.closed:  # of several children of a contact one may be closed: its letters are found by no name then
        return and_(found, col(ListedLetter.contact_id).not_in(_closed(wanted)))
    return found


def _by_address(session: Session, address: str, *, sees: bool) -> Sequence[Any]:
    """Asked apart: every address is read for it, and mostly few have it or none. Of many each letter is asked."""
    has = _has_address(address, sees=sees)
    few = session.exec(select(ListedLetter.letter_id).where(has).limit(FEW + 1)).all()
    return [has if len(few) > FEW else col(ListedLetter.letter_id).in_(few)] if few else []


def _has_address(address: str, *, sees: bool) -> Any:
    found = col(ListedLetter.address).contains(address, autoescape=True)
    if sees:
        return found
    shared = select(Contact.id).where(
        col(Contact.id) == col(ListedLetter.contact_id), col(Contact.identity_protected).is_(False)
    )
    return found & shared.exists()
