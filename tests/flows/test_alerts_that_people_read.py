"""Three hundred breaches at nine o'clock are one message to each who must know; danger goes by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest

from pathway.engine.actors import SYSTEM
from pathway.engine.watch import bundling, sweep
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Alert, Council, Notice, id_of
from support import notices, rows
from support.front_door import MANAGER, FrontDoor, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
WEDNESDAY = "2009-03-11 09:00"
DUTY = Role.DUTY_MANAGER


def late_children(door: FrontDoor, count: int) -> None:
    """So many children about whom nobody has decided when the day is over."""
    for start in range(0, count, 30):
        names = [f"Child{number}" for number in range(start, min(start + 30, count))]
        door.log(*names)


def mail(door: FrontDoor, role: Role = DUTY) -> list[str]:
    """The subjects of what came to somebody, oldest first."""
    return [message.subject for message in door.messages(role)]


# Three hundred take six seconds: the night asks for them.
@pytest.mark.parametrize("count", [60, pytest.param(300, marks=pytest.mark.nightly)])
def test_all_breaches_at_nine_are_one_message(open_sqlite_door: Door, count: int) -> None:
    door = open_sqlite_door(TUESDAY)
    late_children(door, count)
    door.move_to(WEDNESDAY)
    door.sweep()
    (message,) = door.messages(DUTY)
    assert message.kind == "notices"
    assert message.subject.startswith(f"{count} alerts. First: Overdue: decision within 24 hours, referral PW-")
    assert len(notices.told(door, DUTY, "alert")) == count
    assert {one.message_id for one in notices.told(door, DUTY)} == {message.id}


def test_each_line_has_its_reference_since_when_the_next_step_and_its_own_link(open_door: Door) -> None:
    door = open_door(TUESDAY)
    children = door.referrals(door.log("Mia", "Leo"))
    door.move_to("2009-03-11 09:20")
    door.sweep()
    text = notices.text(door.messages(DUTY)[0])
    assert text.count("Late since Wednesday 11 March 2009 at 09:00 (20 minutes ago)") == 2
    assert text.count("decide and give your reasons") == 2
    assert all(f"http://127.0.0.1:8000/referrals/{child.ref}\n" in text for child in children)
    assert "You are told this as duty manager." in text
    assert "Mia" not in text
    assert "Harlow" not in text


def test_children_in_danger_stand_first_then_what_is_late_the_longest(open_door: Door) -> None:
    door = open_door("2009-03-10 08:00")
    (older,) = door.referrals(door.log("Older"))
    door.move_to("2009-03-10 08:30")
    (younger,) = door.referrals(door.log("Younger"))
    door.move_to("2009-03-10 09:00")
    (danger,) = door.referrals(door.log("Danger", immediate_danger=True))
    door.move_to("2009-03-11 09:00")
    door.sweep()
    message = next(one for one in door.messages(DUTY) if one.kind == "notices")
    text = notices.text(message)
    found = [text.index(one.ref) for one in (danger, older, younger)]
    assert found == sorted(found)
    assert danger.ref in message.subject


def test_one_notice_alone_keeps_its_own_form(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (child,) = door.referrals(door.log("Mia"))
    door.move_to(WEDNESDAY)
    door.sweep()
    (message,) = door.messages(DUTY)
    assert (message.kind, message.subject) == (
        "alert",
        f"Alert: Overdue: decision within 24 hours, referral {child.ref}",
    )
    assert message.alert_id == door.alert_of(child).id


def test_what_comes_within_five_minutes_waits_for_the_next_message(open_door: Door) -> None:
    door = open_door(TUESDAY)
    for minute in (0, 1, 2):
        door.move_to(f"2009-03-10 09:0{minute}")
        door.log(f"Child{minute}")
    door.move_to("2009-03-11 08:00")  # the warnings are given
    door.sweep()
    before = len(door.messages(DUTY))
    for minute in range(8):
        door.move_to(f"2009-03-11 09:0{minute}")
        door.sweep()
    first, second = door.messages(DUTY)[before:]
    assert first.kind == "alert"
    assert second.subject.startswith("2 alerts. First: ")
    assert (second.created_at - first.created_at).total_seconds() == 300


def test_the_council_says_how_long_it_waits(open_door: Door) -> None:
    door = open_door(TUESDAY)
    with door.database.write() as session:
        session.get_one(Council, 1).alerts_every = 0
    door.log("Mia")
    door.move_to("2009-03-10 09:01")
    door.log("Leo")
    for moment in ("08:00", "09:00", "09:01"):
        door.move_to(f"2009-03-11 {moment}")
        door.sweep()
    assert len(door.messages(DUTY)) == 3


def test_a_fault_of_the_system_waits_for_nothing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    tell_owner(door, "first")
    door.sweep()
    door.move_to("2009-03-10 09:01")
    tell_owner(door, "second")
    door.sweep()
    assert len(door.messages(Role.ADMINISTRATOR)) == 2


def tell_owner(door: FrontDoor, person: str) -> None:
    """A fault that the system owner hears of."""
    with door.acting(SYSTEM) as act:
        bundling.put_off(act, person, OSError("disk"))


def test_immediate_danger_goes_at_once_by_itself_before_any_sweep(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia", immediate_danger=True)
    door.log("Leo", immediate_danger=True)
    assert [message.priority for message in door.messages(DUTY)] == [0, 0]
    assert not notices.waiting(door, DUTY)


def test_the_hour_of_danger_is_told_by_itself_too(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia", "Leo", immediate_danger=True)
    before = len(door.messages(DUTY))
    door.move_to("2009-03-10 10:00")
    door.sweep()
    overdue = [one for one in door.messages(DUTY)[before:] if "decision within 1 hour" in one.subject]
    assert [(one.kind, one.priority) for one in overdue] == [("alert", 0), ("alert", 0)]


def test_what_was_settled_meanwhile_is_said_to_be_over(open_door: Door) -> None:
    door = open_door(TUESDAY)
    notices.choose(door, DUTY, quiet_from="08:00", quiet_to="12:00")
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    door.move_to(WEDNESDAY)
    door.sweep()
    door.decide(mia, by=person_in(Role.SERVICE_MANAGER))
    door.move_to("2009-03-11 12:00")
    door.sweep()
    (message,) = door.messages(DUTY)
    text = notices.text(message)
    assert message.subject == f"1 alert, 1 settled. First: Overdue: decision within 24 hours, referral {leo.ref}"
    assert "Settled, you need do nothing more: 1" in text
    assert text.count(mia.ref) == 2


def test_an_alert_and_its_end_that_come_together_are_the_end_alone(open_door: Door) -> None:
    door = open_door(TUESDAY)
    notices.choose(door, DUTY, quiet_from="08:00", quiet_to="12:00")
    (mia,) = door.referrals(door.log("Mia"))
    door.move_to(WEDNESDAY)
    door.sweep()
    door.decide(mia, by=person_in(Role.SERVICE_MANAGER))
    door.move_to("2009-03-11 12:00")
    door.sweep()
    assert [subject.split(":")[0] for subject in mail(door)] == ["Closed"]


def test_who_has_left_meanwhile_gets_nothing_and_that_is_on_record(open_door: Door) -> None:
    door = open_door(TUESDAY)
    notices.choose(door, DUTY, quiet_from="08:00", quiet_to="12:00")
    door.log("Mia")
    door.move_to(WEDNESDAY)
    door.sweep()
    door.leave(MANAGER)
    door.move_to("2009-03-11 12:00")
    door.sweep()
    (message,) = door.messages(DUTY)
    assert (message.state, message.last_answer) == ("cancelled", "This person no longer works here")


def test_an_address_that_no_mail_can_reach_holds_up_nobody_else_and_is_told(open_door: Door) -> None:
    door = open_door(TUESDAY)
    door.log("Mia")
    door.move_to(WEDNESDAY)
    with door.database.write() as session:
        for user in staff_rows.holders(session, DUTY):
            user.email = "no address"
    door.move_to("2009-03-11 12:00")
    door.sweep()
    assert door.messages(Role.SERVICE_MANAGER)
    assert not door.messages(DUTY)
    door.sweep()
    (fault,) = [one for one in notices.told(door, Role.ADMINISTRATOR) if "can't be written" in one.headline]
    assert fault.message_id is not None


class _Killed(BaseException):
    """The process ends here: nothing catches it."""


@pytest.mark.parametrize("step", range(1, 9))
def test_every_notice_is_in_exactly_one_message_after_a_kill_at_any_point(open_door: Door, step: int) -> None:
    door = open_door(TUESDAY)
    late_children(door, 4)
    door.move_to(WEDNESDAY)
    killed_at(door, step)
    door.sweep()
    door.move_to("2009-03-11 09:10")
    door.sweep()
    with door.database.read() as session:
        alerts = [one for one in rows.everything(session, Alert) if one.kind == "clock"]
        told = rows.everything(session, Notice)
    assert len(alerts) == 4
    assert Counter(one.alert_id for one in told if one.recipient_address.startswith("duty")) == Counter(
        id_of(alert) for alert in alerts
    )
    ids = [id_of(message) for message in door.messages()]
    assert all(one.message_id in ids for one in told)
    assert not notices.waiting(door, DUTY)
    assert sum(notices.text(one).count("Late since") for one in door.messages(DUTY)) == 4


def killed_at(door: FrontDoor, step: int) -> None:
    """One sweep, ended before its nth transaction is committed."""
    database = _Ending(door.database, step)
    try:
        sweep.run_once(database, now=door.now, batch=2)  # type: ignore[arg-type]
    except _Killed:
        return


@dataclass(slots=True)
class _Ending:
    """The database of a process that ends before its nth transaction is committed."""

    database: Database
    left: int

    def read(self) -> AbstractContextManager[ReadSession]:
        """As ever."""
        return self.database.read()

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """As ever, until the end."""
        with self.database.write() as session:
            yield session
            self.left -= 1
            if not self.left:
                raise _Killed


def test_a_warning_that_came_too_late_says_that_it_is_overdue(open_door: Door) -> None:
    door = open_door(TUESDAY)
    late_children(door, 2)
    door.move_to(WEDNESDAY)
    door.sweep()
    (message,) = door.messages(Role.SCREENING_OFFICER)
    assert message.subject.startswith("2 alerts. First: Overdue: Decision within 24 hours (PW-")


def ended(door: FrontDoor) -> list[str]:
    """The subjects of the messages to the duty manager in which something is settled, once time has passed."""
    door.watch_for(hours=0.25)
    found = [message for message in door.messages(DUTY) if "ettled" in notices.text(message)]
    return [one.subject for one in found] + [one.subject for one in door.messages(DUTY, "alert closed")]


@pytest.mark.parametrize("in_danger", [False, True])
def test_a_family_decided_together_is_one_closed_mail(open_door: Door, in_danger: bool) -> None:
    door = open_door(TUESDAY)
    children = door.referrals(door.log("Mia", "Leo", "Zoe", immediate_danger=in_danger))
    door.move_to(WEDNESDAY)
    door.sweep()
    for child in children:
        door.decide(child, "no-further-action")
    assert len(ended(door)) == 1


def test_a_family_decided_one_by_one_is_one_closed_mail_too(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    door.move_to(WEDNESDAY)
    door.sweep()
    door.decide(mia, "no-further-action")
    assert ended(door) == []
    door.decide(leo, "no-further-action")
    (subject,) = ended(door)
    assert subject.startswith("2 settled")


def test_the_end_of_an_alert_waits_an_hour_for_a_sibling_and_no_longer(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, _ = door.referrals(door.log("Mia", "Leo"))
    door.move_to(WEDNESDAY)
    door.sweep()
    door.decide(mia, "no-further-action")
    door.watch_for(hours=1.25)
    assert len(ended(door)) == 1
