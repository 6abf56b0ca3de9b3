"""The parts of the board: each is one object whose ``where`` gives both how many families there are and which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, func, select

from rules.board import SOON
from storage.tables import BoardCard

MOST = 1000
LARGEST = 2**31 - 1
SIZE = 25
_RANKS = (0, 1)


class Part(StrEnum):
    """Which families; each of those with a card is late, soon or later, and may be in danger or asked about too."""

    ALL = "all"
    DANGER = "danger"
    LATE = "late"
    SOON = "soon"
    LATER = "later"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many; ``more``: there are more than that, for nobody counts a hundred thousand on each look."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        """Such as ``7`` or ``1,000+``."""
        return f"{self.number:,}{'+' if self.more else ''}"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a card stands in the order of the board."""

    rank: int
    due_at: datetime
    contact_id: int


_DUE = col(BoardCard.due_at)
_WHERE: Mapping[Part, Callable[[datetime], Any]] = {
    Part.ALL: lambda _: _DUE.is_not(None),
    Part.DANGER: lambda _: col(BoardCard.rank) == 0,
    Part.LATE: lambda now: now >= _DUE,
    Part.SOON: lambda now: and_(now < _DUE, now + SOON >= _DUE),
    Part.LATER: lambda now: now + SOON < _DUE,
    Part.ASKED: lambda _: col(BoardCard.asked_at).is_not(None),
}


@dataclass(frozen=True, slots=True)
class Families:
    """A part of the board at one moment."""

    part: Part
    now: datetime

    @property
    def where(self) -> Any:
        """True in a statement with a card that belongs to the part."""
        return _WHERE[self.part](self.now)

    def numbers(self, *, most: int) -> Any:
        """The statement for up to ``most`` of them and one more, in the order of an index.

        Stating the order keeps PostgreSQL from reading the whole table for the first thousand.
        """
        ordered = (BoardCard.rank, BoardCard.due_at) if self.part in (Part.DANGER, Part.ASKED) else (BoardCard.due_at,)
        return select(BoardCard.contact_id).where(self.where).order_by(*map(col, ordered)).limit(most + 1)

    def count(self, session: Session, *, most: int = MOST) -> Count:
        """How many families there are, up to ``most``."""
        return counts(session, [self], most=most)[self.part]

    def page(self, session: Session, *, after: Place | None = None, size: int = SIZE) -> Sequence[BoardCard]:
        """The next cards after a place, immediate danger first, then by least time left; one more than ``size``."""
        found: list[BoardCard] = []
        for rank in _RANKS:
            statement = select(BoardCard).where(self.where, col(BoardCard.rank) == rank, *_after(after, rank))
            ordered = statement.order_by(col(BoardCard.due_at), col(BoardCard.contact_id))
            found += session.exec(ordered.limit(size + 1 - len(found))).all()
            if len(found) > size:
                break
        return found


def counts(session: Session, parts: Sequence[Families], *, most: int = MOST) -> Mapping[Part, Count]:
    """How many families there are in each of these parts, in one question."""
    asked = [
        select(func.count()).select_from(one.numbers(most=most).subquery()).scalar_subquery().label(one.part)
        for one in parts
    ]
    row = session.execute(rows_of(*asked)).one()
    return {one.part: Count(number=min(found, most), more=found > most) for one, found in zip(parts, row, strict=True)}


def _after(place: Place | None, rank: int) -> Iterator[Any]:
    """What comes later: by itself for each rank, so that the index is entered at the place itself."""
    if place is None or rank > place.rank:
        return
    if rank < place.rank:
        yield col(BoardCard.rank) < 0
        return
    due_at, contact_id = col(BoardCard.due_at), col(BoardCard.contact_id)
    yield due_at >= place.due_at
    yield or_(due_at > place.due_at, contact_id > place.contact_id)


def place_of(card: BoardCard) -> Place:
    """Where a card stands."""
    return Place(card.rank, card.due_at, card.contact_id)


def by_contact(session: Session, contact_id: int) -> BoardCard | None:
    """The card of a contact, None where nothing of it waits."""
    return session.get(BoardCard, contact_id)
