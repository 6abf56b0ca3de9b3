"""Promise: nobody has to notice by chance what is late; warnings, alerts and a ladder of people see to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.errors import InvalidInput, Refused
from rules.vocabulary import Role
from storage.tables import RungTaken, WatchGap
from support import notices, rows
from support.front_door import MANAGER, FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def alerts_to(door: FrontDoor, role: Role) -> int:
    return len(notices.told(door, role, "alert"))


def rungs(door: FrontDoor, owner_key: str) -> list[tuple[str, str, int]]:
    with door.database.read() as session:
        taken = [row for row in rows.everything(session, RungTaken) if row.owner_key == owner_key]
    return [(row.role, row.result, int((row.taken_at - row.intended_at).total_seconds() // 60)) for row in taken]


def test_officers_are_warned_six_hours_and_the_manager_two_hours_before(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    door.move_to("2009-03-11 02:59")
    door.sweep()
    assert not door.messages(kind="warning")
    door.move_to("2009-03-11 03:00")
    door.sweep()
    assert [message.recipient_address for message in door.messages(kind="warning")] == [
        "screening.officer@council.example.org"
    ]
    door.move_to("2009-03-11 07:00")
    door.sweep()
    assert len(door.messages(Role.DUTY_MANAGER, kind="warning")) == 1


def test_the_duty_manager_is_alerted_at_the_due_moment_and_others_later(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    door.watch_for(hours=24)
    assert (alerts_to(door, Role.DUTY_MANAGER), alerts_to(door, Role.SERVICE_MANAGER)) == (1, 0)
    door.watch_for(hours=2)
    assert (alerts_to(door, Role.SERVICE_MANAGER), alerts_to(door, Role.HEAD_OF_SERVICE)) == (1, 0)
    door.watch_for(hours=4)
    assert alerts_to(door, Role.HEAD_OF_SERVICE) == 1


def test_sweeping_again_at_the_same_moment_changes_nothing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    door.watch_for(hours=31)
    before = len(door.messages())
    assert door.sweep().rungs == 0
    assert len(door.messages()) == before


def test_a_contact_received_on_friday_and_logged_on_monday_is_late_on_monday_and_alerts_at_once(
    open_door: Door,
) -> None:
    door = open_door("2009-03-27 16:40")
    door.move_to("2009-03-30 09:00")
    (referral,) = door.referrals(door.log("Mia", received="2009-03-27 16:40"))
    clock = door.clock(referral)
    assert (clock.due_at, clock.breached_at) == (london("2009-03-28 16:40"), london("2009-03-28 16:40"))
    assert door.alert_of(referral).opened_at == door.now
    # Feedback is late as well: 48 hours ran out on the Sunday, at 17:40 because the clocks went forward that night.
    assert door.clock(referral, "feedback").breached_at == london("2009-03-29 17:40")
    assert (alerts_to(door, Role.DUTY_MANAGER), alerts_to(door, Role.HEAD_OF_SERVICE)) == (2, 2)


def test_each_person_gets_one_message_when_several_rungs_are_due_at_once(open_door: Door) -> None:
    door = open_door("2009-03-27 16:40")
    door.move_to("2009-03-30 09:00")
    (referral,) = door.referrals(door.log("Mia", received="2009-03-27 16:40"))
    about_decision = [m for m in notices.told(door, Role.DUTY_MANAGER) if "decision" in m.headline.lower()]
    assert len(about_decision) == 1
    results = {role: result for role, result, _ in rungs(door, f"clock:{door.clock(referral).id}")}
    assert results == {"screening officer": "told", "duty manager": "overtaken by a later rung"}


def test_after_a_downtime_every_due_rung_is_taken_once_with_intended_and_actual_time(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.move_to("2009-03-11 11:30")  # nobody watched: due at 09:00, and the second rung at 11:00
    door.sweep()
    door.sweep()
    alert = door.alert_of(referral)
    assert (alert.due_at, alert.opened_at) == (london("2009-03-11 09:00"), london("2009-03-11 11:30"))
    assert rungs(door, f"alert:{alert.id}") == [("service manager", "told", 30), ("duty manager", "told", 150)]


def test_hours_in_which_nobody_watched_show_as_a_gap(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.sweep()
    door.move_to("2009-03-10 15:00")
    door.sweep()
    with door.database.read() as session:
        (gap,) = rows.everything(session, WatchGap)
    assert (gap.began_at, gap.ended_at) == (london(TUESDAY), london("2009-03-10 15:00"))


def test_an_acknowledgement_holds_the_ladder_for_four_hours_and_then_the_next_rung_goes_at_once(
    open_door: Door,
) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=24)
    door.acknowledge(door.alert_of(referral))
    door.watch_for(hours=3.5)
    assert alerts_to(door, Role.SERVICE_MANAGER) == 0
    door.watch_for(hours=0.5)
    assert alerts_to(door, Role.SERVICE_MANAGER) == 1
    door.watch_for(hours=3.5)
    assert alerts_to(door, Role.HEAD_OF_SERVICE) == 0  # it keeps its distance of four hours from the rung before
    door.watch_for(hours=0.5)
    assert alerts_to(door, Role.HEAD_OF_SERVICE) == 1


def test_an_acknowledgement_needs_a_note(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=24)
    with pytest.raises(InvalidInput, match="note"):
        door.acknowledge(door.alert_of(referral), note="   ")


def test_meeting_the_duty_closes_the_alert_and_tells_those_who_had_been_alerted(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=25)
    alert = door.alert_of(referral)
    door.decide(referral)
    assert door.alert(alert.subject_key) is None
    door.sweep()
    assert [m.recipient_address for m in door.messages(kind="alert closed")] == ["duty.manager@council.example.org"]
    with pytest.raises(Refused, match="closed already"):
        door.acknowledge(alert)


def test_out_of_hours_the_emergency_duty_team_hears_as_well_as_the_duty_manager(open_door: Door) -> None:
    door = open_door("2009-03-13 20:00")  # a Friday evening; due on Saturday evening
    door.log("Mia")
    door.watch_for(hours=24)
    assert alerts_to(door, Role.EMERGENCY_DUTY_TEAM) == 1
    assert alerts_to(door, Role.DUTY_MANAGER) == 1


def test_with_nobody_to_tell_the_next_rung_is_taken_at_once_and_that_is_on_record(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.leave(MANAGER)
    door.watch_for(hours=24)
    assert alerts_to(door, Role.SERVICE_MANAGER) == 1
    assert ("duty manager", "nobody to tell", 0) in rungs(door, f"alert:{door.alert_of(referral).id}")


def test_no_subject_and_no_alert_names_a_child(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Zebedee", "Araminta")
    door.watch_for(hours=60)
    to_staff = [one for one in door.messages() if one.kind in ("warning", "alert", "notices")]
    assert {one.kind for one in to_staff} >= {"notices"}
    for message in door.messages():
        assert "Zebedee" not in message.subject
        assert "Araminta" not in message.subject
        assert "Harlow" not in message.subject
    for message in to_staff:
        assert b"Zebedee" not in message.content
        assert b"Harlow" not in message.content
