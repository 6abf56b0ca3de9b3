"""What makes a ladder unusable: rungs that nobody reaches, rungs out of order, nobody to tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from rules.errors import Fault
from rules.rulebook import ClockRule, Ladder, Rulebook, Rung
from rules.timing import timescales
from rules.vocabulary import Action

LONGEST = timedelta(days=366)
NO_TIME = timedelta(0)


def faults_of(place: str, ladder: Ladder, book: Rulebook, *, warns: bool) -> Iterator[Fault]:
    """The faults of the ladder at ``place``; ``warns`` is true where there is a due moment to warn of."""
    if not ladder.rungs:
        return
    if not ladder.alerts:
        remedy = 'add a rung { at = "when due", role = "duty manager" }'
        yield Fault(place=place, problem="nobody is told when it is late", remedy=remedy)
    elif not any(rung.role in book.permissions.get(Action.ACKNOWLEDGE_ALERT, ()) for rung in ladder.alerts):
        problem = "nobody on this ladder may acknowledge an alert"
        yield Fault(place=place, problem=problem, remedy='add one of its roles to permissions."acknowledge alert"')
    for at, rung in enumerate(ladder.rungs):
        yield from _order(f"{place}[{at}]", rung, ladder.rungs[:at])
        yield from _rung(f"{place}[{at}]", rung, warns=warns)


def _order(place: str, rung: Rung, earlier: tuple[Rung, ...]) -> Iterator[Fault]:
    if any(rung.offset < other.offset for other in earlier):
        problem = "this rung stands after a later one"
        yield Fault(place=f"{place}.at", problem=problem, remedy="list the rungs from early to late")
    if any((rung.offset, rung.role) == (other.offset, other.role) for other in earlier):
        problem = "the same role is told twice at the same moment"
        yield Fault(place=place, problem=problem, remedy="take one of the two rungs out")


def _rung(place: str, rung: Rung, *, warns: bool) -> Iterator[Fault]:
    if rung.offset > LONGEST:
        problem = "this rung comes more than a year after the due moment, when the clock must have ended"
        yield Fault(place=f"{place}.at", problem=problem, remedy="tell somebody sooner")
    if rung.offset < NO_TIME and not warns:
        problem = "there is no due moment here that anybody could be warned of"
        yield Fault(place=f"{place}.at", problem=problem, remedy='start with "at once"')
    if rung.offset < NO_TIME and rung.repeat is not None:
        remedy = "repeat only rungs from the due moment on"
        yield Fault(place=f"{place}.repeat", problem="a warning goes once", remedy=remedy)


def warnings_of(clock: ClockRule, *, longest: timedelta | None = None) -> Iterator[Fault]:
    """The warnings that come before the clock starts; ``longest`` is how long one in working time can run."""
    elapsed = clock.limit.unit in timescales.ELAPSED
    if elapsed is (longest is not None):
        return
    length = longest or timedelta(seconds=min(clock.limit.amount * timescales.SECONDS[clock.limit.unit], 10**9))
    for at, rung in enumerate(clock.ladder.rungs):
        if -rung.offset >= length:
            problem = f"this rung can't be reached: no clock of {clock.limit} runs as long as {in_words(-rung.offset)}"
            place = f"clocks.{clock.kind}.ladder[{at}].at"
            yield Fault(place=place, problem=problem, remedy="warn later, or give the clock more time")


def in_words(time: timedelta) -> str:
    """A length of time as a book writes it: 6 hours, 30 minutes."""
    seconds = int(time.total_seconds())
    for name, size in (("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds % size == 0:
            return f"{seconds // size} {name}{'' if seconds == size else 's'}"
    return f"{seconds} seconds"
