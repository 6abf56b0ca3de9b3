"""Pages of a list by the keys of its rows: a page begins behind a row, whatever was added or left meanwhile.

A list is read in segments, one after the other (danger, work, history). In each an index gives the rows in order, so
that a page costs what stands on it and not what stands before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, case, tuple_
from sqlalchemy.sql import literal
from sqlmodel import Session, func, select, true

MOST_COUNTED = 1000
MOST_OF_MANY = 100
LARGEST = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MOST_TICKS = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Rows that stand before all rows of the next segment, by a condition; ``name`` holds no dot.

    ``keys`` and ``descending`` where these are sorted otherwise than the rest of the list.
    """

    name: str
    where: Any
    keys: Sequence[Any] = ()
    descending: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``keys``: the columns by which a segment is sorted, all one way; the last tells every row from every other."""

    segments: Sequence[Segment]
    keys: Sequence[Any]
    descending: bool = False

    def keys_of(self, segment: Segment) -> Sequence[Any]:
        """The columns by which a segment is sorted."""
        return segment.keys or self.keys

    def falls(self, segment: Segment) -> bool:
        """True where a segment is sorted downwards."""
        return self.descending if segment.descending is None else segment.descending

    def is_before(self, one: Place, other: Place) -> bool:
        """True where a row at ``one`` place stands before a row at the ``other``."""
        names = [segment.name for segment in self.segments]
        at, there = names.index(one.segment), names.index(other.segment)
        if at != there:
            return at < there
        return one.keys > other.keys if self.falls(self.segments[at]) else one.keys < other.keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Between two rows: behind the row with these keys, or before it where the page is read ``backwards``."""

    segment: str
    keys: tuple[Any, ...]
    backwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A page of ``size`` rows from a place on; from the beginning where there is none."""

    size: int
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The rows of a page in the list's order, and the places of the pages before and after it, None for none."""

    rows: Sequence[Any]
    before: Place | None = None
    after: Place | None = None


NUMBERS = Order(segments=[Segment(name="0", where=true())], keys=[literal(0)])
"""The order of what ``of_numbers`` pages, by which a place is read from an address."""

Found = tuple[Place, Any]
"""A row and its place."""


def read(session: Session, statement: Any, order: Order, wanted: Wanted) -> Slice:
    """A page. ``statement`` selects what is wanted of each row, filtered and not sorted."""
    found = list(_walk(session, statement, order, wanted))
    more, found = len(found) > wanted.size, found[: wanted.size]
    if wanted.place is None or not wanted.place.backwards:
        return _slice(found, before=wanted.place is not None, after=more)
    if len(found) < wanted.size:  # the beginning is reached: the first page, and a full one
        return read(session, statement, order, Wanted(size=wanted.size))
    return _slice(found[::-1], before=more, after=True)


def _slice(found: Sequence[Found], *, before: bool, after: bool) -> Slice:
    return Slice(
        rows=[row for _, row in found],
        before=replace(found[0][0], backwards=True) if found and before else None,
        after=found[-1][0] if found and after else None,
    )


def _walk(session: Session, statement: Any, order: Order, wanted: Wanted) -> Iterator[Found]:
    """One row more than a page, so that it is known whether there is another."""
    place, left = wanted.place, wanted.size + 1
    backwards = place is not None and place.backwards
    segments = list(reversed(order.segments)) if backwards else list(order.segments)
    names = [segment.name for segment in segments]
    start = names.index(place.segment) if place and place.segment in names else 0
    for number, segment in enumerate(segments[start:]):
        keys, turned = order.keys_of(segment), backwards != order.falls(segment)
        part = statement.add_columns(*keys).where(segment.where)
        if place and number == 0 and place.segment in names:
            part = part.where(_beyond(keys, place.keys, downwards=turned))
        rows = session.execute(part.order_by(*(key.desc() if turned else key for key in keys)).limit(left)).all()
        yield from ((Place(segment=segment.name, keys=tuple(row[-len(keys) :])), row[: -len(keys)]) for row in rows)
        left -= len(rows)
        if left <= 0:
            return


def _beyond(keys: Sequence[Any], values: Sequence[Any], *, downwards: bool) -> Any:
    """As one comparison of rows, which both databases look up in an index; an OR of several neither does."""
    bound = tuple_(*(literal(value, key.type) for key, value in zip(keys, values, strict=True)))
    return tuple_(*keys) < bound if downwards else tuple_(*keys) > bound


class AtLeast(int):
    """A count that was not gone on with: there are so many, or more."""


