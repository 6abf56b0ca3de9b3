"""Promise: a manager decides about each child within 24 hours of receipt, with reasons (plan action 2.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pathway.engine.decisions import deciding, decision_input
from rules.errors import Refused
from rules.vocabulary import CheckKind, EventKind, Role
from storage.tables import id_of
from support.front_door import MANAGER, FrontDoor, london

Door = Callable[..., FrontDoor]


def test_a_decision_within_24_hours_meets_the_duty(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=20)
    door.decide(referral)
    clock = door.clock(referral)
    assert (clock.state, clock.breached_at) == ("stopped", None)
    assert not door.messages(Role.SERVICE_MANAGER)


def test_a_decision_a_minute_late_is_a_breach_even_if_no_sweep_ran(open_door: Door) -> None:
    """Time, to the minute, 8: "A duty met after the due moment is a breach even if no sweep ran in between"."""
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    door.move_to("2009-03-11 09:01")
    door.decide(referral)
    assert door.clock(referral).breached_at == london("2009-03-11 09:00")


@pytest.mark.parametrize("swept", [False, True])
@pytest.mark.parametrize(("later", "late"), [(timedelta(0), False), (timedelta(microseconds=1), True)])
def test_a_decision_at_the_very_moment_it_is_due_is_in_time_and_one_after_it_is_not(
    open_door: Door, later: timedelta, *, late: bool, swept: bool
) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    due_at = door.clock(referral).due_at
    door.screen(referral)
    door.frozen.move_to(due_at + later)
    if swept:  # which sees, at that moment, that it has not been done
        door.sweep()
    door.decide(referral)
    clock = door.clock(referral)
    assert (clock.state, clock.stopped_at) == ("stopped", due_at + later)
    assert clock.breached_at == (due_at if late else None)
    said = [event.summary for event in door.events(referral) if event.kind == EventKind.CLOCK_STOPPED]
    assert said[-1].endswith("met late" if late else "met in time")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2009-03-28 18:00", "2009-03-29 19:00"),  # the clocks go forward in between: 24 hours are 24 hours
        ("2009-10-24 18:00", "2009-10-25 17:00"),  # and back
        ("2009-04-09 17:10", "2009-04-10 17:10"),  # Maundy Thursday: the hours run on through Good Friday
    ],
)
def test_24_hours_are_24_hours_over_clock_changes_and_easter(open_door: Door, received: str, due: str) -> None:
    door = open_door(received)
    (referral,) = door.referrals(door.log("Mia"))
    assert door.clock(referral).due_at == london(due)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2009-04-09 16:50", "2009-04-14 17:00"),  # Maundy Thursday is day 0, and the Tuesday after Easter day 1
        ("2009-04-09 17:10", "2009-04-15 17:00"),  # after closing: counts as received on that Tuesday
        ("2026-04-02 12:00", "2026-04-07 17:00"),
    ],
)
def test_working_days_wait_for_the_tuesday_after_easter_under_the_other_book(
    open_door: Door, received: str, due: str
) -> None:
    door = open_door(received, book="working-together-2023")
    (referral,) = door.referrals(door.log("Mia"))
    assert door.clock(referral, "decision_working_day").due_at == london(due)
    assert door.clock(referral, "acknowledgement").due_at == london(due)


@pytest.mark.parametrize("blank", ["", "   ", "\n\t"])
def test_a_decision_with_blank_reasons_is_refused(open_door: Door, blank: str) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="Give the reasons"):
        door.decide(referral, reasons=blank)
    assert door.fresh(referral).state == "awaiting decision"


def test_an_outcome_that_accepts_needs_a_primary_need(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="Choose a primary need"):
        door.decide(referral, "assessment", primary_need="")


def test_a_child_who_is_not_fully_screened_can_not_be_decided(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    door.screen(referral, kinds=[CheckKind.HISTORY])
    data = decision_input.DecisionInput(outcome="no-further-action", level_of_need="1", reasons="None.")
    with pytest.raises(Refused, match=r"Record these checks first.* Brothers"), door.acting(MANAGER) as act:
        deciding.decide(act, id_of(referral), data, version=None)


def test_siblings_end_differently_and_never_change_each_others_clocks(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    mia, leo, eve = door.referrals(door.log("Mia", "Leo", "Eve"))
    before = door.clock(eve).model_dump()
    door.move_to("2009-03-10 12:00")
    door.decide(mia, "no-further-action")
    door.decide(leo, "strategy-discussion")
    assert [door.fresh(one).state for one in (mia, leo, eve)] == ["decided", "awaiting allocation", "received"]
    assert door.clock(eve).model_dump() == before
    door.move_to("2009-03-11 10:00")
    door.sweep()
    assert (door.clock(mia).breached_at, door.clock(eve).breached_at) == (None, london("2009-03-11 09:00"))
