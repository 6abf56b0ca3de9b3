"""The table of the pathway: where its arrows lead, and what each asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rules import pathway
from rules.pathway import Facts
from rules.vocabulary import State, Trigger

ENOUGH = Facts(
    outcome_accepts=True,
    has_outcome=True,
    has_level_of_need=True,
    has_primary_need=True,
    has_reasons=True,
    has_discussion=True,
    immediate_danger=False,
    needs_worker=True,
    has_worker=True,
    needs_receiver=True,
    has_receiver=True,
    has_correction_reason=True,
    receiver_refused=True,
    undoing_is_past="",
    has_closure_code=True,
)
ARROWS = {
    (State.RECEIVED, Trigger.BEGIN_SCREENING): State.SCREENING,
    (State.SCREENING, Trigger.COMPLETE_SCREENING): State.AWAITING_DECISION,
    (State.AWAITING_DECISION, Trigger.DECIDE): State.DECIDED,
    (State.DECIDED, Trigger.SEND_TO_ALLOCATION): State.AWAITING_ALLOCATION,
    (State.AWAITING_ALLOCATION, Trigger.ALLOCATE): State.ALLOCATED,
    (State.DECIDED, Trigger.CLOSE): State.CLOSED,
    (State.ALLOCATED, Trigger.CLOSE): State.CLOSED,
    (State.CLOSED, Trigger.REOPEN): State.AWAITING_DECISION,
    (State.RECEIVED, Trigger.DECIDE): State.DECIDED,
    (State.SCREENING, Trigger.DECIDE): State.DECIDED,
    (State.DECIDED, Trigger.CORRECT): State.DECIDED,
    (State.AWAITING_ALLOCATION, Trigger.CORRECT): State.DECIDED,
    (State.ALLOCATED, Trigger.CORRECT): State.DECIDED,
    (State.ALLOCATED, Trigger.BACK_TO_ALLOCATION): State.AWAITING_ALLOCATION,
    (State.DECIDED, Trigger.TAKE_BACK): State.AWAITING_DECISION,
    (State.DECIDED, Trigger.UNDO): State.AWAITING_DECISION,
    (State.AWAITING_ALLOCATION, Trigger.UNDO): State.AWAITING_DECISION,
    (State.ALLOCATED, Trigger.UNDO): State.AWAITING_DECISION,
    **{(state, Trigger.SET_ASIDE): State.SET_ASIDE for state in State if state is not State.SET_ASIDE},
    (State.SET_ASIDE, Trigger.RESTORE): State.SCREENING,
}
BACK = (Trigger.REOPEN, Trigger.SET_ASIDE, Trigger.RESTORE)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("trigger", Trigger)
def test_every_state_times_every_trigger(state, trigger):
    arrow = pathway.find(trigger, state)
    assert (arrow and arrow.target) == ARROWS.get((state, trigger))


def test_every_state_can_be_reached_and_every_road_ends_closed_unless_it_is_reopened():
    reached = {pathway.INITIAL} | {arrow.target for arrow in pathway.TRANSITIONS}
    left = {arrow.source for arrow in pathway.TRANSITIONS if arrow.trigger not in BACK}
    assert (reached, set(State) - left) == (set(State), {State.CLOSED, State.SET_ASIDE})


MISSING = [
    (Trigger.COMPLETE_SCREENING, State.SCREENING, {"checks_missing": ("history",)}, "history"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"checks_missing": ("siblings",)}, "siblings"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_outcome": False}, "outcome"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_level_of_need": False}, "level of need"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_reasons": False}, "reasons"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_primary_need": False}, "primary need"),
    (Trigger.SEND_TO_ALLOCATION, State.DECIDED, {"outcome_accepts": False}, "accepted referral"),
    (Trigger.ALLOCATE, State.AWAITING_ALLOCATION, {"has_discussion": False}, "discussion with the worker"),
    (Trigger.ALLOCATE, State.AWAITING_ALLOCATION, {"caseload_refusal": "Over the limit."}, "Over the limit."),
    (Trigger.CLOSE, State.ALLOCATED, {"feedback_owed": True}, "feedback"),
    (Trigger.CLOSE, State.DECIDED, {"outcome_accepts": True}, "allocated before"),
    (Trigger.REOPEN, State.CLOSED, {"has_reasons": False}, "taken up again"),
    (Trigger.DECIDE, State.RECEIVED, {}, "immediate danger"),
    (Trigger.DECIDE, State.SCREENING, {}, "immediate danger"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_worker": False}, "allocated worker"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_receiver": False}, "who receives the child"),
    (Trigger.CLOSE, State.ALLOCATED, {"has_closure_code": False}, "reason for closing"),
    (Trigger.CLOSE, State.ALLOCATED, {"still_owed": ("checks",)}, "checks"),
    (Trigger.CORRECT, State.ALLOCATED, {"has_correction_reason": False}, "corrected"),
    (Trigger.TAKE_BACK, State.DECIDED, {"receiver_refused": False}, "refused"),
    (Trigger.UNDO, State.DECIDED, {"has_reasons": False}, "undone"),
    (Trigger.UNDO, State.ALLOCATED, {"undoing_is_past": "The letter has left."}, "The letter has left."),
    (Trigger.SET_ASIDE, State.DECIDED, {"has_reasons": False}, "set aside"),
    (Trigger.RESTORE, State.SET_ASIDE, {"has_reasons": False}, "restored"),
]


@pytest.mark.parametrize(("trigger", "state", "change", "reason"), MISSING)
def test_what_is_missing_is_named(trigger, state, change, reason):
    facts = Facts(**{name: change.get(name, getattr(ENOUGH, name)) for name in Facts.__dataclass_fields__})
    refusals = pathway.find(trigger, state).refusals(facts)
    assert len(refusals) == 1
    assert reason in refusals[0]


def test_in_immediate_danger_the_decision_goes_before_the_checks():
    facts = replace(ENOUGH, immediate_danger=True, checks_missing=("siblings",))
    for state in (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION):
        assert pathway.find(Trigger.DECIDE, state).refusals(facts) == ()
    assert "siblings" in pathway.find(Trigger.COMPLETE_SCREENING, State.SCREENING).refusals(facts)[0]


def test_no_primary_need_is_asked_for_where_nothing_is_accepted():
    facts = Facts(has_outcome=True, has_level_of_need=True, has_reasons=True)
    assert pathway.find(Trigger.DECIDE, State.AWAITING_DECISION).refusals(facts) == ()
    assert pathway.find(Trigger.CLOSE, State.DECIDED).refusals(facts) == ()
