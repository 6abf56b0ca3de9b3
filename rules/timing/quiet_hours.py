"""Quiet hours: the part of each local day in which somebody is sent nothing that can wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rules.errors import InvalidInput
from rules.timing import zones

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``begins`` up to, but not at, ``ends``, local times; over midnight where ``ends`` is not later.

    Raises InvalidInput where both are the same: a whole day without a word is no quiet hour.
    """

    begins: time
    ends: time

    def __post_init__(self) -> None:
        """Refuses a whole day."""
        if self.begins == self.ends:
            raise InvalidInput.of("quiet_to", "Quiet hours end when they begin", "Give another time, or leave both out")

    def end_after(self, now: datetime, *, zone: str) -> datetime | None:
        """The UTC moment at which the quiet hours around ``now`` end, None outside them; raises NaiveMoment.

        A local time that the clocks jump over is the first moment after it, one that comes twice is the first.
        """
        today = zones.aware(now).astimezone(zones.zone_named(zone)).date()
        return next((end for day in (today - _DAY, today) if (end := self._end_on(day, now, zone)) is not None), None)

    def _end_on(self, day: date, now: datetime, zone: str) -> datetime | None:
        last = day if self.begins < self.ends else day + _DAY
        begin = moment_of(day, self.begins, zone=zone)
        end = moment_of(last, self.ends, zone=zone)
        return end if begin <= now < end else None


def moment_of(day: date, at: time, *, zone: str) -> datetime:
    """The UTC moment of a local time on a local day."""
    return zones.localise(datetime.combine(day, at), zone)
