"""Moments and calendars for the tests of the rules, written as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from pathway.engine.rulebooks import shipped
from rules.books import parse
from rules.rulebook import Limit, Rulebook
from rules.timing.calendar import Calendar
from rules.timing.working_time import localise
from rules.timing.zones import LONDON
from rules.vocabulary import Unit


def london(text: str) -> datetime:
    """The UTC moment of a London time such as ``2009-04-09 17:10``."""
    return localise(datetime.fromisoformat(text), LONDON)


def naive(text: str) -> datetime:
    """A moment without a time zone."""
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    """The moment of a UTC time such as ``2009-04-09 17:10``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def limit(text: str) -> Limit:
    """The limit that a text such as ``90 working minutes`` names, zero included."""
    amount, _, unit = text.partition(" ")
    return Limit(int(amount), next(known for known in Unit if unit in (known, known.removesuffix("s"))))


def hours(count: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=count)


@cache
def england() -> Calendar:
    """The shipped calendar: Monday to Thursday 08:45 to 17:00, Friday to 16:45, England's bank holidays."""
    return parse.parse_calendar(shipped.calendar_text("england"), "england")


@cache
def nine_to_five(zone: str = LONDON) -> Calendar:
    """Monday to Friday 09:00 to 17:00 without holidays."""
    return Calendar(zone=zone, week=(((9 * 3600, 17 * 3600),),) * 5 + ((), ()))


@cache
def day_and_night(zone: str = LONDON) -> Calendar:
    """Open all the time."""
    return Calendar(zone=zone, week=(((0, 86_400),),) * 7)


@cache
def book(name: str) -> Rulebook:
    """A shipped book."""
    return parse.parse(shipped.book_text(name), name)
