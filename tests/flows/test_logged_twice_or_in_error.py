"""Promise: what was logged twice or in error is marked with a reason; its clocks apply no more, it counts nowhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pathway.reports import timeliness
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries import clock_rows
from storage.queries.keyset import Wanted
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.queries.staff import staff_rows
from storage.tables import Contact, Referral, id_of
from support import second_thoughts
from support.front_door import OFFICER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door(TUESDAY)


def logged(door: FrontDoor, *names: str, **more: object) -> tuple[Contact, list[Referral]]:
    contact = door.log(*names or ("Mia",), **more)
    return contact, list(door.referrals(contact))


def twice_logged(door: FrontDoor) -> tuple[Referral, Referral]:
    """The right one and the wrong one, of the same child."""
    _, (right,) = logged(door)
    _, (wrong,) = logged(door, channel="email")
    return right, wrong


def listed(door: FrontDoor, state: str = "") -> list[str]:
    with door.database.read() as session:
        lines = referral_list_rows.page(session, ReferralsWanted(states=state and (state,)), Wanted(size=50)).rows
        return [line.referral.ref for line in lines]


def figures(door: FrontDoor) -> timeliness.Timeliness:
    with door.database.read() as session:
        return timeliness.measure(session, start=date(2009, 3, 10), end=date(2009, 3, 10), as_at=door.now)


def test_a_referral_logged_twice_is_marked_with_the_right_one(door: FrontDoor) -> None:
    right, wrong = twice_logged(door)
    marked = second_thoughts.twice(door, wrong, right.ref)
    assert (marked.state, marked.mark, marked.right_referral_id) == ("set aside", "logged twice", right.id)
    assert {clock.state for kind in ("decision", "feedback") for clock in door.rounds(wrong, kind)} == {
        "not applicable"
    }
    assert {clock.not_applicable_because for clock in door.rounds(wrong, "decision")} == {"set aside"}
    assert door.clock(right).state == "running"


def test_its_history_stays_and_says_who_set_it_aside_and_why(door: FrontDoor) -> None:
    right, wrong = twice_logged(door)
    before = [event.id for event in door.events(wrong)]
    second_thoughts.twice(door, wrong, right.ref)
    events = door.events(wrong)
    assert [event.id for event in events][: len(before)] == before
    (event,) = [event for event in events if event.kind == "set aside"]
    assert event.actor == "duty.manager"
    assert event.summary == f"Set aside, logged twice; the right one is {right.ref}: The school rang us both."


@pytest.mark.parametrize(
    ("right", "problem"),
    [("", "has a right referral"), ("PW-NONE-1", "no other referral"), ("itself", "no other referral")],
)
def test_the_right_referral_is_another_one_that_stands(door: FrontDoor, right: str, problem: str) -> None:
    _, (mia,) = logged(door)
    with pytest.raises(InvalidInput, match=problem):
        second_thoughts.twice(door, mia, mia.ref if right == "itself" else right)
    assert door.fresh(mia).state == "received"


def test_the_right_referral_is_not_set_aside_itself(door: FrontDoor) -> None:
    right, wrong = twice_logged(door)
    second_thoughts.twice(door, wrong, right.ref)
    with pytest.raises(InvalidInput, match="set aside itself"):
        second_thoughts.twice(door, right, wrong.ref)


def test_it_counts_in_no_figure_and_stands_on_no_list_unless_asked_for(door: FrontDoor) -> None:
    right, wrong = twice_logged(door)
    assert (figures(door).contacts, figures(door).total.children, len(figures(door).backlog)) == (2, 2, 2)
    second_thoughts.twice(door, wrong, right.ref)
    assert (figures(door).contacts, figures(door).total.children, len(figures(door).backlog)) == (1, 1, 1)
    assert listed(door) == [right.ref]
    assert listed(door, "set aside") == [wrong.ref]
    with door.database.read() as session:
        assert clock_rows.undecided(session)[0] == 1


def test_its_alerts_close_and_no_more_are_opened(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.watch_for(hours=25)
    assert door.alert_of(mia) is not None
    second_thoughts.set_aside(door, mia)
    assert door.alert(f"clock:{door.clock(mia).id}") is None
    told = len(door.messages(kind="alert"))
    door.watch_for(hours=72)
    assert len(door.messages(kind="alert")) == told


def test_immediate_danger_logged_in_error_stops_telling(door: FrontDoor) -> None:
    contact, (mia,) = logged(door, immediate_danger=True)
    assert door.alert(f"danger:{contact.id}") is not None
    second_thoughts.set_aside(door, mia)
    assert door.alert(f"danger:{contact.id}") is None


def test_a_letter_that_has_not_left_is_stopped_and_written_anew_for_the_others(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo")
    door.decide(mia)
    door.decide(leo)
    second_thoughts.set_aside(door, leo)
    door.hand_over_letters()
    stopped, anew = door.letters(contact, "outcome")
    assert ("Leo" in stopped.text, "Leo" in anew.text, "Mia" in anew.text) == (True, False, True)
    states = {message.letter_id: message.state for message in door.messages("ada@school.example.org")}
    assert (states[stopped.id], states[anew.id]) == ("cancelled", "handed over")
    assert door.clock(mia, "feedback").state == "stopped"


def test_the_others_are_told_when_the_only_undecided_one_is_set_aside(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo")
    door.decide(mia)
    assert door.letters(contact, "outcome") == []
    second_thoughts.set_aside(door, leo)
    (letter,) = door.letters(contact, "outcome")
    assert "Leo" not in letter.text


def test_a_letter_that_has_left_stays_as_it_left(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    door.hand_over_letters()
    second_thoughts.set_aside(door, mia)
    door.hand_over_letters()
    assert len(door.letters(contact, "outcome")) == 1
    assert door.handed_over("ada@school.example.org")


def test_a_letter_about_it_that_comes_back_owes_nothing(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    door.hand_over_letters()
    second_thoughts.set_aside(door, mia)
    door.came_back(door.letters(contact, "outcome")[0], TUESDAY)
    assert {clock.state for clock in door.rounds(mia, "feedback")} == {"not applicable"}


def test_a_worker_holds_the_child_no_more(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    worker = door.add_worker()
    door.decide(mia, "assessment")
    door.allocate(mia, worker)
    second_thoughts.set_aside(door, mia)
    with door.database.read() as session:
        assert staff_rows.open_children(session, id_of(worker)) == 0
    assert door.fresh(mia).worker_id is None


def test_a_closed_one_is_set_aside_as_well_but_not_twice(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.decide(mia)
    door.hand_over_letters()
    door.close(mia)
    assert second_thoughts.set_aside(door, mia).state == "set aside"
    with pytest.raises(Refused, match="This referral is set aside"):
        second_thoughts.set_aside(door, mia)


def test_a_whole_contact_is_set_aside_in_one_step(door: FrontDoor) -> None:
    right, _ = logged(door, "Mia", "Leo")
    wrong, children = logged(door, "Mia", "Leo")
    how = {"mark": "logged twice", "reason": "Two of us took the call.", "right_ref": right.ref}
    second_thoughts.set_aside_contact(door, wrong, **how)
    found = [door.fresh(child) for child in children]
    assert [child.right_referral_id for child in found] == [child.id for child in door.referrals(right)]
    assert {child.state for child in found} == {"set aside"}
    with pytest.raises(Refused, match="set aside already"):
        second_thoughts.set_aside_contact(door, wrong, **how)


def test_which_child_is_the_right_one_must_be_clear(door: FrontDoor) -> None:
    right, _ = logged(door, "Mia", "Leo")
    _, (other,) = logged(door, "Noah")
    with pytest.raises(InvalidInput, match="about several children"):
        second_thoughts.twice(door, other, right.ref)


def test_only_a_manager_sets_aside_and_with_a_reason(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    with pytest.raises(NotAllowed, match=str(Role.DUTY_MANAGER)):
        second_thoughts.set_aside(door, mia, OFFICER)
    with pytest.raises(InvalidInput, match="reason: This is needed"):
        second_thoughts.set_aside(door, mia, reason=" ")


def test_a_restored_referral_goes_on_where_it_was_and_gains_no_time(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    due = door.clock(mia).due_at
    second_thoughts.set_aside(door, mia)
    door.move_to("2009-03-12 09:00")
    restored = second_thoughts.restore(door, mia)
    assert (restored.state, restored.mark, restored.set_aside_at) == ("screening", "", None)
    assert [(clock.state, clock.due_at) for clock in door.rounds(mia, "decision")] == [("running", due)]
    assert door.alert_of(mia).due_at == due
    assert figures(door).total.decided.missed == 1


def test_one_that_had_been_decided_waits_for_a_decision_counted_from_receipt(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    door.hand_over_letters()
    before = figures(door).total
    second_thoughts.set_aside(door, mia)
    door.move_to("2009-03-12 10:00")
    assert second_thoughts.restore(door, mia).state == "awaiting decision"
    first, second = door.clock(mia), door.rounds(mia, "decision")[0]
    assert {(first.started_on, first.started_at), (second.started_on, second.started_at)} == {
        ("received", london(TUESDAY)),
        ("restored", london(TUESDAY)),
    }
    assert figures(door).total == before
    door.decide(mia, reasons="Seen and well.")
    assert [("Seen and well." in letter.text) for letter in door.letters(contact, "outcome")] == [False, True]


def test_restoring_needs_a_reason_and_a_mark(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    with pytest.raises(Refused, match="This referral is received"):
        second_thoughts.restore(door, mia)
    second_thoughts.set_aside(door, mia)
    with pytest.raises(InvalidInput, match="reason"):
        second_thoughts.restore(door, mia, reason="")
    with pytest.raises(NotAllowed):
        second_thoughts.restore(door, mia, person_in(Role.TEAM_MANAGER))
