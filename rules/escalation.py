"""Ladders: who is told next, and when. Decisions as values; the sweep carries them out.

Warnings (rungs before the due moment) belong to the clock, alert rungs to the alert. Offsets count from the alert's
anchor, at first the due moment, never from when the last step ran, so nothing drifts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from rules.rulebook import Ladder, Rung
from rules.timing import zones
from rules.vocabulary import Role

LONGEST_TAKEN_ON = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRung:
    """A warning to give: ``index`` into ``ladder.warnings``; ``overtaken`` when the due moment has passed meanwhile."""

    index: int
    role: Role
    intended_at: datetime
    overtaken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertProgress:
    """How far an alert has come: ``taken`` are (index into ``ladder.alerts``, turn) pairs, turn 0 the first time."""

    anchor_at: datetime
    taken: frozenset[tuple[int, int]] = frozenset()
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One telling: ``turn`` is the last repeat that it covers, ``intended_at`` the first moment that it covers."""

    index: int
    turn: int
    role: Role
    intended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderDecision:
    """What to do now, when to look again (None: never), and the progress to store once the steps are recorded."""

    steps: tuple[Step, ...]
    next_at: datetime | None
    progress: AlertProgress

    @property
    def anchor_at(self) -> datetime:
        """The moment from which offsets count from now on."""
        return self.progress.anchor_at

    @property
    def held_until(self) -> datetime | None:
        """Until when an acknowledgement still holds the ladder."""
        return self.progress.held_until


def due_warnings(ladder: Ladder, due_at: datetime, taken: frozenset[int], now: datetime) -> tuple[DueRung, ...]:
    """The warnings whose moment has come and that were not given, earliest first."""
    return tuple(
        DueRung(index=at, role=rung.role, intended_at=due_at + rung.offset, overtaken=now >= due_at)
        for at, rung in enumerate(ladder.warnings)
        if at not in taken and due_at + rung.offset <= now
    )


def next_warning_at(ladder: Ladder, due_at: datetime, taken: frozenset[int], now: datetime) -> datetime | None:
    """When the next warning is due, later than ``now``; None when there is none."""
    moments = (due_at + rung.offset for at, rung in enumerate(ladder.warnings) if at not in taken)
    return min((moment for moment in moments if moment > now), default=None)


def decide(ladder: Ladder, progress: AlertProgress, now: datetime) -> LadderDecision:
    """The steps of an open alert that are due at ``now``, its duty being unmet.

    1. While an acknowledgement holds, nothing; look again when it runs out.
    2. When it has run out, the next rung was due at that moment and the rest keep their distances from it; without a
       rung left the last one is repeated once.
    3. Every rung whose moment has come and that was missed is taken once, a rung's missed repeats once in all.
    """
    zones.aware(now)
    if progress.held_until is not None and now < progress.held_until:
        return LadderDecision(steps=(), next_at=progress.held_until, progress=progress)
    first: tuple[Step, ...] = ()
    if progress.held_until is not None:
        first, progress = _after_hold(ladder, progress, progress.held_until)
        progress = _with(progress, first)
    steps = first + _due_steps(ladder, progress, now)
    return _decision(ladder, progress, steps, now)


def skip_to_next(ladder: Ladder, progress: AlertProgress, now: datetime) -> LadderDecision:
    """The next rung at once, because there was nobody to tell; the others keep their moments. No step if none left."""
    upcoming = _next_rung(ladder, progress)
    if upcoming is None:
        return _decision(ladder, progress, (), now)
    planned = progress.anchor_at + ladder.alerts[upcoming].offset
    return _decision(ladder, progress, (_step(ladder, upcoming, 0, min(planned, now)),), now)


def taken_on_until(ladder: Ladder, progress: AlertProgress, now: datetime) -> datetime:
    """Until when whoever says "I have it", and nothing more, holds the ladder; not later than now where it can't wait.

    Ten minutes (local: no source gives a number), and no rung waits longer than that beyond its own moment.
    """
    moments = (_moment(rung, progress, _last_turn(progress, index) + 1) for index, rung in enumerate(ladder.alerts))
    return min([zones.aware(now), *(moment for moment in moments if moment is not None)]) + LONGEST_TAKEN_ON


