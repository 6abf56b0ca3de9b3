"""Promise: what has come to its end is closed in time, and an accepted child with the department's reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import EventKind, Role
from storage.tables import Referral
from support import notices
from support.front_door import OFFICER, TEAM_MANAGER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
WORKER = person_in(Role.SOCIAL_WORKER)


def allocated(open_door: Door) -> tuple[FrontDoor, Referral]:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    door.allocate(door.decide(mia, "assessment"), door.add_worker())
    door.hand_over_letters()
    return door, mia


def test_a_decision_without_acceptance_starts_five_working_days(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia)
    clock = door.clock(mia, "closing")
    assert (clock.started_on, clock.due_at) == ("should be closed", london("2009-03-17 17:00"))


def test_an_accepted_child_should_be_closed_when_its_work_has_ended(open_door: Door) -> None:
    door, mia = allocated(open_door)
    assert door.rounds(mia, "closing") == []
    door.move_to("2009-06-02 12:00")
    door.record(mia, "work ended", at="2009-06-01 10:00", by=WORKER)
    clock = door.clock(mia, "closing")
    assert (clock.started_at, clock.due_at) == (london("2009-06-01 10:00"), london("2009-06-08 17:00"))
    said = [event.summary for event in door.events(mia) if event.kind == EventKind.SHOULD_BE_CLOSED]
    assert said == ["Should be closed: the work has ended"]


def test_a_case_left_open_is_told_to_managers_who_climb_until_it_is_closed(open_door: Door) -> None:
    door, mia = allocated(open_door)
    door.record(mia, "work ended", by=WORKER)
    door.move_to("2009-03-17 17:00")
    door.sweep()
    alert = door.alert_of(mia, "closing")
    told = {role for role in Role if any(alert.headline == m.headline for m in notices.told(door, role, "alert"))}
    assert told >= {Role.DUTY_MANAGER, Role.TEAM_MANAGER}
    door.move_to("2009-03-20 17:00")
    door.sweep()
    assert any(alert.headline == one.headline for one in notices.told(door, Role.SERVICE_MANAGER, "alert"))
    door.close(mia, by=TEAM_MANAGER)
    assert door.alert(f"clock:{alert.clock_id}") is None
    assert door.clock(mia, "closing").breached_at == london("2009-03-17 17:00")


def test_the_same_end_said_twice_starts_one_clock(open_door: Door) -> None:
    door, mia = allocated(open_door)
    door.record(mia, "work ended")
    door.record(mia, "work ended")
    assert len(door.rounds(mia, "closing")) == 1


def test_an_accepted_child_is_closed_by_a_manager_with_the_departments_reason_and_a_note(open_door: Door) -> None:
    door, mia = allocated(open_door)
    closed = door.close(mia, by=TEAM_MANAGER, code="RC7", reason="The plan has been met.")
    assert (closed.state, closed.closure_code, closed.closure_reason) == ("closed", "RC7", "The plan has been met.")
    said = next(event for event in door.events(mia) if event.kind == EventKind.CLOSED)
    assert said.actor == TEAM_MANAGER.username
    assert said.summary.startswith("Closed: RC7, Services ceased for any other reason")


def test_without_the_departments_reason_it_is_refused(open_door: Door) -> None:
    door, mia = allocated(open_door)
    with pytest.raises(Refused, match="department's reason"):
        door.close(mia, code="")
    with pytest.raises(InvalidInput, match="reason: This is needed"):
        door.close(mia, reason=" ")
    assert door.fresh(mia).state == "allocated"


@pytest.mark.parametrize("by", [OFFICER, WORKER])
def test_only_a_manager_closes(open_door: Door, by: object) -> None:
    door, mia = allocated(open_door)
    with pytest.raises(NotAllowed):
        door.close(mia, by=by)


@pytest.mark.parametrize("code", ["RC8", "RC9"])
def test_closed_after_assessment_needs_an_assessment_on_record(open_door: Door, code: str) -> None:
    door, mia = allocated(open_door)
    with pytest.raises(InvalidInput, match="none is recorded"):
        door.close(mia, code=code)
    door.record(mia, "initial assessment authorised")
    assert door.close(mia, code=code).closure_code == code


@pytest.mark.parametrize("followed", ["strategy discussion held", "conference held"])
def test_closed_after_assessment_does_not_fit_where_an_enquiry_or_a_conference_followed(
    open_door: Door, followed: str
) -> None:
    door, mia = allocated(open_door)
    door.record(mia, "initial assessment authorised")
    door.record(mia, followed)
    with pytest.raises(InvalidInput, match="an enquiry or a conference followed"):
        door.close(mia, code="RC8")


def test_a_code_that_is_not_of_the_list_is_refused(open_door: Door) -> None:
    door, mia = allocated(open_door)
    with pytest.raises(InvalidInput, match="code: RC99 is not a reason"):
        door.close(mia, code="RC99")


def test_a_referral_that_was_not_accepted_has_no_reason_of_the_list(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia)
    with pytest.raises(InvalidInput, match="Only an accepted referral"):
        door.close(mia, code="RC7")


def test_reopening_forgets_the_reason_and_a_second_end_starts_a_second_clock(open_door: Door) -> None:
    door, mia = allocated(open_door)
    door.record(mia, "work ended")
    door.close(mia)
    door.move_to("2009-04-01 09:00")
    door.reopen(mia)
    assert (door.fresh(mia).closure_code, door.fresh(mia).team_id) == ("", None)
    door.decide(mia)
    assert [clock.round for clock in door.rounds(mia, "closing")] == [1, 2]
