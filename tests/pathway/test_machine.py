"""The one shared machine on plain rows: every state times every trigger, allowed or refused, from the table."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from pathway.engine import machine
from rules import pathway
from rules.errors import Refused
from rules.pathway import Facts
from rules.vocabulary import State, Trigger
from storage.tables import Referral

EVERYTHING_DONE = Facts(
    has_outcome=True,
    has_level_of_need=True,
    has_primary_need=True,
    has_reasons=True,
    has_discussion=True,
    has_worker=True,
    has_receiver=True,
    has_correction_reason=True,
    receiver_refused=True,
    undoing_is_past="",
    has_closure_code=True,
)
ACCEPTED = replace(EVERYTHING_DONE, outcome_accepts=True)
EVERY_PAIR = list(product(State, Trigger))


def referral_in(state: State) -> Referral:
    return Referral(ref="PW-1", contact_id=1, person_id=1, state=state, rulebook_version_id=1, calendar_version_id=1)


def facts_that_allow(trigger: Trigger) -> Facts:
    if trigger is Trigger.DECIDE:
        return replace(EVERYTHING_DONE, immediate_danger=True)
    return ACCEPTED if trigger in (Trigger.SEND_TO_ALLOCATION, Trigger.ALLOCATE) else EVERYTHING_DONE


@pytest.mark.parametrize(("state", "trigger"), EVERY_PAIR)
def test_every_state_and_trigger_does_what_the_table_says(state: State, trigger: Trigger) -> None:
    row = referral_in(state)
    arrow = pathway.find(trigger, state)
    if arrow is None:
        with pytest.raises(Refused, match=f"This referral is {state}"):
            machine.fire(row, trigger, facts_that_allow(trigger))
        assert row.state == state
    else:
        machine.fire(row, trigger, facts_that_allow(trigger))
        assert row.state == arrow.target


REFUSALS = [
    (Trigger.COMPLETE_SCREENING, State.SCREENING, {"checks_missing": ("History",)}, "Record these checks first"),
    (
        Trigger.DECIDE,
        State.AWAITING_DECISION,
        {"checks_missing": ("History",), "immediate_danger": False},
        "Record these checks first",
    ),
    (Trigger.DECIDE, State.RECEIVED, {"immediate_danger": False}, "Only in immediate danger"),
    (Trigger.DECIDE, State.SCREENING, {"immediate_danger": False}, "Only in immediate danger"),
    (Trigger.DECIDE, State.RECEIVED, {"needs_worker": True, "has_worker": False}, "Name the allocated worker"),
    (Trigger.DECIDE, State.RECEIVED, {"needs_receiver": True, "has_receiver": False}, "Name who receives"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_outcome": False}, "Choose an outcome"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_level_of_need": False}, "Choose a level of need"),
    (Trigger.DECIDE, State.AWAITING_DECISION, {"has_reasons": False}, "Give the reasons"),
    (
        Trigger.DECIDE,
        State.AWAITING_DECISION,
        {"outcome_accepts": True, "has_primary_need": False},
        "Choose a primary need",
    ),
    (Trigger.SEND_TO_ALLOCATION, State.DECIDED, {"outcome_accepts": False}, "Only an accepted referral"),
    (Trigger.ALLOCATE, State.AWAITING_ALLOCATION, {"has_discussion": False}, "Record the discussion"),
    (Trigger.ALLOCATE, State.AWAITING_ALLOCATION, {"caseload_refusal": "Sam holds 15."}, "Sam holds 15"),
    (Trigger.CLOSE, State.DECIDED, {"feedback_owed": True}, "feedback to the referrer is still owed"),
    (Trigger.CLOSE, State.ALLOCATED, {"feedback_owed": True}, "feedback to the referrer is still owed"),
    (Trigger.CLOSE, State.DECIDED, {"outcome_accepts": True}, "allocated before it can be closed"),
    (Trigger.CLOSE, State.DECIDED, {"still_owed": ("checks",)}, "Something is still owed: checks"),
    (Trigger.CLOSE, State.ALLOCATED, {"outcome_accepts": True, "has_closure_code": False}, "reason for closing"),
    (Trigger.REOPEN, State.CLOSED, {"has_reasons": False}, "Give the reason why"),
    *(
        (Trigger.CORRECT, state, {"has_correction_reason": False}, "Say why the decision is corrected")
        for state in (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)
    ),
    *(
        (Trigger.UNDO, state, {"undoing_is_past": "The letter has left."}, "The letter has left")
        for state in (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)
    ),
    (Trigger.UNDO, State.DECIDED, {"has_reasons": False}, "Give the reason why the decision is undone"),
    (Trigger.TAKE_BACK, State.DECIDED, {"receiver_refused": False}, "only when the receiver has refused"),
    *(
        (Trigger.SET_ASIDE, state, {"has_reasons": False}, "Give the reason why it is set aside")
        for state in State
        if state is not State.SET_ASIDE
    ),
    (Trigger.RESTORE, State.SET_ASIDE, {"has_reasons": False}, "Give the reason why it is restored"),
]


@pytest.mark.parametrize(("trigger", "state", "lacking", "reason"), REFUSALS)
def test_a_guard_refuses_with_its_reason_and_changes_nothing(
    trigger: Trigger, state: State, lacking: dict[str, object], reason: str
) -> None:
    row = referral_in(state)
    with pytest.raises(Refused, match=reason):
        machine.fire(row, trigger, replace(facts_that_allow(trigger), **lacking))
    assert row.state == state


def test_every_guard_of_the_table_is_tried_above() -> None:
    tried = {(trigger, state) for trigger, state, _, _ in REFUSALS}
    guarded = {(arrow.trigger, arrow.source) for arrow in pathway.TRANSITIONS if arrow.guards}
    assert guarded == tried


def test_all_refusals_are_named_at_once() -> None:
    with pytest.raises(Refused) as refused:
        machine.fire(referral_in(State.AWAITING_DECISION), Trigger.DECIDE, Facts())
    assert len(refused.value.reasons) == 3


@pytest.mark.parametrize("state", list(State))
def test_the_choices_offered_are_those_that_the_machine_takes(state: State) -> None:
    for choice in machine.choices(referral_in(state), EVERYTHING_DONE):
        row = referral_in(state)
        if choice.allowed:
            machine.fire(row, choice.trigger, EVERYTHING_DONE)
            assert row.state == pathway.find(choice.trigger, state).target
        else:
            with pytest.raises(Refused):
                machine.fire(row, choice.trigger, EVERYTHING_DONE)


def test_two_rows_share_the_machine_without_mixing() -> None:
    first, second = referral_in(State.RECEIVED), referral_in(State.RECEIVED)
    machine.fire(first, Trigger.BEGIN_SCREENING)
    assert (first.state, second.state) == (State.SCREENING, State.RECEIVED)
