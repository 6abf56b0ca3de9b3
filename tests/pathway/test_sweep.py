"""The sweep under trouble: rows that raise, two sweeps at once, and what the auditor finds."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from pathway.engine.watch import heartbeats, put_off, sweep
from rules.vocabulary import EventKind, Role
from storage.queries import clock_rows
from storage.tables import Clock, Event, Heartbeat, Message, RungTaken, id_of
from support import notices, rows
from support.front_door import FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def spoil(door: FrontDoor, clock: Clock) -> None:
    """Gives a clock a kind that its rulebook does not know, so that looking at it raises."""
    with door.database.write() as session:
        clock_rows.fresh(session, id_of(clock)).kind = "no such clock"


def test_a_row_that_raises_is_put_off_on_record_and_told_and_never_stops_the_sweep(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    spoilt = door.clock(mia)
    spoil(door, spoilt)
    door.move_to("2009-03-11 09:00")
    assert door.sweep().faults == 1
    assert door.alert_of(leo)
    assert [event.kind for event in door.events(mia)].count(EventKind.FAULT) == 1
    assert door.alert(f"fault:clock:{spoilt.id}") is not None
    assert [m.subject for m in door.messages(Role.ADMINISTRATOR)]


def test_a_row_that_goes_on_raising_waits_a_minute_doubling_to_an_hour(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    spoilt = door.clock(mia)
    spoil(door, spoilt)
    door.move_to("2009-03-11 09:00")
    waits = []
    for _ in range(8):
        door.sweep()
        with door.database.read() as session:
            again_at = clock_rows.fresh(session, id_of(spoilt)).attention_at
        assert again_at is not None
        waits.append(int((again_at - door.now).total_seconds() // 60))
        door.frozen.move_to(again_at)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize("changes", [{"watched": False}, {"state": "stopped"}])
def test_a_clock_that_has_ended_or_that_nobody_watches_alerts_nobody_whatever_its_moment_says(open_door, changes):
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    clock = door.clock(mia)
    with door.database.write() as session:
        clock_rows.fresh(session, id_of(clock)).sqlmodel_update(changes)
    door.move_to("2009-03-11 12:00")
    door.sweep()
    assert door.alert(f"clock:{clock.id}") is None
    assert door.clock(mia).attention_at is None


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 2), (6, 32), (7, 60), (10_000, 60)])
def test_the_wait_never_passes_an_hour(failures: int, minutes: int) -> None:
    assert put_off.wait_after(failures) == timedelta(minutes=minutes)


def test_two_sweeps_at_once_take_each_rung_once(open_door: Door) -> None:
    door = open_door(TUESDAY)
    for name in ("Mia", "Leo", "Eve", "Ann"):
        door.log(name)
    door.hand_over_letters()
    door.move_to("2009-03-11 12:00")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: sweep.run_once(door.database, now=door.now), range(4)))
    door.sweep()
    with door.database.read() as session:
        taken = [(row.owner_key, row.rung, row.turn) for row in rows.everything(session, RungTaken)]
        keys = [message.dedup_key for message in rows.everything(session, Message)]
    assert len(taken) == len(set(taken)) == 4 * 4  # two warnings and two rungs of an alert for each
    assert len(keys) == len(set(keys))


def test_the_heartbeat_shows_when_the_checker_last_ran(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.sweep()
    with door.database.read() as session:
        assert session.get_one(Heartbeat, heartbeats.SWEEP).beat_at == london(TUESDAY)


@pytest.fixture
def audited(open_door: Door) -> FrontDoor:
    door = open_door(TUESDAY)
    door.log("Mia")
    return door


def test_the_auditor_tells_the_system_owner_of_a_late_clock_without_an_alert(audited: FrontDoor) -> None:
    with audited.database.write() as session:
        for clock in rows.everything(session, Clock):
            clock.attention_at = None
    audited.move_to("2009-03-11 09:30")
    audited.sweep()
    assert audited.alert("audit:clocks") is not None
    assert notices.told(audited, Role.ADMINISTRATOR, "alert")


def test_the_auditor_tells_of_messages_that_nobody_sends_and_takes_it_back(audited: FrontDoor) -> None:
    audited.move_to("2009-03-10 11:00")
    audited.sweep()
    assert audited.alert("audit:messages") is not None
    audited.hand_over_letters()
    audited.sweep()
    assert audited.alert("audit:messages") is None


def test_the_auditor_tells_the_system_owner_of_an_alert_that_reached_nobody(audited: FrontDoor) -> None:
    for role in (Role.DUTY_MANAGER, Role.EMERGENCY_DUTY_TEAM, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE):
        audited.leave(person_in(role))
    audited.move_to("2009-03-11 16:00")
    audited.sweep()
    assert audited.alert("audit:untold") is not None


def test_a_late_clock_is_found_again_when_its_hint_was_wrong(audited: FrontDoor) -> None:
    (referral,) = audited.referrals(audited.log("Leo"))
    clock = audited.clock(referral)
    with audited.database.write() as session:
        wrong = clock_rows.fresh(session, id_of(clock))
        wrong.due_at = wrong.attention_at = london("2009-03-10 09:05")
    audited.move_to("2009-03-10 09:10")
    audited.sweep()
    assert audited.clock(referral).due_at == london("2009-03-11 09:00")
    assert audited.clock(referral).breached_at is None


def test_every_event_of_a_breach_keeps_intended_and_actual_time(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (mia,) = door.referrals(door.log("Mia"))
    door.move_to("2009-03-11 10:00")
    door.sweep()
    (breach,) = [event for event in door.events(mia) if event.kind == EventKind.BREACHED]
    assert isinstance(breach, Event)
    assert (breach.occurred_at, breach.recorded_at) == (london("2009-03-11 09:00"), london("2009-03-11 10:00"))
