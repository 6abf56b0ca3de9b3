"""Ladders: warnings, rungs, acknowledgements, repeats and downtime."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from rules import escalation
from rules.escalation import AlertProgress, decide
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Role
from support.moments import book, hours, utc

DUE = utc("2009-03-02 10:00")
DECISION = book("haringey-2009").clocks["decision"].ladder
MANAGERS = [Role.DUTY_MANAGER, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE]
NAGGING = Ladder(
    name="danger",
    hold=timedelta(minutes=30),
    rungs=(Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, repeat=timedelta(minutes=15)),),
)


def after(count: float) -> datetime:
    """So many hours after the due moment."""
    return DUE + hours(count)


def fresh() -> AlertProgress:
    return AlertProgress(anchor_at=DUE)


def progress(*taken: tuple[int, int], held_until: datetime | None = None) -> AlertProgress:
    return AlertProgress(anchor_at=DUE, taken=frozenset(taken), held_until=held_until)


def told(decision: escalation.LadderDecision) -> list[tuple[Role, datetime]]:
    return [(step.role, step.intended_at) for step in decision.steps]


@pytest.mark.parametrize(
    ("now", "roles", "next_at"),
    [(-7, [], -6), (-6, [0], -2), (-3, [0], -2), (-2, [0, 1], None), (-0.5, [0, 1], None)],
)
def test_warnings_come_before_the_due_moment(now, roles, next_at):
    due = escalation.due_warnings(DECISION, DUE, frozenset(), after(now))
    assert [rung.index for rung in due] == roles
    following = escalation.next_warning_at(DECISION, DUE, frozenset(roles), after(now))
    assert following == (None if next_at is None else after(next_at))


def test_a_warning_is_given_once():
    assert escalation.due_warnings(DECISION, DUE, frozenset({0, 1}), after(-1)) == ()


def test_a_warning_after_the_due_moment_is_marked_as_overtaken():
    due = escalation.due_warnings(DECISION, DUE, frozenset({0}), after(1))
    assert [(rung.role, rung.intended_at, rung.overtaken) for rung in due] == [(Role.DUTY_MANAGER, after(-2), True)]


@pytest.mark.parametrize(("now", "count", "next_at"), [(-1, 0, 0), (0, 1, 2), (1, 1, 2), (2, 2, 6), (6, 3, None)])
def test_each_rung_comes_at_its_distance_from_the_due_moment(now, count, next_at):
    decision = decide(DECISION, fresh(), after(now))
    assert told(decision) == list(zip(MANAGERS[:count], [after(0), after(2), after(6)], strict=False))
    assert decision.next_at == (None if next_at is None else after(next_at))


def test_nothing_drifts_when_a_rung_was_taken_late():
    late = decide(DECISION, fresh(), after(1.9))
    assert (late.next_at, late.anchor_at) == (after(2), DUE)
    assert told(decide(DECISION, late.progress, after(2.3))) == [(Role.SERVICE_MANAGER, after(2))]


def test_after_downtime_every_due_rung_is_taken_once_with_its_intended_moment():
    decision = decide(DECISION, fresh(), after(60))
    assert told(decision) == list(zip(MANAGERS, [after(0), after(2), after(6)], strict=True))
    assert decide(DECISION, decision.progress, after(61)).steps == ()


def test_an_acknowledgement_holds_the_ladder():
    held = progress((0, 0), held_until=after(4.5))
    decision = decide(DECISION, held, after(3))
    assert (decision.steps, decision.next_at) == ((), after(4.5))


def test_when_it_runs_out_the_next_rung_goes_at_once_and_the_rest_keep_their_distances():
    held = progress((0, 0), held_until=after(4.5))
    decision = decide(DECISION, held, after(4.5))
    assert told(decision) == [(Role.SERVICE_MANAGER, after(4.5))]
    assert (decision.next_at, decision.held_until) == (after(8.5), None)
    assert told(decide(DECISION, decision.progress, after(9))) == [(Role.HEAD_OF_SERVICE, after(8.5))]


def test_a_short_hold_brings_the_next_rung_forward():
    decision = decide(DECISION, progress((0, 0), held_until=after(0.5)), after(0.5))
    assert told(decision) == [(Role.SERVICE_MANAGER, after(0.5))]
    assert decision.next_at == after(4.5)


def test_a_hold_that_ran_out_in_a_downtime_tells_everybody_whose_moment_has_come():
    decision = decide(DECISION, progress((0, 0), held_until=after(4)), after(9))
    assert told(decision) == [(Role.SERVICE_MANAGER, after(4)), (Role.HEAD_OF_SERVICE, after(8))]


def test_an_acknowledgement_cannot_silence_an_alert_for_ever():
    """When no rung is left the last one is repeated once at each expiry."""
    top = progress((0, 0), (1, 0), (2, 0), held_until=after(10))
    decision = decide(DECISION, top, after(10.1))
    assert told(decision) == [(Role.HEAD_OF_SERVICE, after(10))]
    assert [step.turn for step in decision.steps] == [1]
    assert decide(DECISION, decision.progress, after(11)).steps == ()


@pytest.mark.parametrize(
    ("now", "turns", "next_at"), [(0, [0], 0.25), (0.1, [0], 0.25), (0.25, [1], 0.5), (3, [12], 3.25)]
)
def test_a_rung_is_repeated_at_its_distance(now, turns, next_at):
    start = fresh() if not now else decide(NAGGING, fresh(), DUE).progress
    decision = decide(NAGGING, start, after(now))
    assert [step.turn for step in decision.steps] == (turns if now != 0.1 else [])
    assert decision.next_at == after(next_at)


def test_missed_repeats_are_taken_once_in_all():
    decision = decide(NAGGING, progress((0, 0)), after(3.1))
    assert [(step.turn, step.intended_at) for step in decision.steps] == [(12, after(0.25))]


def test_a_rung_missed_together_with_its_repeats_is_taken_once():
    decision = decide(NAGGING, fresh(), after(3.1))
    assert [(step.turn, step.intended_at) for step in decision.steps] == [(12, after(0))]
    assert decision.next_at == after(3.25)


def test_repeats_go_on_from_the_expiry_of_a_hold():
    decision = decide(NAGGING, progress((0, 3), held_until=after(1.4)), after(1.4))
    assert told(decision) == [(Role.DUTY_MANAGER, after(1.4))]
    assert decision.next_at == after(1.65)


def test_nobody_to_tell_takes_the_next_rung_at_once_and_moves_no_other():
    first = decide(DECISION, fresh(), DUE)
    skipped = escalation.skip_to_next(DECISION, first.progress, DUE)
    assert told(skipped) == [(Role.SERVICE_MANAGER, DUE)]
    assert skipped.next_at == after(6)


def test_nobody_left_to_tell_is_no_step():
    skipped = escalation.skip_to_next(DECISION, progress((0, 0), (1, 0), (2, 0)), after(1))
    assert (skipped.steps, skipped.next_at) == ((), None)


def test_a_ladder_without_alert_rungs_does_nothing():
    empty = Ladder(name="none", rungs=())
    assert decide(empty, progress(held_until=after(1)), after(2)).steps == ()


@pytest.mark.parametrize("ladder", [DECISION, NAGGING, *book("haringey-2009").ladders.values()])
def test_a_frozen_ladder_survives_json(ladder):
    assert escalation.ladder_from_terms(json.loads(json.dumps(escalation.ladder_to_terms(ladder)))) == ladder
