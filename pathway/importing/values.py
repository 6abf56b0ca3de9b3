"""Single values as people typed them into another system: moments, dates, yes and no."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from rules.timing import zones
from rules.timing.zones import LONDON

_DAY = r"(?:(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d{4})|(?P<yy>\d{4})-(?P<mm>\d{2})-(?P<dd>\d{2}))"
_DATE = re.compile(_DAY, re.ASCII)
_MOMENT = re.compile(_DAY + r"[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?", re.ASCII)
_MARKUP = re.compile(r"<\s*[/!a-zA-Z]")
OLDEST_YEAR = 1900
LATEST_YEAR = 2200
YES = frozenset({"y", "yes", "true", "1"})
NO = frozenset({"n", "no", "false", "0", ""})
ANONYMOUS = frozenset({"a", "anon", "anonymous"})


def local_moment(text: str) -> datetime | None:
    """The naive local time that ``text`` says, or None where it says none: no time of day, or a day that never was."""
    found = _MOMENT.fullmatch(text.strip())
    day_of = found and _date(found)
    if not found or not day_of:
        return None
    try:
        clock = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return datetime.combine(day_of, clock)


def moment(text: str) -> datetime | None:
    """The UTC moment of a London time; the first that exists where the clocks jumped over it. None where unreadable."""
    local = local_moment(text)
    return None if local is None else zones.localise(local, LONDON)


def jumped_over(text: str) -> bool:
    """True for a London time that did not exist."""
    local = local_moment(text)
    return local is not None and not zones.existed(local, LONDON)


def day(text: str) -> date | None:
    """The date that ``text`` says, or None."""
    found = _DATE.fullmatch(text.strip())
    return _date(found) if found else None


def _date(found: re.Match[str]) -> date | None:
    """The day, unless it never was or nobody who is meant here lived then."""
    try:
        day = date(*(int(found[short] or found[short * 2]) for short in ("y", "m", "d")))
    except ValueError:
        return None
    return day if OLDEST_YEAR <= day.year <= LATEST_YEAR else None


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
