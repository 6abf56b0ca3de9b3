"""Letters that wait to be printed, in pages by key: those printed before, then immediate danger, then the oldest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, or_, select

from storage.queries import danger_rows, keyset
from storage.queries.keyset import Order, Segment, Slice
from storage.queries.letters import letter_list_rows, print_queue_rows
from storage.queries.lists import letter_page_rows
from storage.queries.lists.letter_page_rows import LettersWanted
from storage.tables import Letter, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintWanted:
    """What of the queue is listed. ``letters``: as the list of letters is asked.

    ``again``: letters whose printed address does not hold any more. ``only_again``: those, and those that came back.
    ``hidden``: children whose letters somebody else prints.
    """

    letters: LettersWanted = field(default_factory=LettersWanted)
    again: Collection[int] = ()
    only_again: bool = False
    sees_protected: bool = False
    hidden: frozenset[int] = frozenset()


def order(wanted: PrintWanted) -> Order:
    """As the queue is printed."""
    again, danger = col(Letter.id).in_(wanted.again), danger_rows.stands()
    return Order(
        segments=[
            Segment(name="0", where=again),
            Segment(name="1", where=~again & danger),
            Segment(name="2", where=~again & ~danger),
        ],
        keys=[col(Letter.id)],
        descending=not wanted.letters.oldest_first,
    )


def page(session: Session, wanted: PrintWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of the queue, its rows as lines."""
    found = keyset.read(session, _numbers(session, wanted), order(wanted), page_wanted)
    rows = letter_list_rows.among(session, [number for (number,) in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def count(session: Session, wanted: PrintWanted) -> int:
    """How many letters there are, 1,001 for any more."""
    return keyset.count(session, _numbers(session, wanted))


def kept_back(session: Session, wanted: PrintWanted) -> int:
    """How many are about a child whose record is closed to whoever looks, 1,001 for any more."""
    if not wanted.letters.closed:
        return 0
    theirs = select(Referral.contact_id).where(col(Referral.person_id).in_(wanted.letters.closed))
    return keyset.count(session, _numbers(session, wanted).where(col(Letter.contact_id).in_(theirs)))


def _numbers(session: Session, wanted: PrintWanted) -> Any:
    queue = print_queue_rows.in_queue(sees_protected=wanted.sees_protected, closed=wanted.hidden)
    again = col(Letter.id).in_(wanted.again)
    to_print = or_(again, ~print_queue_rows.is_printed())
    found = queue.with_only_columns(col(Letter.id)).where(
        to_print, col(Letter.id).in_(letter_page_rows.numbers(session, wanted.letters))
    )
    return found.where(or_(again, print_queue_rows.came_back())) if wanted.only_again else found
