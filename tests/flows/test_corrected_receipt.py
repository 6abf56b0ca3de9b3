"""A corrected time of receipt: running clocks count from it, judged ones stay, and late in time needs two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.timing import timescales
from rules.vocabulary import EventKind, Role
from storage.queries import clock_rows
from storage.tables import RungTaken, id_of
from support import corrections, rows, second_thoughts
from support.front_door import MANAGER, OFFICER, FrontDoor, london

SEEN = ("kind", "state", "started_at", "started_on", "due_at", "breached_at", "attention_at", "limit_amount")


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-26 10:00")


def clocks_of(door, contact):
    return [
        {name: getattr(clock, name) for name in SEEN}
        for referral in door.referrals(contact)
        for clock in sorted(_clocks(door, referral), key=lambda one: (one.kind, one.round))
    ]


def _clocks(door, referral):
    with door.database.read() as session:
        return clock_rows.of_referral(session, id_of(referral))


def receive(door, contact, at, by=MANAGER, **more):
    return corrections.contact(door, contact, "received_at", at, by=by, **more)


def test_a_running_clock_counts_from_the_right_moment_and_the_letter_says_it(door):
    contact = door.log("Mia", received="2009-03-26 09:00")
    before = door.clock(door.referrals(contact)[0])
    followed = receive(door, contact, "26/3/2009 09:40", by=OFFICER)
    after = door.clock(door.referrals(contact)[0])
    assert (after.started_at, after.due_at - before.due_at) == (london("2009-03-26 09:40"), timedelta(minutes=40))
    assert all(change.runs and not change.is_late for change in followed.clocks)
    assert not followed.waits
    assert door.fresh_contact(contact).received_at == london("2009-03-26 09:40")


def test_what_is_late_by_it_is_told_once(door):
    contact = door.log("Mia", received="2009-03-26 09:00")
    (mia,) = door.referrals(contact)
    receive(door, contact, "25/3/2009 08:00")
    assert door.clock(mia).breached_at == door.clock(mia).due_at
    door.alert_of(mia)
    door.watch_for(hours=0.5)
    count = len(door.messages(Role.DUTY_MANAGER))
    assert count
    receive(door, contact, "25/3/2009 07:00")
    door.watch_for(hours=0.5)
    assert len(door.messages(Role.DUTY_MANAGER)) == count
    assert door.clock(mia).breached_at == door.clock(mia).due_at


def late(door):
    contact = door.log("Mia", received="2009-03-25 08:00")
    (mia,) = door.referrals(contact)
    assert door.clock(mia).breached_at is not None
    return contact, mia


def test_late_becomes_in_time_only_when_a_second_person_confirms(door):
    contact, mia = late(door)
    followed = receive(door, contact, "26/3/2009 08:00")
    assert followed.waits
    assert door.fresh_contact(contact).received_at == london("2009-03-25 08:00")
    with pytest.raises(Refused, match="waits for a second person"):
        receive(door, contact, "26/3/2009 08:30", by=second_thoughts.SERVICE_MANAGER)
    with pytest.raises(NotAllowed, match="your own"):
        corrections.confirm(door, by=MANAGER)
    corrections.confirm(door)
    assert door.fresh_contact(contact).received_at == london("2009-03-26 08:00")
    clock = door.clock(mia)
    assert (clock.breached_at, clock.breach_recorded_at, clock.due_at) == (None, None, london("2009-03-27 08:00"))
    assert door.alert(f"clock:{clock.id}") is None
    with pytest.raises(Refused, match="answered already"):
        corrections.confirm(door)
    door.move_to("2009-03-27 08:01")
    door.sweep()
    assert door.clock(mia).breached_at == london("2009-03-27 08:00")
    assert [event.kind for event in door.events(mia)].count(EventKind.BREACHED) >= 2


def test_a_second_person_refuses_with_a_reason_and_nothing_changes(door):
    contact, mia = late(door)
    receive(door, contact, "26/3/2009 08:00")
    before = clocks_of(door, contact)
    corrections.refuse(door)
    assert clocks_of(door, contact) == before
    assert door.events(mia)[-1].kind == EventKind.CORRECTION_REFUSED
    receive(door, contact, "26/3/2009 08:30")
    assert corrections.kept(door)[-1].waits


def test_a_judged_clock_keeps_its_judgement_and_late_stays_late_for_one_person(door):
    contact, mia = late(door)
    door.decide(mia)
    before = door.clock(mia)
    followed = receive(door, contact, "25/3/2009 07:00")
    assert not followed.waits
    after = door.clock(mia)
    assert (after.due_at, after.started_at, after.breached_at) == (before.due_at, before.started_at, before.breached_at)
    (judged,) = (change for change in followed.clocks if not change.runs)
    assert (judged.was_late, judged.is_late) == (True, True)
    assert receive(door, contact, "26/3/2009 08:00").waits


def test_a_judged_clock_in_time_that_would_be_late_is_shown_and_stays(door):
    contact = door.log("Mia", received="2009-03-26 09:00")
    (mia,) = door.referrals(contact)
    door.decide(mia)
    followed = receive(door, contact, "24/3/2009 09:00")
    (judged,) = (change for change in followed.clocks if not change.runs and change.title == door_title(door, mia))
    assert (judged.was_late, judged.is_late, door.clock(mia).breached_at) == (False, True, None)


def door_title(door, referral):
    with door.database.read() as session:
        return published_books.published_of(session, referral).book.clocks["decision"].title


def test_clocks_that_begin_later_and_count_from_receipt_count_from_the_right_one(door):
    contact = door.log("Mia", received="2009-03-26 09:00")
    (mia,) = door.referrals(contact)
    receive(door, contact, "26/3/2009 09:40")
    second_thoughts.set_aside(door, mia)
    second_thoughts.restore(door, mia)
    assert {clock.started_at for clock in _clocks(door, mia)} == {london("2009-03-26 09:40")}


@pytest.mark.parametrize(
    ("at", "problem"),
    [
        ("26/3/2009 10:01", "lies in the future"),
        ("26/3/2009", "not a date with a time"),
        ("26/3/2009 09:00", "already"),
    ],
)
def test_a_moment_that_can_not_be_is_refused(door, at, problem):
    contact = door.log("Mia", received="2009-03-26 09:00")
    with pytest.raises(InvalidInput, match=problem):
        receive(door, contact, at)


def test_received_after_it_was_recorded_is_refused(door):
    contact = door.log("Mia", received="2009-03-26 09:00")
    door.move_to("2009-03-26 12:00")
    with pytest.raises(InvalidInput, match="recorded before this moment"):
        receive(door, contact, "26/3/2009 11:00")


MINUTES = st.integers(min_value=0, max_value=4 * 24 * 60)


def test_corrected_clocks_equal_those_of_a_fresh_log_with_the_right_time(open_sqlite_door):
    door = open_sqlite_door("2009-03-26 10:00")

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(wrong=MINUTES, right=MINUTES, danger=st.booleans())
    def equal(wrong, right, danger):
        moments = [london("2009-03-26 10:00") - timedelta(minutes=minutes) for minutes in (wrong, right)]
        typed, fresh = (door.log("Mia", received_at=moment, immediate_danger=danger) for moment in moments)
        if wrong != right:
            followed = receive(door, typed, f"{moments[1]:%Y-%m-%dT%H:%M:00Z}")
            if followed.waits:
                corrections.confirm(door)
        assert clocks_of(door, typed) == clocks_of(door, fresh)
        assert _open(door, typed) == _open(door, fresh)
        for clock in _clocks(door, door.referrals(typed)[0]):
            assert clock.due_at == _due(door, clock)

    equal()


def _due(door, clock):
    with door.database.read() as session:
        found = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
        rule = found.book.clocks[clock.kind]
        return timescales.due_moment(rule.limit, clock.started_at, found.calendar, counting=rule.counting)


def _open(door, contact):
    alerts = (door.alert(f"clock:{clock.id}") for one in door.referrals(contact) for clock in _clocks(door, one))
    return sorted(alert.headline.split(",")[0] for alert in alerts if alert)


def test_nobody_is_warned_twice_of_one_moment(door):
    contact = door.log("Mia", received="2009-03-25 14:00")
    (mia,) = door.referrals(contact)
    receive(door, contact, "25/3/2009 13:00")
    with door.database.read() as session:
        taken = [row for row in rows.everything(session, RungTaken) if row.owner_key == f"clock:{door.clock(mia).id}"]
    assert len({(row.rung, row.intended_at) for row in taken}) == len(taken)
