"""What must hold for every ladder, whenever people say "I have it": nothing waits more than ten minutes for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.escalation import AlertProgress, LadderDecision, decide, taken_on_until
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Role
from support.moments import utc

DUE = utc("2009-03-02 10:00")
MINUTE = timedelta(minutes=1)
TEN_MINUTES = 10 * MINUTE
AT_ONCE = timedelta(0)
thorough = settings(max_examples=200, deadline=None)

rungs = st.builds(
    Rung,
    offset=st.integers(0, 120).map(lambda count: count * MINUTE),
    role=st.sampled_from(Role),
    repeat=st.none() | st.integers(1, 60).map(lambda count: count * MINUTE),
)
ladders = st.lists(rungs, min_size=1, max_size=5).map(
    lambda found: Ladder(name="any", rungs=tuple(sorted(found, key=lambda rung: rung.offset)))
)
presses = st.lists(st.integers(0, 3000).map(lambda count: count * MINUTE / 60), max_size=12)


@dataclass(frozen=True, slots=True)
class Look:
    """One look of the sweep, or of whoever presses: before, what was decided, and when."""

    before: AlertProgress
    decision: LadderDecision
    now: datetime


def play(ladder: Ladder, waits: list[timedelta]) -> tuple[list[Look], list[tuple[datetime, datetime]]]:
    """Every look of one alert's life, and every hold: the sweep looks when told to, and somebody presses at each wait.

    As the engine does it: a press takes what is due, and holds where nobody has it and the rung after the last hold
    has gone.
    """
    looks: list[Look] = []
    holds: list[tuple[datetime, datetime]] = []

    def look(progress: AlertProgress, now: datetime) -> LadderDecision:
        looks.append(Look(progress, decide(ladder, progress, now), now))
        return looks[-1].decision

    now, decision = DUE, look(AlertProgress(anchor_at=DUE), DUE)
    for wait in waits:
        pressed_at = now + wait
        while decision.next_at is not None and decision.next_at <= pressed_at:
            decision = look(decision.progress, decision.next_at)
        now, decision = pressed_at, look(decision.progress, pressed_at)
        gone = not holds or any(one.decision.steps for one in looks if one.now >= holds[-1][1])
        if decision.held_until is None and gone:
            until = taken_on_until(ladder, decision.progress, now)
            holds.append((now, until))
            decision = look(replace(decision.progress, held_until=until), now)
    while decision.held_until is not None and decision.next_at is not None:
        decision = look(decision.progress, decision.next_at)
    return looks, holds


def moments(ladder: Ladder, progress: AlertProgress) -> list[datetime]:
    """When each rung's next turn comes, of those that have one."""
    found = []
    for index, rung in enumerate(ladder.alerts):
        turn = max((at for number, at in progress.taken if number == index), default=-1) + 1
        if turn == 0 or rung.repeat:
            found.append(progress.anchor_at + rung.offset + turn * (rung.repeat or AT_ONCE))
    return found


@thorough
@given(ladders, presses)
def test_no_rung_is_taken_more_than_ten_minutes_after_its_own_moment(ladder, waits):
    looks, _ = play(ladder, waits)
    for one in looks:
        late = [moment for moment in moments(ladder, one.before) if one.now - moment > TEN_MINUTES]
        assert late == []


@thorough
@given(ladders, presses)
def test_a_hold_lasts_ten_minutes_at_most_and_a_rung_goes_at_its_end(ladder, waits):
    looks, holds = play(ladder, waits)
    for begun, until in holds:
        assert until - begun <= TEN_MINUTES
        (at_end,) = [one for one in looks if one.before.held_until == until and one.now == until]
        assert at_end.decision.steps
        assert not [one for one in looks if begun < one.now < until and one.decision.steps]


@thorough
@given(ladders, presses)
def test_nobody_presses_again_before_that_rung_has_gone(ladder, waits):
    _, holds = play(ladder, waits)
    assert all(later >= until for (_, until), (later, _) in pairwise(holds))


@thorough
@given(ladders, presses)
def test_nothing_drifts_but_by_the_end_of_a_hold_and_then_by_ten_minutes_at_most(ladder, waits):
    looks, _ = play(ladder, waits)
    for one in looks:
        moved = one.decision.anchor_at - one.before.anchor_at
        ended = one.before.held_until is not None and one.before.held_until <= one.now
        assert moved <= TEN_MINUTES
        assert not moved or ended


@thorough
@given(ladders, presses, st.integers(0, 300))
def test_a_press_while_the_sweep_is_late_holds_nothing_longer_either(ladder, waits, minutes):
    looks, _ = play(ladder, waits)
    progress, now = looks[-1].decision.progress, looks[-1].now + minutes * MINUTE
    until = taken_on_until(ladder, progress, now)
    assert until <= now + TEN_MINUTES
    assert all(until - moment <= TEN_MINUTES for moment in moments(ladder, progress))