def _decision(ladder: Ladder, progress: AlertProgress, steps: tuple[Step, ...], now: datetime) -> LadderDecision:
    after = _with(progress, steps)
    return LadderDecision(steps=steps, next_at=_next_at(ladder, after, now), progress=after)


def _after_hold(ladder: Ladder, progress: AlertProgress, expired: datetime) -> tuple[tuple[Step, ...], AlertProgress]:
    released = replace(progress, held_until=None)
    upcoming = _next_rung(ladder, progress)
    if upcoming is not None:
        return (), replace(released, anchor_at=expired - ladder.alerts[upcoming].offset)
    last = len(ladder.alerts) - 1
    if last < 0:
        return (), released
    turn = _last_turn(progress, last) + 1
    rung = ladder.alerts[last]
    if rung.repeat is None:
        return (_step(ladder, last, turn, expired),), released
    return (_step(ladder, last, turn, expired),), replace(
        released, anchor_at=expired - rung.offset - turn * rung.repeat
    )


def _due_steps(ladder: Ladder, progress: AlertProgress, now: datetime) -> tuple[Step, ...]:
    found = (_due_step(ladder, progress, at, now) for at in range(len(ladder.alerts)))
    return tuple(sorted(filter(None, found), key=lambda step: (step.intended_at, step.index)))


def _due_step(ladder: Ladder, progress: AlertProgress, index: int, now: datetime) -> Step | None:
    rung = ladder.alerts[index]
    turn = _last_turn(progress, index) + 1
    intended = _moment(rung, progress, turn)
    if intended is None or intended > now:
        return None
    missed = (now - intended) // rung.repeat if rung.repeat else 0
    return _step(ladder, index, turn + missed, intended)


def _next_at(ladder: Ladder, progress: AlertProgress, now: datetime) -> datetime | None:
    if progress.held_until is not None and progress.held_until > now:
        return progress.held_until
    moments = (_moment(rung, progress, _last_turn(progress, index) + 1) for index, rung in enumerate(ladder.alerts))
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def _moment(rung: Rung, progress: AlertProgress, turn: int) -> datetime | None:
    """When a rung's turn comes; None for a repeat of a rung that has none."""
    if turn == 0:
        return progress.anchor_at + rung.offset
    return progress.anchor_at + rung.offset + turn * rung.repeat if rung.repeat else None


def _next_rung(ladder: Ladder, progress: AlertProgress) -> int | None:
    taken = {index for index, _ in progress.taken}
    return next((index for index in range(len(ladder.alerts)) if index not in taken), None)


def _last_turn(progress: AlertProgress, index: int) -> int:
    return max((turn for at, turn in progress.taken if at == index), default=-1)


def _with(progress: AlertProgress, steps: tuple[Step, ...]) -> AlertProgress:
    return replace(progress, taken=progress.taken | {(step.index, step.turn) for step in steps})


def _step(ladder: Ladder, index: int, turn: int, intended_at: datetime) -> Step:
    return Step(index=index, turn=turn, role=ladder.alerts[index].role, intended_at=intended_at)


def ladder_to_terms(ladder: Ladder) -> dict[str, Any]:
    """A ladder as JSON-able terms, for an alert that freezes it."""
    return {
        "name": ladder.name,
        "hold_seconds": int(ladder.hold.total_seconds()),
        "not_to": ladder.not_to,
        "rungs": [
            {
                "offset_seconds": int(rung.offset.total_seconds()),
                "role": str(rung.role),
                "repeat_seconds": int(rung.repeat.total_seconds()) if rung.repeat else None,
                "local": rung.local,
            }
            for rung in ladder.rungs
        ],
    }


def ladder_from_terms(terms: Mapping[str, Any]) -> Ladder:
    """The ladder that ``ladder_to_terms`` wrote."""
    return Ladder(
        name=terms["name"],
        hold=timedelta(seconds=terms["hold_seconds"]),
        not_to=terms.get("not_to", ""),  # ladders that were frozen before this was known name nobody
        rungs=tuple(
            Rung(
                offset=timedelta(seconds=rung["offset_seconds"]),
                role=Role(rung["role"]),
                repeat=timedelta(seconds=rung["repeat_seconds"]) if rung["repeat_seconds"] else None,
                local=rung["local"],
            )
            for rung in terms["rungs"]
        ),
    )
