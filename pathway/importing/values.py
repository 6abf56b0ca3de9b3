"""Single values as people typed them into another system: moments, dates, yes and no."""

from __future__ import annotations

import re
from datetime import date, datetime

from rules.timing import written, zones
from rules.timing.zones import LONDON

_MARKUP = re.compile(r"<\s*[/!a-zA-Z]")
YES = frozenset({"y", "yes", "true", "1"})
NO = frozenset({"n", "no", "false", "0", ""})
ANONYMOUS = frozenset({"a", "anon", "anonymous"})


def moment(text: str) -> datetime | None:
    """The UTC moment of a London time, or of one with its zone; the first that exists where the clocks jumped over it.

    None where it says none: no time of day, or a day that never was.
    """
    found = written.moment(text)
    return found.utc if found else None


def jumped_over(text: str) -> bool:
    """True for a London time that did not exist."""
    found = written.moment(text)
    return found is not None and not zones.existed(found.in_london, LONDON)


def day(text: str) -> date | None:
    """The date that ``text`` says, also as a date with midnight, or None."""
    return written.day(text)


def yes_or_no(text: str) -> bool | None:
    """True for Y, False for N or nothing, None for anything else."""
    word = text.strip().casefold()
    return True if word in YES else False if word in NO else None


def anonymous(text: str) -> bool | None:
    """Whether the referrer is anonymous: ``yes_or_no``, and the word itself or its beginning for yes."""
    return True if text.strip(" .()").casefold() in ANONYMOUS else yes_or_no(text)


def age_on(born: date, at: datetime) -> int:
    """Whole years from birth to the London day of a moment; negative before the birth."""
    there = london_day(at)
    return there.year - born.year - ((there.month, there.day) < (born.month, born.day))


def starts_like_a_formula(text: str) -> bool:
    """True where a spreadsheet would take the text for a formula."""
    return text.lstrip().startswith(("=", "+", "-", "@"))


def holds_markup(text: str) -> bool:
    """True where the text holds what a browser would take for a tag."""
    return _MARKUP.search(text) is not None


def london_day(at: datetime) -> date:
    """The day that it was in London at a moment."""
    return at.astimezone(zones.zone_named(LONDON)).date()


def london(at: datetime) -> str:
    """A moment as people here write it: 10/03/2009 18:56, London time."""
    return f"{at.astimezone(zones.zone_named(LONDON)):%d/%m/%Y %H:%M}"
