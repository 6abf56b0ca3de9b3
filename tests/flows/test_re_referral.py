"""Promise: what is new after closing opens a new referral, marked within twelve months; the third asks for a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pathway.reports import timeliness
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.tables import Referral
from support import matching, second_thoughts
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def again(door: FrontDoor, at: str | None = None, *names: str, **more: object) -> Referral:
    """A contact about Mia (or the named children), received now or at a London moment."""
    return door.referrals(door.log(*names or ("Mia",), received=at, **more))[0]


def third(open_door: Door, outcome: str = "no-further-action") -> tuple[FrontDoor, Referral]:
    """The third contact in twelve months, just decided by the duty manager."""
    door = open_door(TUESDAY)
    again(door, "2008-06-01 09:00")
    again(door, "2008-12-01 09:00")
    mia = again(door)
    return door, door.decide(mia, outcome)


def test_new_information_after_closing_opens_a_new_referral_of_the_same_child(open_door: Door) -> None:
    door = open_door(TUESDAY)
    first = again(door)
    door.decide(first)
    door.hand_over_letters()
    door.close(first)
    door.move_to("2009-04-20 09:00")
    second = again(door)
    assert (second.person_id, second.state) == (first.person_id, "received")
    assert door.fresh(second).re_referral_of_id == first.id
    assert door.fresh(first).state == "closed"


@pytest.mark.parametrize(
    ("before", "marked"),
    [("2008-03-10 09:00", True), ("2008-03-10 08:59", False), ("2009-03-09 23:00", True), ("2007-01-01 09:00", False)],
)
def test_it_is_marked_when_the_last_was_within_twelve_months(open_door: Door, before: str, marked: bool) -> None:
    door = open_door(TUESDAY)
    first, second = again(door, before), again(door)
    assert door.fresh(second).re_referral_of_id == (first.id if marked else None)


@pytest.mark.parametrize(
    ("before", "now", "marked"),
    [
        ("2008-02-28 10:00", "2009-02-28 10:00", True),
        ("2007-02-28 10:00", "2008-02-29 10:00", True),
        ("2007-02-28 09:59", "2008-02-29 10:00", False),
        # Clocks have gone forward now and had not a year before: what counts is the time on the wall.
        ("2008-03-29 12:00", "2009-03-29 12:00", True),
    ],
)
def test_twelve_months_are_calendar_months(open_door: Door, before: str, now: str, marked: bool) -> None:
    door = open_door(now)
    first, second = again(door, before), again(door)
    assert door.fresh(second).re_referral_of_id == (first.id if marked else None)


def test_the_mark_names_the_last_one_before(open_door: Door) -> None:
    door = open_door(TUESDAY)
    again(door, "2008-10-01 09:00")
    second = again(door, "2009-01-01 09:00")
    assert door.fresh(again(door)).re_referral_of_id == second.id


def test_a_contact_that_is_typed_in_late_marks_the_one_that_came_after_it(open_door: Door) -> None:
    door = open_door(TUESDAY)
    later = again(door)
    door.move_to("2009-03-12 09:00")
    earlier = again(door, "2009-03-01 09:00")
    assert (door.fresh(later).re_referral_of_id, door.fresh(earlier).re_referral_of_id) == (earlier.id, None)


def test_what_is_set_aside_is_no_earlier_referral(open_door: Door) -> None:
    door = open_door(TUESDAY)
    first, second = again(door, "2009-01-01 09:00"), again(door, "2009-02-01 09:00")
    now = again(door)
    second_thoughts.set_aside(door, second)
    assert door.fresh(now).re_referral_of_id == first.id
    second_thoughts.restore(door, second)
    assert door.fresh(now).re_referral_of_id == second.id


def test_a_brother_in_the_same_contact_is_no_re_referral(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia, leo = door.referrals(door.log("Mia", "Leo"))
    assert (mia.re_referral_of_id, leo.re_referral_of_id) == (None, None)


def test_re_referrals_are_counted_in_the_figures(open_door: Door) -> None:
    door = open_door(TUESDAY)
    again(door, "2009-01-01 09:00")
    again(door)
    again(door, None, "Noah")
    with door.database.read() as session:
        day = date(2009, 3, 10)
        report = timeliness.measure(session, start=day, end=day, as_at=door.now)
    assert (report.total.children, report.re_referrals) == (2, 1)


def test_the_third_contact_asks_for_another_managers_look(open_door: Door) -> None:
    door, mia = third(open_door)
    clock = door.clock(mia, "second_look")
    assert (clock.state, clock.due_at) == ("running", london("2009-03-12 17:00"))
    assert second_thoughts.looks_waiting(door) == [mia.ref]
    assert "Second look asked for: contact 3 in twelve months" in [event.summary for event in door.events(mia)]


def test_two_contacts_and_three_children_of_one_do_not(open_door: Door) -> None:
    door = open_door(TUESDAY)
    again(door, "2008-03-10 08:59")
    again(door, "2008-12-01 09:00")
    door.decide(again(door, None, "Mia", "Leo", "Noah"))
    assert second_thoughts.looks_waiting(door) == []


def test_what_is_set_aside_is_not_counted(open_door: Door) -> None:
    door = open_door(TUESDAY)
    second_thoughts.set_aside(door, again(door, "2008-06-01 09:00"))
    again(door, "2008-12-01 09:00")
    mia = door.decide(again(door))
    assert second_thoughts.contacts_in_a_year(door, mia) == 2
    assert second_thoughts.looks_waiting(door) == []


def test_a_second_look_that_agrees_meets_the_duty(open_door: Door) -> None:
    door, mia = third(open_door)
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    second_thoughts.look_again(door, mia)
    assert door.clock(mia, "second_look").state == "stopped"
    assert door.fresh(mia).state == "closed"
    assert "Second look: agrees. So would I." in [event.summary for event in door.events(mia)]


def test_one_that_does_not_agree_leads_to_another_decision(open_door: Door) -> None:
    door, mia = third(open_door)
    door.hand_over_letters()
    second_thoughts.look_again(door, mia, agrees=False, note="Three schools, one worry.")
    assert door.fresh(mia).state == "decided"
    with pytest.raises(Refused, match="a new decision after the second look"):
        door.close(mia)
    assert second_thoughts.correct(door, mia, "assessment").state == "awaiting allocation"
    assert second_thoughts.looks_waiting(door) == []


def test_whoever_decided_does_not_look_a_second_time(open_door: Door) -> None:
    door, mia = third(open_door)
    with pytest.raises(Refused, match="Another manager than the one who decided"):
        second_thoughts.look_again(door, mia, MANAGER)
    with pytest.raises(NotAllowed):
        second_thoughts.look_again(door, mia, OFFICER)
    with pytest.raises(InvalidInput, match="note"):
        second_thoughts.look_again(door, mia, note=" ")


def test_nobody_looks_where_nobody_asked(open_door: Door) -> None:
    door = open_door(TUESDAY)
    mia = door.decide(again(door))
    with pytest.raises(Refused, match="No second look"):
        second_thoughts.look_again(door, mia)


def test_a_team_manager_may_look_and_somebody_hears_when_nobody_does(open_door: Door) -> None:
    door, mia = third(open_door, "assessment")
    door.watch_for(hours=60)
    assert door.alert_of(mia, "second_look").due_at == london("2009-03-12 17:00")
    second_thoughts.look_again(door, mia, person_in(Role.TEAM_MANAGER))
    assert door.alert(f"clock:{door.clock(mia, 'second_look').id}") is None


def test_a_fourth_contact_asks_again(open_door: Door) -> None:
    door, mia = third(open_door)
    second_thoughts.look_again(door, mia)
    door.frozen.move_to(door.now + timedelta(days=20))
    fourth = door.decide(again(door))
    assert second_thoughts.looks_waiting(door) == [fourth.ref]


def test_a_merge_makes_one_child_of_two_and_marks_what_follows(open_door: Door) -> None:
    door = open_door(TUESDAY)
    first = again(door, "2009-01-01 09:00")
    (second,) = door.referrals(door.log(children=[child_fields("Mya", birth_date="2004-06-05")]))
    merge = matching.merge(door, first, second)
    assert door.fresh(second).re_referral_of_id == first.id
    assert second_thoughts.contacts_in_a_year(door, second) == 2
    matching.undo(door, merge)
    assert door.fresh(second).re_referral_of_id is None


def test_while_nobody_has_said_that_two_are_two_children_both_count(open_door: Door) -> None:
    door = open_door(TUESDAY)
    first = again(door, "2009-01-01 09:00")
    (second,) = door.referrals(door.log(children=[child_fields("Mya", birth_date="2004-06-05")]))
    assert door.fresh(second).re_referral_of_id == first.id
    assert second_thoughts.contacts_in_a_year(door, second) == 2
    matching.settle(door, matching.proposals(door, second)[0][0], same=False)
    assert door.fresh(second).re_referral_of_id is None
    assert second_thoughts.contacts_in_a_year(door, second) == 1
