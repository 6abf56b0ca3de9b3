"""Limits that a clock's own words name, such as "within 24 hours" or "two working days", and what each can mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from rules.errors import Fault
from rules.rulebook import ClockRule, Limit
from rules.timing import timescales
from rules.vocabulary import Unit

UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
NUMBERS = {word: number for number, word in enumerate(UNITS, start=1)}
NUMBERS |= {word: number for number, word in zip(range(20, 100, 10), TENS, strict=True)}
NUMBERS |= {"a": 1, "an": 1, "next": 1}
WORD = "|".join(sorted(NUMBERS, key=len, reverse=True))
SAID = re.compile(
    rf"\b(?P<half>half +)?(?P<amount>\d+(?:\.\d+)?|(?:(?:{'|'.join(TENS)})[ -](?:{'|'.join(UNITS[:9])}))|{WORD})"
    r"(?:[ \u00a0-]+)?(?P<kind>working|office|business|school|calendar)?(?:[ \u00a0-]+)?"
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|weeks?|fortnights?|months?|years?)\b",
    re.IGNORECASE,
)
WITHIN = re.compile(r"\bwithin\b[^.;]{0,40}", re.IGNORECASE)
SECONDS = {"sec": 1, "min": 60, "h": 3600, "day": 86400, "week": 7 * 86400, "fortnight": 14 * 86400}
DAYS = {"day": 1, "week": 7, "fortnight": 14}
WORKING_DAYS = {"day": 1, "week": 5, "fortnight": 10}
MONTHS = {"month": 1, "year": 12}
ELAPSED, WORKING = "elapsed seconds", "working seconds"

Meaning = tuple[str, Fraction]


def notices_of(clock: ClockRule) -> Iterator[Fault]:
    """A notice for the title, and for what the sentence about the duty says after "within", where no limit is that."""
    own = [_meaning(one.limit) for one in clock.with_each_limit]
    for key, text in (("title", clock.title), ("owed", " ".join(WITHIN.findall(clock.owed)))):
        said = [(match[0].strip(), _meanings(match)) for match in SAID.finditer(text)]
        if said and not any(meaning in own for _, meanings in said for meaning in meanings):
            told = ", ".join(words for words, _ in said)
            limits = ", ".join(dict.fromkeys(str(one.limit) for one in clock.with_each_limit))
            problem = f"it says {told!r}, and the limit is {limits}"
            remedy = f"write the same in {key} and limit"
            yield Fault(place=f"clocks.{clock.kind}.{key}", problem=problem, remedy=remedy)


def _meaning(limit: Limit) -> Meaning:
    if limit.unit in timescales.ELAPSED:
        return ELAPSED, Fraction(limit.amount * timescales.SECONDS[limit.unit])
    if limit.unit in timescales.WORKING:
        return WORKING, Fraction(limit.amount * timescales.SECONDS[limit.unit])
    return str(limit.unit), Fraction(limit.amount)


def _meanings(match: re.Match[str]) -> Iterator[Meaning]:
    """Each way in which the words can be meant: a plain day is a date later, or 24 hours, but no working day."""
    amount, unit = _amount(match["amount"]), _unit(match["unit"])
    amount = amount / 2 if match["half"] else amount
    works = (match["kind"] or "calendar").lower() != "calendar"
    if works and unit in WORKING_DAYS:
        yield str(Unit.WORKING_DAYS), amount * WORKING_DAYS[unit]
    elif unit in SECONDS:
        yield WORKING if works else ELAPSED, amount * SECONDS[unit]
    if not works and unit in DAYS:
        yield str(Unit.CALENDAR_DAYS), amount * DAYS[unit]
    if unit in MONTHS:
        yield str(Unit.MONTHS), amount * MONTHS[unit]


def _amount(words: str) -> Fraction:
    if words[0].isdigit():
        return Fraction(words)
    return Fraction(sum(NUMBERS[word] for word in re.split("[ -]", words.lower())))


def _unit(word: str) -> str:
    word = word.lower().removesuffix("s")
    return {"second": "sec", "minute": "min", "hour": "h", "hr": "h"}.get(word, word)
