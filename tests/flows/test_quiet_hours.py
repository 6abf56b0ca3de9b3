"""Quiet hours: what can wait comes as one message when they end; danger and the ladder wait for nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest

from rules.errors import InvalidInput
from rules.timing.quiet_hours import QuietHours
from rules.vocabulary import Role
from support import notices
from support.front_door import FrontDoor, london

Door = Callable[..., FrontDoor]
DUTY = Role.DUTY_MANAGER
NIGHT = {"quiet_from": "22:00", "quiet_to": "07:00"}
EVENING = "2009-03-09 23:00"  # what comes in now is late on Tuesday at 23:00


def late_at_night(open_door: Door) -> FrontDoor:
    """A quiet duty manager, and a child about whom nobody has decided when a night begins."""
    door = open_door("2009-03-09 12:00")
    notices.choose(door, DUTY, **NIGHT)
    door.move_to(EVENING)
    door.log("Mia")
    door.move_to("2009-03-10 23:00")
    door.sweep()
    return door


def alerts(door: FrontDoor, role: Role = DUTY) -> list[datetime]:
    """When messages of alerts came to somebody."""
    return [one.created_at for one in door.messages(role) if one.kind in ("alert", "notices")]


def test_an_alert_at_night_comes_when_the_quiet_hours_end(open_door: Door) -> None:
    door = late_at_night(open_door)
    assert not alerts(door)
    door.watch_for(hours=12)
    assert alerts(door)[0] == london("2009-03-11 07:00")


def test_what_waited_all_night_comes_as_one(open_door: Door) -> None:
    door = open_door("2009-03-09 12:00")
    notices.choose(door, DUTY, **NIGHT)
    for hour in ("2009-03-09 22:30", "2009-03-10 01:00", "2009-03-10 05:00"):
        door.move_to(hour)
        door.log("Mia")
    door.move_to("2009-03-10 21:59")
    door.sweep()
    before = len(door.messages(DUTY))
    door.watch_for(hours=9.5)
    (message,) = door.messages(DUTY)[before:]
    assert message.created_at == london("2009-03-11 07:00")
    assert notices.text(message).count("Late since") == 3


def test_the_ladder_climbs_through_quiet_hours(open_door: Door) -> None:
    door = late_at_night(open_door)
    door.watch_for(hours=4)
    assert alerts(door, Role.SERVICE_MANAGER)[0] == london("2009-03-11 01:00")
    assert notices.told(door, DUTY, "alert")


def test_out_of_hours_the_emergency_duty_team_is_told_while_the_manager_sleeps(open_door: Door) -> None:
    door = late_at_night(open_door)
    assert alerts(door, Role.EMERGENCY_DUTY_TEAM) == [london("2009-03-10 23:00")]


def test_immediate_danger_breaks_through(open_door: Door) -> None:
    door = open_door("2009-03-09 12:00")
    notices.choose(door, DUTY, **NIGHT)
    door.move_to("2009-03-10 03:00")
    door.log("Mia", immediate_danger=True)
    door.watch_for(hours=2)
    came = door.messages(DUTY)
    assert came[0].created_at == london("2009-03-10 03:00")
    assert {one.created_at for one in came if "decision within 1 hour" in one.subject} == {london("2009-03-10 04:00")}
    assert all(one.priority == 0 for one in came)


def test_quiet_hours_that_are_given_up_let_go_at_once_what_waits(open_door: Door) -> None:
    door = late_at_night(open_door)
    notices.choose(door, DUTY, quiet_from="", quiet_to="")
    door.sweep()
    assert alerts(door) == [london("2009-03-10 23:00")]


@pytest.mark.parametrize(
    ("begins", "ends", "now", "until"),
    [
        ("22:00", "07:00", "2009-03-10 21:59", None),
        ("22:00", "07:00", "2009-03-10 22:00", "2009-03-11 07:00"),
        ("22:00", "07:00", "2009-03-11 06:59", "2009-03-11 07:00"),
        ("22:00", "07:00", "2009-03-11 07:00", None),
        ("13:00", "14:00", "2009-03-10 13:30", "2009-03-10 14:00"),
        ("13:00", "14:00", "2009-03-10 12:30", None),
        ("22:00", "07:00", "2009-03-28 23:00", "2009-03-29 07:00"),  # the clocks go forward in this night
        ("22:00", "01:30", "2009-03-29 00:30", "2009-03-29 02:00"),  # 01:30 does not exist: the first moment that does
        ("22:00", "07:00", "2009-10-24 23:00", "2009-10-25 07:00"),  # and back in this one
        ("00:00", "00:30", "2009-03-11 00:10", "2009-03-11 00:30"),
    ],
)
def test_quiet_hours_are_local_time(begins: str, ends: str, now: str, until: str | None) -> None:
    quiet = QuietHours(time.fromisoformat(begins), time.fromisoformat(ends))
    assert quiet.end_after(london(now), zone="Europe/London") == (london(until) if until else None)


def test_a_time_that_comes_twice_ends_the_quiet_hours_the_first_time() -> None:
    quiet = QuietHours(time(22), time(1, 30))
    second_time = datetime.fromisoformat("2009-10-25T01:10:00+00:00")  # 01:10 again, after 01:30 of summer time
    assert quiet.end_after(second_time, zone="Europe/London") is None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"quiet_from": "22:00", "quiet_to": ""}, "quiet_to"),
        ({"quiet_from": "", "quiet_to": "07:00"}, "quiet_from"),
        ({"quiet_from": "22:00", "quiet_to": "22:00"}, "quiet_to"),
        ({"quiet_from": "late", "quiet_to": "7"}, "quiet_from"),
        ({"quiet_from": "22:00", "quiet_to": "24:00"}, "quiet_to"),
    ],
)
def test_odd_quiet_hours_are_refused_by_field(open_door: Door, typed: dict[str, str], place: str) -> None:
    door = open_door("2009-03-09 12:00")
    with pytest.raises(InvalidInput) as refused:
        notices.choose(door, DUTY, **typed)
    assert [fault.place for fault in refused.value.faults] == [place]
