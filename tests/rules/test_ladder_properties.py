"""What must hold for every ladder, whenever the sweep runs and whoever acknowledges."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import escalation
from rules.escalation import AlertProgress, decide
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Role
from support.moments import utc

DUE = utc("2009-03-02 10:00")
MINUTE = timedelta(minutes=1)
thorough = settings(max_examples=200, deadline=None)

minutes = st.integers(0, 600).map(lambda count: count * MINUTE)
rungs = st.builds(
    Rung,
    offset=st.integers(-300, 600).map(lambda count: count * MINUTE),
    role=st.sampled_from(Role),
    repeat=st.none() | st.integers(5, 120).map(lambda count: count * MINUTE),
)
ladders = st.lists(rungs, min_size=1, max_size=5).map(
    lambda found: Ladder(name="any", rungs=tuple(sorted(found, key=lambda rung: rung.offset)))
)
# Each move waits, and then the sweep runs (None) or somebody acknowledges for so long first.
moves = st.lists(st.tuples(minutes, st.none() | minutes), max_size=12)


def play(ladder, moves):
    """Every decision of one alert's life, with the moment at which it was taken."""
    now, progress = DUE, AlertProgress(anchor_at=DUE)
    for wait, hold in moves:
        now += wait
        if hold is not None:
            progress = AlertProgress(anchor_at=progress.anchor_at, taken=progress.taken, held_until=now + hold)
        decision = decide(ladder, progress, now)
        yield now, progress, decision
        progress = decision.progress


@thorough
@given(ladders, moves)
def test_no_rung_is_taken_twice(ladder, moves):
    taken = [(step.index, step.turn) for _, _, decision in play(ladder, moves) for step in decision.steps]
    assert len(taken) == len(set(taken))


@thorough
@given(ladders, moves)
def test_the_next_look_is_always_later_than_now(ladder, moves):
    for now, _, decision in play(ladder, moves):
        assert decision.next_at is None or decision.next_at > now


@thorough
@given(ladders, moves)
def test_no_step_is_taken_before_its_moment_or_during_a_hold(ladder, moves):
    for now, before, decision in play(ladder, moves):
        assert all(step.intended_at <= now for step in decision.steps)
        assert not (decision.steps and before.held_until and now < before.held_until)


@thorough
@given(ladders, moves)
def test_deciding_again_at_the_same_moment_does_nothing_more(ladder, moves):
    for now, _, decision in play(ladder, moves):
        again = decide(ladder, decision.progress, now)
        assert (again.steps, again.next_at) == ((), decision.next_at)


@thorough
@given(ladders, moves)
def test_looking_when_told_to_is_as_good_as_looking_all_the_time(ladder, moves):
    for now, _, decision in play(ladder, moves):
        quiet = (decision.next_at or now + 1000 * MINUTE) - MINUTE / 60
        assert decide(ladder, decision.progress, max(now, quiet)).steps == ()


@thorough
@given(ladders, minutes)
def test_without_an_acknowledgement_offsets_count_from_the_due_moment(ladder, late):
    decision = decide(ladder, AlertProgress(anchor_at=DUE), DUE + late)
    assert decision.anchor_at == DUE
    assert [step.intended_at for step in decision.steps] == [
        DUE + rung.offset for rung in ladder.alerts if rung.offset <= late
    ]


@thorough
@given(ladders, moves, minutes)
def test_nobody_to_tell_never_ends_in_a_circle(ladder, moves, late):
    progress = AlertProgress(anchor_at=DUE)
    for _ in range(len(ladder.alerts)):
        decision = escalation.skip_to_next(ladder, progress, DUE + late)
        assert len(decision.steps) == 1
        progress = decision.progress
    assert escalation.skip_to_next(ladder, progress, DUE + late).steps == ()


@thorough
@given(ladders, st.integers(-400, 100))
def test_each_warning_is_due_or_still_to_come_or_taken(ladder, at):
    now = DUE + at * MINUTE
    due = {rung.index for rung in escalation.due_warnings(ladder, DUE, frozenset(), now)}
    upcoming = escalation.next_warning_at(ladder, DUE, frozenset(due), now)
    left = [rung for index, rung in enumerate(ladder.warnings) if index not in due]
    assert upcoming == min((DUE + rung.offset for rung in left), default=None)
