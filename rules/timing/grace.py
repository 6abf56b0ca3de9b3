"""The grace of a decision: for how long what it leads to waits, so that whoever decided can change or undo it.

Local: no source gives the ten minutes, nor the quarter of an hour that is kept before anything is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.rulebook import Ladder

LONGEST = timedelta(minutes=30)
# What is let go at the end of the grace has this long to be handed over before anybody is warned or it is late.
MARGIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Feedback that is owed: when it is due, and the ladder of its clock."""

    due_at: datetime
    ladder: Ladder

    @property
    def moments(self) -> Iterator[datetime]:
        """When it is due, and when somebody is told of it before; who is told after comes too late to matter."""
        yield self.due_at
        yield from (self.due_at + rung.offset for rung in self.ladder.warnings)


def ends_at(now: datetime, length: timedelta, owed: Iterable[Owed]) -> datetime | None:
    """When the grace of a decision made ``now`` is over; None where it has none.

    None for a length of nothing, and while feedback is overdue, due or on a rung before the grace and the margin end.
    """
    until = now + length
    return until if length > timedelta(0) and fits(until, owed, now=now) else None


def fits(until: datetime, owed: Iterable[Owed], *, now: datetime) -> bool:
    """True where nothing that waits from ``now`` ``until`` then can make feedback late, or meet a rung by waiting."""
    last = until + MARGIN
    return not any(one.due_at <= now or any(now <= at <= last for at in one.moments) for one in owed)


def runs(until: datetime | None, *, now: datetime) -> bool:
    """True while a grace that ends at ``until`` is not over; False where there is none."""
    return until is not None and now < until
