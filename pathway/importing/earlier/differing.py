"""How a file says something of a contact otherwise than a file before it, column by column."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pathway.importing import values
from pathway.importing.layout import CHILD_COLUMNS, COLUMNS
from rules.likeness import seen

_DATES = frozenset({"child_dob", "child_edd"})
_MOMENTS = frozenset({"received", "decided", "feedback_sent"})
_WHO = ("child_forename", "child_surname", "child_dob", "child_nhs_number")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value as it was and as it is now; ``place`` counts the lines of the contact from 0."""

    place: int
    column: str
    was: str
    now: str


def differences(before: str, after: str) -> Sequence[Difference]:
    """What two JSON lists of lines say otherwise; nothing where a reader sees no difference, in whatever order."""
    old, new = _rows(before), _rows(after)
    found = [one for place, was, now in _pairs(old, new) for one in _of_pair(place, was, now)]
    return list(
        {(one.column, one.was, one.now, one.place if one.column in CHILD_COLUMNS else 0): one for one in found}.values()
    )


def _rows(lines: str) -> list[Row]:
    return list(json.loads(lines))


def _pairs(old: list[Row], new: list[Row]) -> Iterator[tuple[int, Row, Row]]:
    """Each new line with the old one about the same child, by all of it, by who it is, or by what is left."""
    left, places = list(old), dict(enumerate(new))
    for alike in (_same, _same_child, _any):
        for place, row in list(places.items()):
            if (other := next((one for one in left if alike(one, row)), None)) is not None:
                left.remove(other)
                yield place, other, places.pop(place)
    yield from ((place, {}, row) for place, row in places.items())
    yield from ((0, {name: row[name] for name in _WHO if name in row}, {}) for row in left)


def _same(one: Row, other: Row) -> bool:
    return all(_meant(column, one) == _meant(column, other) for column in COLUMNS)


def _same_child(one: Row, other: Row) -> bool:
    return all(_meant(column, one) == _meant(column, other) for column in _WHO[:2])


def _any(_one: Row, _other: Row) -> bool:
    return True


def _of_pair(place: int, was: Row, now: Row) -> Iterator[Difference]:
    for column in COLUMNS if now else _WHO:
        if _meant(column, was) != _meant(column, now):
            yield Difference(place=place, column=column, was=was.get(column, ""), now=now.get(column, ""))


def _meant(column: str, row: Row) -> object:
    """What a value means: a day is the same however it is written, and what nobody can see is no difference."""
    typed = row.get(column, "")
    if column in _DATES:
        return values.day(typed) or seen.folded(typed)
    if column in _MOMENTS:
        return values.moment(typed) or seen.folded(typed)
    return seen.folded(typed)
