"""Pages of a list by the keys of its rows: a page begins behind a row, whatever was added or left meanwhile.

A list is read in segments, one after the other (danger, work, history). In each an index gives the rows in order, so
that a page costs what stands on it and not what stands before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, tuple_
from sqlalchemy.sql import literal
from sqlmodel import Session, func, select

MOST_COUNTED = 1000
LARGEST = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MOST_TICKS = (datetime(9000, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Rows that stand before all rows of the next segment, by a condition; ``name`` holds no dot."""

    name: str
    where: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``keys``: the columns by which a segment is sorted, all one way; the last tells every row from every other."""

    segments: Sequence[Segment]
    keys: Sequence[Any]
    descending: bool = False


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


def read(session: Session, statement: Any, order: Order, wanted: Wanted) -> Slice:
    """A page. ``statement`` selects what is wanted of each row, filtered and not sorted."""
    found = list(_walk(session, statement.add_columns(*order.keys), order, wanted))
    more, found = len(found) > wanted.size, found[: wanted.size]
    if wanted.place is None or not wanted.place.backwards:
        return _slice(found, len(order.keys), before=wanted.place is not None, after=more)
    if len(found) < wanted.size:  # the beginning is reached: the first page, and a full one
        return read(session, statement, order, Wanted(size=wanted.size))
    return _slice(found[::-1], len(order.keys), before=more, after=True)


def _slice(found: Sequence[tuple[str, Any]], width: int, *, before: bool, after: bool) -> Slice:
    return Slice(
        rows=[row[:-width] for _, row in found],
        before=_place(found[0], width, backwards=True) if found and before else None,
        after=_place(found[-1], width) if found and after else None,
    )


def _place(found: tuple[str, Any], width: int, *, backwards: bool = False) -> Place:
    segment, row = found
    return Place(segment=segment, keys=tuple(row[-width:]), backwards=backwards)


def _walk(session: Session, statement: Any, order: Order, wanted: Wanted) -> Iterator[tuple[str, Any]]:
    """One row more than a page, so that it is known whether there is another."""
    place, left = wanted.place, wanted.size + 1
    backwards = place is not None and place.backwards
    turned = backwards != order.descending
    segments = list(reversed(order.segments)) if backwards else list(order.segments)
    names = [segment.name for segment in segments]
    start = names.index(place.segment) if place and place.segment in names else 0
    for number, segment in enumerate(segments[start:]):
        part = statement.where(segment.where)
        if place and number == 0 and place.segment in names:
            part = part.where(_beyond(order.keys, place.keys, downwards=turned))
        part = part.order_by(*(key.desc() if turned else key for key in order.keys)).limit(left)
        rows = session.execute(part).all()
        yield from ((segment.name, row) for row in rows)
        left -= len(rows)
        if left <= 0:
            return


def _beyond(keys: Sequence[Any], values: Sequence[Any], *, downwards: bool) -> Any:
    """As one comparison of rows, which both databases look up in an index; an OR of several neither does."""
    bound = tuple_(*(literal(value, key.type) for key, value in zip(keys, values, strict=True)))
    return tuple_(*keys) < bound if downwards else tuple_(*keys) > bound


def count(session: Session, statement: Any, *, most: int = MOST_COUNTED) -> int:
    """How many rows there are; one more than ``most`` stands for any more, so that very many cost no more."""
    some = statement.limit(most + 1).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def written(place: Place) -> str:
    """A place as it stands in an address: it holds numbers alone."""
    return ".".join((place.segment, *(str(_number(value)) for value in place.keys)))


def _number(value: Any) -> int:
    return (value - _EPOCH) // _TICK if isinstance(value, datetime) else int(value)


def place_of(text: str, order: Order, *, backwards: bool = False) -> Place | None:
    """The place that an address names; None for what is none, so that the list begins at its beginning."""
    segment, *numbers = text.split(".")
    is_known = segment in {one.name for one in order.segments}
    if not is_known or len(numbers) != len(order.keys) or not all(map(is_number, numbers)):
        return None
    keys = tuple(_value(key, int(number)) for key, number in zip(order.keys, numbers, strict=True))
    return None if None in keys else Place(segment=segment, keys=keys, backwards=backwards)


def is_number(text: str) -> bool:
    """True for a whole number as it stands in a place."""
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20


def _value(key: Any, number: int) -> Any:
    kind = getattr(key.type, "impl_instance", key.type)
    if isinstance(kind, DateTime):
        return _EPOCH + number * _TICK if abs(number) <= _MOST_TICKS else None
    return number if abs(number) <= LARGEST else None
