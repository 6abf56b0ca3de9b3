"""Birth dates as people mistype them: day and month swapped, a digit wrong, some days or a year off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

FEW_DAYS = 3
MANY_DAYS = 31
YEAR = 365


def variants(day: date) -> frozenset[date]:
    """The other dates for which this one is easily mistyped: some forty."""
    few, years = range(-FEW_DAYS, FEW_DAYS + 1), (-YEAR, YEAR)
    found = {_moved(day, off) for off in (*few, *(year + off for year in years for off in (-1, 0, 1)))}
    typed = _typed(day)
    slips = {*_one_digit_off(typed), *_turned(typed), f"{typed[2:4]}{typed[:2]}{typed[4:]}"}
    found |= {slip for text in slips if (slip := _date(text)) is not None}
    return frozenset(one for one in found if one is not None and one != day)


def _moved(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def swapped(one: date, other: date) -> bool:
    """True where day and month stand in each other's place."""
    return (one.year, one.month, one.day) == (other.year, other.day, other.month)


def one_slip(one: date, other: date) -> bool:
    """True where a single digit differs, or two neighbouring digits are turned round."""
    mine, theirs = _typed(one), _typed(other)
    return sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1 or theirs in _turned(mine)


def is_slip(one: date, other: date) -> bool:
    """True where the pen slipped: day and month swapped, one digit wrong, two turned round."""
    return swapped(one, other) or one_slip(one, other)


def a_year_apart(one: date, other: date) -> bool:
    """True for the same day of two years that follow each other, or the day beside it."""
    return abs(abs((one - other).days) - YEAR) <= 1


def _typed(day: date) -> str:
    return f"{day.day:02}{day.month:02}{day.year:04}"


def _one_digit_off(typed: str) -> Iterator[str]:
    # A child's century is hardly mistyped; its decade is by one at most.
    for place, digits in ((0, "0123"), (1, "0123456789"), (2, "01"), (3, "0123456789"), (7, "0123456789")):
        yield from (typed[:place] + digit + typed[place + 1 :] for digit in digits)
    decade = int(typed[6])
    yield from (f"{typed[:6]}{near}{typed[7:]}" for near in (decade - 1, decade + 1) if 0 <= near <= 9)


def _turned(typed: str) -> set[str]:
    return {
        typed[:first] + typed[second] + typed[first] + typed[second + 1 :]
        for first, second in pairwise(range(len(typed)))
        if typed[first] != typed[second]
    }


def _date(text: str) -> date | None:
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None