def of_numbers(numbers: Sequence[int], wanted: Wanted) -> Slice:
    """A page of rows whose numbers are known in their order; from the beginning where the place is gone."""
    place = wanted.place if wanted.place and wanted.place.keys[0] in numbers else None
    at = numbers.index(place.keys[0]) if place else 0
    start = (max(at - wanted.size, 0) if place.backwards else at + 1) if place else 0
    rows = numbers[start : start + wanted.size]
    more = start + wanted.size < len(numbers)
    return Slice(
        rows=rows,
        before=Place(segment="0", keys=(rows[0],), backwards=True) if rows and start else None,
        after=Place(segment="0", keys=(rows[-1],)) if rows and more else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """What a search asks, how many it found as by ``count``, and all of it in the list's order where it is few."""

    statement: Any
    order: Order
    few: Sequence[Found] | None
    count: int

    def page(self, session: Session, wanted: Wanted) -> Slice:
        """A page of it."""
        if self.few is None:
            return read(session, self.statement, self.order, wanted)
        return of_few(self.few, self.order, wanted)


def searched(session: Session, statement: Any, order: Order, *, many: bool = False) -> Searched:
    """To be asked once for a page and for how many there are.

    ``many``: few are not to be expected, so that none is read before it is shown and only ``MOST_OF_MANY`` are counted.
    """
    if many:
        return Searched(statement=statement, order=order, few=None, count=count(session, statement, most=MOST_OF_MANY))
    found = few(session, statement, order)
    number = AtLeast(MOST_COUNTED + 1) if found is None else len(found)
    return Searched(statement=statement, order=order, few=found, count=number)


def few(session: Session, statement: Any, order: Order, *, most: int = MOST_COUNTED) -> Sequence[Found] | None:
    """All rows with their places, in the list's order; None for more than ``most``, which are not read on.

    For what a search finds: one statement instead of one for each segment and one that counts.
    """
    number = case(*((segment.where, at) for at, segment in enumerate(order.segments)))
    keys = {key.key: key for segment in order.segments for key in order.keys_of(segment)}
    rows = session.execute(statement.add_columns(number, *keys.values()).limit(most + 1)).all()
    if len(rows) > most:
        return None
    return [one for at in range(len(order.segments)) for one in _of_segment(order, at, rows, list(keys))]


def _of_segment(order: Order, at: int, rows: Sequence[Any], names: Sequence[str]) -> Sequence[Found]:
    """The rows of one segment, sorted. Behind the number of its segment a row holds the keys with these names."""
    segment, end = order.segments[at], -len(names)
    own = [end + names.index(key.key) for key in order.keys_of(segment)]
    theirs = [row for row in rows if row[end - 1] == at]
    found = [(Place(segment=segment.name, keys=tuple(row[one] for one in own)), row[: end - 1]) for row in theirs]
    return sorted(found, key=lambda one: one[0].keys, reverse=order.falls(segment))


def of_few(found: Sequence[Found], order: Order, wanted: Wanted) -> Slice:
    """A page of what ``few`` has read, as ``read`` would give it."""
    place = wanted.place
    if place is None:
        return _slice(found[: wanted.size], before=False, after=len(found) > wanted.size)
    if place.backwards:
        ahead = [one for one in found if order.is_before(one[0], place)]
        if len(ahead) < wanted.size:
            return of_few(found, order, Wanted(size=wanted.size))
        return _slice(ahead[-wanted.size :], before=len(ahead) > wanted.size, after=True)
    beyond = [one for one in found if order.is_before(place, one[0])]
    return _slice(beyond[: wanted.size], before=True, after=len(beyond) > wanted.size)


def count(session: Session, statement: Any, *, most: int = MOST_COUNTED) -> int:
    """How many rows there are; ``AtLeast`` one more than ``most`` for any more, so that very many cost no more."""
    some = statement.limit(most + 1).subquery()
    found = int(session.execute(select(func.count()).select_from(some)).scalar_one())
    return AtLeast(found) if found > most else found


def written(place: Place) -> str:
    """A place as it stands in an address: it holds numbers alone."""
    return ".".join((place.segment, *(str(_number(value)) for value in place.keys)))


def _number(value: Any) -> int:
    return (value - _EPOCH) // _TICK if isinstance(value, datetime) else int(value)


def place_of(text: str, order: Order, *, backwards: bool = False) -> Place | None:
    """The place that an address names; None for what is none, so that the list begins at its beginning."""
    segment, *numbers = text.split(".")
    columns = next((order.keys_of(one) for one in order.segments if one.name == segment), ())
    if not columns or len(numbers) != len(columns) or not all(map(is_number, numbers)):
        return None
    keys = tuple(_value(key, int(number)) for key, number in zip(columns, numbers, strict=True))
    return None if None in keys else Place(segment=segment, keys=keys, backwards=backwards)


def is_number(text: str) -> bool:
    """True for a whole number as it stands in a place."""
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20


def _value(key: Any, number: int) -> Any:
    kind = getattr(key.type, "impl_instance", key.type)
    if isinstance(kind, DateTime):
        return _EPOCH + number * _TICK if abs(number) <= _MOST_TICKS else None
    return number if abs(number) <= LARGEST else None
