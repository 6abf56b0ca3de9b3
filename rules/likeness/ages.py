"""Ages as people say them: ``4``, ``about four``, ``4 to 5``, ``18 months``; and the birth dates that they leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from rules.timing import written

OLDEST = 25
UNITS = {"": "year", "y": "year", "m": "month", "w": "week", "d": "day"}
_SPREAD = {"y": 1, "m": 3, "w": 4, "d": 3}  # local: how far an age that somebody guesses may be off
_TOLD = re.compile(r"(?P<age>.+?), said (?P<day>.+)")
_ABOUT = r"about|around|approx\.?|approximately|roughly|circa|c\.|~|nearly|almost|maybe|perhaps|possibly"
_UNIT = r"years?|yrs?|y/?o|y|months?|mths?|weeks?|wks?|days?"
WRITTEN = re.compile(
    rf"(?<!\w)(?P<about>{_ABOUT})?\s*(?P<aged>age[d]?:?)?\s*(?P<number>\d{{1,2}})"
    rf"\s*-?\s*(?P<unit>{_UNIT})?\.?\s*-?\s*(?P<old>old)?(?!\w)",
    re.IGNORECASE,
)
_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
_NUMBERS = _WORDS.split()
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_VAGUE = re.compile(r"(?<=[\da-z])[ -]?ish$|\?$", re.IGNORECASE)
_SPAN = re.compile(
    r"(?P<before>\D*)(?P<low>\d{1,2})\s*(?:(?P<dash>[-–])|to|or)\s*(?P<high>\d{1,2})(?P<after>\D*)", re.IGNORECASE
)


def guessed(text: str, today: date) -> tuple[date, date] | None:
    """The first and last birth date that an estimated age leaves, said on a day; None where the text is no age.

    Two numbers with a dash need a word beside them: alone they may be what is left of a date.
    """
    plain = _NUMBER_WORD.sub(lambda word: str(_NUMBERS.index(word[0].casefold()) + 1), _VAGUE.sub("", text.strip()))
    span = _SPAN.fullmatch(plain)
    if span is None:
        return _guessed(plain, today)
    young, old = (_guessed(f"{span['before']}{span[end]}{span['after']}", today) for end in ("low", "high"))
    beside = span["before"] + span["after"]
    if not (young and old) or int(span["low"]) > int(span["high"]) or (span["dash"] and not beside):
        return None
    return old[0], young[1]


def _guessed(text: str, today: date) -> tuple[date, date] | None:
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    number, unit = int(found["number"]), (found["unit"] or "y").casefold()[:1]
    if unit == "y" and number > OLDEST:
        return None
    spread = _SPREAD[unit]
    return born_between(number - spread, number + spread, unit, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An estimated age as it is kept, ``about 4, said 26 Mar 2009``, and the first and last birth date it leaves."""

    words: str
    born_from: date
    born_to: date


def said(text: str, today: date) -> Said | None:
    """An estimated age with the day on which it was said, today where the text names none; None where it is no age."""
    told = _TOLD.fullmatch(text.strip())
    age, on = (told["age"], written.day(told["day"])) if told else (text.strip(), today)
    born = guessed(age, on) if on and on <= today else None
    if born is None or on is None:
        return None
    return Said(words=f"{age}, said {on.day} {on:%b %Y}", born_from=born[0], born_to=born[1])


def born_between(youngest: int, oldest: int, unit: str, today: date) -> tuple[date, date]:
    """The birth dates of all who are so old today, from the day after a birthday too many to today's."""
    back = _BACK.get(unit, _BACK["y"])
    return back(today, oldest + 1) + timedelta(days=1), back(today, max(youngest, 0))


def years_on(day: date, years: int) -> date:
    """The same day so many years later, or earlier where negative; 29 February counts back to 28."""
    year = min(max(day.year + years, date.min.year), date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _months(day: date, back: int) -> date:
    whole = day.year * 12 + day.month - 1 - back
    for last in (day.day, 28):
        try:
            return date(whole // 12, whole % 12 + 1, last)
        except ValueError:
            continue
    return day


_BACK: dict[str, Callable[[date, int], date]] = {
    "y": lambda day, count: years_on(day, -count),
    "m": _months,
    "w": lambda day, count: day - timedelta(weeks=count),
    "d": lambda day, count: day - timedelta(days=count),
}


def is_age(text: str) -> bool:
    """True for an estimated age, on whatever day it was said."""
    return guessed(text, date(2000, 1, 1)) is not None
