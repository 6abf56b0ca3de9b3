"""One tree of errors. Each says what is wrong, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with one place of an input.

    ``place`` is a field (``children.0.surname``) or a path in a rulebook (``clock.decision.ladder[2].role``).
    """

    place: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = self.remedy[:1].upper() + self.remedy[1:]
        told = ". ".join(part.rstrip(".") for part in (f"{self.place}: {self.problem}", remedy) if part)
        return told if told.endswith("?") else f"{told}."


class PathwayError(Exception):
    """Something could not be done, and the reader is told why and what to do."""

    status = 400


class InvalidInput(PathwayError):
    """What was typed can't be taken; each fault names a field and a remedy."""

    status = 422

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(str(fault) for fault in self.faults))

    @classmethod
    def of(cls, place: str, problem: str, remedy: str = "") -> InvalidInput:
        """The error for a single fault."""
        return cls([Fault(place=place, problem=problem, remedy=remedy)])


class Refused(PathwayError):
    """The record's state does not allow this step; ``reasons`` say what has to happen first."""

    status = 409

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


class Stale(PathwayError):
    """Somebody else changed this record since you opened the page; open it again and look before you repeat it."""

    status = 409


class NotAllowed(PathwayError):
    """Your role does not allow this; ask an administrator if you think it should."""

    status = 403


class RecordClosed(NotAllowed):
    """This record opens only to people named. ``children`` are those whose record is closed."""

    def __init__(self, text: str, children: Collection[int] = ()) -> None:
        super().__init__(text)
        self.children = tuple(sorted(children))


class NotFound(PathwayError):
    """There is no such record, or you may not see it; check the reference."""

    status = 404


class RuleError(PathwayError):
    """A rulebook or calendar can't be used; each fault names a place and a remedy."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class TimeError(PathwayError):
    """A moment, limit or calendar can't be counted with."""


class NaiveMoment(TimeError):
    """A moment came without a time zone; give it one, such as 2009-04-09T17:10:00+01:00 or a final Z."""


class UnknownZone(TimeError):
    """No such time zone; use a name such as Europe/London."""


class NeverOpens(TimeError):
    """This calendar never opens again; give hours for at least one weekday that is not closed."""


class BeyondCalendar(TimeError):
    """The count leaves the years whose holidays are known; shorten the limit or publish a calendar that knows more."""


class EndBeforeStart(TimeError):
    """The end lies before the start; check both moments."""


class NegativeAmount(TimeError):
    """An amount of time can't be negative; give a whole number from 0 up."""


class StillPaused(TimeError):
    """The clock stands still, so it has no due moment; end the pause, or say as at when it is looked at."""


class Unavailable(PathwayError):
    """The database can't be used just now: unreachable, busy, full or not migrated; the message says what to do.

    ``shown`` is what may stand on a page: it names no file, host or account of this machine.
    """

    status = 503

    def __init__(self, text: str = "", *, shown: str = "") -> None:
        super().__init__(text)
        self.shown = shown or text
