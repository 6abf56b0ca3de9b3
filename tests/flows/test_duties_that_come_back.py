"""Promise: a duty that comes back is owed in a new round, each round is kept, and figures judge the first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from pathway.reports import timeliness
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.tables import Contact, Letter, Referral
from support.front_door import OFFICER, FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def told(open_door: Door, outcome: str = "no-further-action") -> tuple[FrontDoor, Contact, Referral, Letter]:
    """Mia was decided on Tuesday at 09:00; the letter was handed over at 10:00."""
    door = open_door(TUESDAY)
    contact = door.log("Mia")
    (mia,) = door.referrals(contact)
    door.decide(mia, outcome)
    door.move_to("2009-03-10 10:00")
    door.hand_over_letters()
    return door, contact, mia, door.letters(contact, "outcome")[0]


def figures(door: FrontDoor) -> timeliness.Row:
    with door.database.read() as session:
        day = date(2009, 3, 10)
        return timeliness.measure(session, start=day, end=day, as_at=door.now).total


@pytest.mark.parametrize("how", ["bounced", "returned by post"])
def test_a_letter_that_came_back_starts_a_round_and_both_are_kept(open_door: Door, how: str) -> None:
    door, _, mia, letter = told(open_door)
    door.move_to("2009-03-12 11:00")
    door.came_back(letter, "2009-03-12 10:00", how)
    first, second = door.rounds(mia, "feedback")
    assert (first.state, first.stopped_at, first.breached_at) == ("stopped", london("2009-03-10 10:00"), None)
    assert (second.round, second.state, second.due_at) == (2, "running", london("2009-03-14 10:00"))
    assert second.started_on == "letter returned"
    assert f"Letter came back: {how}" in [event.summary for event in door.events(mia)]


def test_somebody_hears_of_it_at_once_and_the_feedback_ladder_begins_when_it_is_late(open_door: Door) -> None:
    door, _, mia, letter = told(open_door)
    door.came_back(letter, "2009-03-10 10:00")
    assert door.alert(f"letter:{letter.id}") is not None
    door.move_to("2009-03-12 10:00")
    door.sweep()
    alert = door.alert_of(mia, "feedback")
    assert (alert.due_at, alert.opened_at) == (london("2009-03-12 10:00"), door.now)


def test_handing_the_same_letter_over_again_meets_the_second_round(open_door: Door) -> None:
    door, _, mia, letter = told(open_door, "assessment")
    door.allocate(mia, door.add_worker())
    door.move_to("2009-03-11 12:00")
    door.came_back(letter, "2009-03-11 10:00")
    with pytest.raises(Refused, match="still owed"):
        door.close(mia)
    with pytest.raises(InvalidInput, match="before the letter came back"):
        door.post(letter, "2009-03-11 09:00")
    door.post(letter, "2009-03-11 11:00")
    second = door.rounds(mia, "feedback")[1]
    assert (second.stopped_at, second.breached_at) == (london("2009-03-11 11:00"), None)
    assert door.alert(f"letter:{letter.id}") is None
    assert door.close(mia).state == "closed"


def test_figures_judge_the_first_letter_not_returned_against_the_first_due_moment(open_door: Door) -> None:
    door, _, _, letter = told(open_door)
    assert (figures(door).told.met, figures(door).told.missed) == (1, 0)
    door.move_to("2009-03-13 12:00")
    door.came_back(letter, "2009-03-11 10:00")
    assert (figures(door).told.met, figures(door).told.missed) == (0, 1)
    door.post(letter, "2009-03-12 08:59")
    assert (figures(door).told.met, figures(door).told.missed) == (1, 0)


def test_a_letter_comes_back_once_and_only_after_it_left(open_door: Door) -> None:
    door, _, _, letter = told(open_door)
    with pytest.raises(InvalidInput, match="before the letter left"):
        door.came_back(letter, "2009-03-10 09:59")
    with pytest.raises(InvalidInput, match="future"):
        door.came_back(letter, "2009-03-10 10:01")
    door.came_back(letter, "2009-03-10 10:00")
    with pytest.raises(Refused, match="came back already"):
        door.came_back(letter, "2009-03-10 10:00")


def test_only_the_children_whom_it_named_are_owed_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", "Leo")
    mia, leo = door.referrals(contact)
    door.decide(mia)
    door.watch_for(hours=36)
    door.decide(leo)
    door.hand_over_letters()
    at = f"{door.now:%Y-%m-%d %H:%M}"
    door.came_back(door.letters(contact, "part outcome")[0], at)
    assert [len(door.rounds(child, "feedback")) for child in (mia, leo)] == [2, 1]


def test_an_acknowledgement_that_came_back_is_owed_again_where_the_book_says_so(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    contact = door.log("Mia")
    (mia,) = door.referrals(contact)
    door.hand_over_letters()
    door.came_back(door.letters(contact, "acknowledgement")[0], "2026-03-02 09:00")
    assert [clock.state for clock in door.rounds(mia, "acknowledgement")] == ["stopped", "running"]
    assert len(door.rounds(mia, "feedback")) == 1


def closed(open_door: Door) -> tuple[FrontDoor, Contact, Referral]:
    door, contact, mia, _ = told(open_door)
    assert door.fresh(mia).state == "closed"
    door.move_to("2009-04-20 09:00")
    return door, contact, mia


def test_a_reopened_referral_waits_for_another_decision_in_a_new_round(open_door: Door) -> None:
    door, _, mia = closed(open_door)
    reopened = door.reopen(mia)
    assert (reopened.state, reopened.closed_at, reopened.decided_at) == ("awaiting decision", None, None)
    first, second = door.rounds(mia, "decision")
    assert first.stopped_at == london(TUESDAY)
    assert (second.round, second.started_on, second.due_at) == (2, "reopened", london("2009-04-21 09:00"))
    assert "Reopened: The school rang again." in [event.summary for event in door.events(mia)]


def test_a_reopened_referral_that_nobody_decides_alerts_like_any_other(open_door: Door) -> None:
    door, _, mia = closed(open_door)
    door.reopen(mia)
    door.move_to("2009-04-21 09:00")
    door.sweep()
    assert door.alert_of(mia).due_at == door.now


def test_the_referrer_is_told_again_where_that_is_owed(open_door: Door) -> None:
    door, contact, mia = closed(open_door)
    door.reopen(mia, tell_again=True)
    assert door.clock(mia, "feedback").due_at == london("2009-04-22 09:00")
    door.decide(mia, "assessment", reasons="Seen again with bruises.")
    letters = door.letters(contact, "outcome")
    assert len(letters) == 2
    assert "Seen again with bruises." in letters[1].text
    door.hand_over_letters()
    assert [clock.state for clock in door.rounds(mia, "feedback")] == ["stopped", "stopped"]


def test_the_referrer_gets_no_second_letter_where_none_is_owed(open_door: Door) -> None:
    door, contact, mia = closed(open_door)
    door.reopen(mia)
    door.decide(mia)
    assert len(door.letters(contact, "outcome")) == 1
    assert len(door.rounds(mia, "feedback")) == 1
    assert door.fresh(mia).state == "closed"


def test_figures_of_a_reopened_referral_are_those_of_its_first_decision_and_letter(open_door: Door) -> None:
    door, _, mia = closed(open_door)
    before = figures(door)
    door.reopen(mia, tell_again=True)
    assert figures(door) == before
    assert (before.decided.met, before.told.met) == (1, 1)


def test_only_a_closed_referral_is_reopened_with_a_reason_and_by_a_manager(open_door: Door) -> None:
    door, _, mia, _ = told(open_door)
    (noah,) = door.referrals(door.log("Noah"))
    door.decide(noah)
    with pytest.raises(Refused, match="This referral is decided"):
        door.reopen(noah)
    with pytest.raises(InvalidInput, match="reason: This is needed"):
        door.reopen(mia, reason=" ")
    with pytest.raises(NotAllowed, match=str(Role.DUTY_MANAGER)):
        door.reopen(mia, by=OFFICER)


def test_later_clocks_of_a_reopened_referral_count_from_its_reopening(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia)
    door.hand_over_letters()
    door.move_to("2026-06-01 09:00")
    door.reopen(mia)
    door.move_to("2026-06-02 09:00")
    door.decide(mia, "assessment")
    clock = door.clock(mia, "assessment")
    assert (clock.started_on, clock.started_at) == ("reopened", london("2026-06-01 09:00"))
