"""England's bank holidays from 2000 to 2100, from the ``holidays`` package; no network needed (time line 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

FIRST_YEAR, LAST_YEAR = 2000, 2100
SATURDAY = 5


@lru_cache(maxsize=1)
def england_names() -> Mapping[date, str]:
    """The name of every bank holiday of England; true dates on a weekend are left out, their substitutes are in."""
    # Here, because the package takes a third of a second to import and many commands need no holiday.
    import holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=range(FIRST_YEAR, LAST_YEAR + 1), expand=False)
    return MappingProxyType({day: name for day, name in sorted(found.items()) if day.weekday() < SATURDAY})


@lru_cache(maxsize=1)
def england() -> frozenset[date]:
    """The dates of every weekday bank holiday of England from 2000 to 2100."""
    return frozenset(england_names())
