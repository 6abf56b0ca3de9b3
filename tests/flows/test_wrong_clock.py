"""A wrong clock judges nobody: nothing is written by it, everybody is told, and what people record is marked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from pathway.engine.watch import clock_doubts
from pathway.engine.watch.clock_watch import ClockWatch
from rules.errors import NotAllowed, Refused
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.clock import Clocks
from storage.queries import hold_rows
from storage.tables import Heartbeat, Message, RungTaken, User, UserRole
from support import grace, letter_forms, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, person_in

HOURS = tuple(timedelta(hours=one) for one in (3, -3, 24 * 70, -24 * 365 * 20))


@dataclass
class Machine:
    """A machine with both clocks: time passes on both, and somebody may set the one on the wall."""

    door: FrontDoor
    name: str = "a"
    boot: str = "first"
    counted: timedelta = timedelta(days=3)
    watches: list[ClockWatch] = field(default_factory=list)

    def starts(self, boot: str = "") -> ClockWatch:
        """A process that starts here."""
        clocks = Clocks(counted=lambda: self.counted, boot=boot or self.boot, machine=self.name)
        watch = ClockWatch(self.door.database, clocks)
        watch.begin()
        self.watches.append(watch)
        return watch

    def passes(self, time: timedelta, *, every: timedelta | None = None) -> None:
        """Time passes on both clocks; the processes look every so often."""
        step = every or time
        for _ in range(time // step):
            self.counted += step
            self.door.frozen.tick(step)
            self.look()

    def set(self, by: timedelta) -> None:
        """Somebody sets the clock on the wall; the processes look."""
        self.door.frozen.tick(by)
        self.look()

    def look(self) -> None:
        """The next look of each process."""
        for watch in self.watches:
            watch.look()


@pytest.fixture
def door(open_door):
    opened = open_door("2009-03-10 09:00")
    with opened.database.write() as session:
        owner = User(username="owner", name="The Owner", email="owner@council.example.org", password_hash="none")
        owner.created_at = opened.now
        session.add(owner)
        session.flush()
        session.add(UserRole(user_id=owner.id, role=Role.SYSTEM_OWNER))
    return opened


@pytest.fixture
def machine(door):
    door.sweep()
    made = Machine(door)
    made.starts()
    return made


def in_doubt(door):
    with door.database.read() as session:
        return hold_rows.doubt(session)


def written(door):
    """What a wrong clock must not write: breaches, rungs, letters and messages, but for the one to the owner."""
    with door.database.read() as session:
        messages = [one for one in rows.everything(session, Message) if one.recipient_address != OWNER]
        return len(rows.everything(session, RungTaken)), len(messages)


OWNER = "owner@council.example.org"


@pytest.mark.parametrize("by", HOURS)
def test_a_clock_that_jumps_is_in_doubt_and_nothing_is_judged_or_sent_by_it(door, machine, by):
    (mia,) = door.referrals(door.log("Mia"))
    before = written(door)
    machine.set(by)
    assert in_doubt(door).because.startswith("The clock of a went from 09:00:00 on 10 March 2009")
    machine.passes(timedelta(hours=49), every=timedelta(hours=7))
    assert door.sweep().clocks == 0
    assert written(door) == before
    assert door.clock(mia).breach_recorded_at is None
    door.hand_over_letters()
    assert [one.state for one in door.messages("ada@school.example.org")] == [MessageState.QUEUED]


def test_the_system_owner_is_told_at_once_by_the_only_e_mail_that_goes(door, machine):
    door.log("Mia")
    machine.set(timedelta(hours=3))
    assert door.hand_over_letters() == 1
    (message,) = door.handed_over(OWNER)
    assert message.subject == "Urgent: the clock is in doubt, and nothing is sent"
    assert b"pathway clock accept" in message.content


SMALL = [timedelta(minutes=59), timedelta(minutes=-59), timedelta(seconds=1)]


@pytest.mark.parametrize("by", SMALL)
def test_a_small_jump_is_no_doubt(door, machine, by):
    machine.set(by)
    assert in_doubt(door) is None


@pytest.mark.parametrize("speed", [timedelta(minutes=4), timedelta(minutes=-4)])
def test_a_clock_drawn_slowly_by_hours_is_no_doubt(door, machine, speed):
    for _ in range(48):
        machine.passes(timedelta(hours=1))
        machine.set(speed)
    assert in_doubt(door) is None


def test_summer_time_and_a_machine_that_slept_for_a_week_are_no_doubt(door, machine):
    door.move_to("2009-03-29 00:30")
    machine.watches.clear()
    machine.starts()
    machine.passes(timedelta(hours=2), every=timedelta(minutes=5))
    machine.passes(timedelta(days=7))
    assert in_doubt(door) is None


def test_small_jumps_that_come_to_more_than_an_hour_are_a_doubt(door, machine):
    machine.set(timedelta(minutes=40))
    machine.set(timedelta(minutes=40))
    assert in_doubt(door) is not None


@pytest.mark.parametrize("by", HOURS)
def test_everything_goes_on_by_itself_when_the_clock_is_right_again(door, machine, by):
    (mia,) = door.referrals(door.log("Mia"))
    machine.set(by)
    machine.passes(timedelta(hours=30))
    machine.set(-by)
    assert in_doubt(door) is None
    door.sweep()
    assert door.clock(mia).breach_recorded_at == door.now
    assert door.alert_of(mia)


def test_all_of_what_was_recorded_is_marked_and_what_follows_from_it_is_done_afterwards(door, machine):
    (tom,) = door.referrals(door.log("Tom"))
    machine.set(timedelta(hours=3))
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    door.decide(tom)
    door.decide(mia, "early-help", receiver_email="hub@earlyhelp.example.org")
    assert all(json.loads(one.details)["clock_in_doubt"] for one in door.events(mia))
    assert all(one.summary.endswith("(clock in doubt)") for one in door.events(mia))
    assert len(door.messages("ada@school.example.org")) == 1  # Tom's acknowledgement, of before
    assert not door.messages("hub@earlyhelp.example.org")
    machine.set(timedelta(hours=-3))
    door.sweep()
    subjects = [one.kind for one in door.messages("ada@school.example.org")]
    assert sorted(subjects) == ["acknowledgement", "acknowledgement", "outcome", "outcome"]
    assert len(door.messages("hub@earlyhelp.example.org")) == 1
    before = written(door)
    door.sweep()
    assert written(door) == before


def test_immediate_danger_recorded_in_doubt_is_told_as_soon_as_the_doubt_is_over(door, machine):
    machine.set(timedelta(days=2))
    door.log("Mia", immediate_danger=True)
    assert not door.messages(Role.DUTY_MANAGER)
    machine.set(timedelta(days=-2))
    door.sweep()
    assert door.messages(Role.DUTY_MANAGER)[0].kind == "alert"


def test_a_decision_that_a_wrong_clock_put_ahead_waits_for_no_grace_once_it_is_right(door, machine):
    grace.give(door)
    (mia,) = door.referrals(door.log("Mia", source_code="9", referrer_name="", referrer_email=""))
    door.frozen.tick(timedelta(hours=3))  # nobody has looked at the clock since
    door.decide(mia)
    machine.look()
    machine.set(timedelta(hours=-3))
    door.sweep()
    assert (door.fresh(mia).state, door.fresh(mia).grace_until) == ("closed", None)


def test_a_letter_by_choice_waits_for_a_right_clock_and_says_so(door, machine):
    contact = door.log("Mia")
    machine.set(timedelta(hours=3))
    with pytest.raises(Refused, match="The clock is in doubt"):
        letter_forms.ask(door, contact)


@pytest.mark.parametrize("who", [MANAGER, person_in(Role.SYSTEM_OWNER)])
def test_a_duty_manager_or_the_system_owner_confirms_the_clock_and_everything_goes_on(door, machine, who):
    machine.set(timedelta(days=3))
    (mia,) = door.referrals(door.log("Mia"))
    with door.acting(who) as act:
        clock_doubts.accept(act)
    machine.passes(timedelta(hours=30), every=timedelta(hours=1))
    assert in_doubt(door) is None
    door.sweep()
    assert door.clock(mia).breach_recorded_at == door.now


def test_nobody_else_confirms_it(door, machine):
    machine.set(timedelta(days=3))
    with pytest.raises(NotAllowed), door.acting(OFFICER) as act:
        clock_doubts.accept(act)
    assert in_doubt(door) is not None


def test_processes_on_one_machine_share_one_doubt_and_one_acceptance(door, machine):
    machine.starts()
    machine.set(timedelta(days=3))
    with door.database.read() as session:
        assert len(rows.everything(session, type(hold_rows.doubt(session)))) == 1
    with door.acting(MANAGER) as act:
        clock_doubts.accept(act)
    machine.passes(timedelta(minutes=5))
    assert in_doubt(door) is None


def test_another_machine_with_a_right_clock_holds_still_as_well_and_does_not_end_the_doubt(door, machine):
    machine.set(timedelta(days=3))
    door.frozen.tick(timedelta(days=-3))
    machine.watches.clear()
    other = Machine(door, name="b", boot="of b")
    other.starts()
    other.passes(timedelta(hours=1))
    assert in_doubt(door) is not None
    assert door.sweep().held is hold_rows.Held.DOUBT


@pytest.mark.parametrize(
    ("since", "doubted"),
    [
        (timedelta(days=61), False),
        (timedelta(days=63), True),
        (timedelta(minutes=-59), False),
        (timedelta(hours=-2), True),
    ],
)
def test_a_start_holds_its_clock_against_the_last_heartbeat(door, machine, since, doubted):
    machine.watches.clear()
    door.frozen.tick(since)
    machine.starts(boot="second")
    assert (in_doubt(door) is not None) is doubted


@pytest.mark.parametrize("since", [timedelta(days=63), timedelta(hours=-2)])
def test_after_a_start_in_doubt_a_clock_that_is_put_right_ends_it(door, machine, since):
    machine.watches.clear()
    door.frozen.tick(since)
    machine.starts(boot="second")
    machine.set(-since)
    assert in_doubt(door) is None


def test_a_doubt_outlives_the_process_and_ends_at_a_start_with_a_right_clock(door, machine):
    machine.set(timedelta(days=3))
    machine.watches.clear()
    machine.starts()
    assert in_doubt(door) is not None
    machine.watches.clear()
    door.frozen.tick(timedelta(days=-3))
    machine.starts(boot="second")
    assert in_doubt(door) is None


def test_a_new_database_has_no_doubt_and_no_heartbeat_is_left_by_a_wrong_clock(door, machine):
    machine.set(timedelta(days=3))
    with door.database.read() as session:
        before = hold_rows.last_beat(session)
    door.sweep()
    with door.database.read() as session:
        assert hold_rows.last_beat(session) == before
    with door.database.write() as session:
        session.delete(session.get_one(Heartbeat, "sweep"))
    machine.watches.clear()
    with door.acting(MANAGER) as act:
        clock_doubts.accept(act)
    door.frozen.tick(timedelta(days=900))
    machine.starts(boot="third")
    assert in_doubt(door) is None
