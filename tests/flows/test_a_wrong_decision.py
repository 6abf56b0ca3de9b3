"""Promise: a wrong decision is followed by a new dated one with its reason; the referrer hears; nothing is edited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from notifications.outbox import queue, recording
from pathway.engine.post import handing_over
from pathway.reports import timeliness
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries import referral_rows
from storage.queries.staff import staff_rows
from storage.tables import Contact, Decision, Referral, id_of
from support import second_thoughts
from support.front_door import ACCEPTED, OFFICER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
SCHOOL = "ada@school.example.org"


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door(TUESDAY)


def decided(
    door: FrontDoor, *names: str, outcome: str = "assessment", **more: object
) -> tuple[Contact, list[Referral]]:
    """Each child decided, and the letter in the outbox."""
    contact = door.log(*names or ("Mia",), **more)
    children = list(door.referrals(contact))
    for child in children:
        door.decide(child, outcome)
    return contact, children


def decisions(door: FrontDoor, referral: Referral) -> list[Decision]:
    with door.database.read() as session:
        return list(referral_rows.decisions(session, id_of(referral)))


def kinds(door: FrontDoor, contact: Contact) -> list[str]:
    return [letter.kind for letter in door.letters(contact) if letter.kind != "acknowledgement"]


def test_both_decisions_stand_each_with_its_date_and_reasons(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    door.move_to("2009-03-10 11:00")
    second_thoughts.correct(door, mia, "no-further-action", reasons="Another child was meant.", level_of_need="1")
    first, second = decisions(door, mia)
    assert (first.outcome, first.reasons, first.correction_reason) == ("assessment", "Threshold not met.", "")
    assert (second.outcome, second.reasons) == ("no-further-action", "Another child was meant.")
    assert (second.decided_at, second.correction_reason) == (door.now, "The wrong box was ticked.")
    assert "Decision corrected: No further action, because: The wrong box was ticked." in [
        event.summary for event in door.events(mia)
    ]


def test_what_was_accepted_and_is_no_more_leaves_allocation(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    corrected = second_thoughts.correct(door, mia, "no-further-action")
    assert (corrected.state, corrected.accepted_at, corrected.outcome) == ("decided", None, "no-further-action")
    clock = door.clock(mia, "allocation")
    assert (clock.state, clock.not_applicable_because) == ("not applicable", "decision corrected")


def test_the_worker_who_held_the_child_holds_it_no_more(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    worker = door.add_worker()
    door.allocate(mia, worker)
    corrected = second_thoughts.correct(door, mia, "information-and-advice")
    assert (corrected.state, corrected.worker_id) == ("decided", None)
    with door.database.read() as session:
        assert staff_rows.open_children(session, id_of(worker)) == 0
        assert referral_rows.running_allocation(session, id_of(mia)) is None


def test_a_wrong_refusal_is_accepted_from_then_on_and_waits_for_allocation(door: FrontDoor) -> None:
    _, (mia,) = decided(door, outcome="no-further-action")
    door.move_to("2009-03-10 12:00")
    corrected = second_thoughts.correct(door, mia, "strategy-discussion")
    assert (corrected.state, corrected.accepted_at) == ("awaiting allocation", door.now)
    assert door.clock(mia, "allocation").started_at == door.now
    assert door.clock(mia, "closing").not_applicable_because == "decision corrected"


def test_from_one_accepting_outcome_to_another_the_allocation_stands(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    worker, accepted_at = door.add_worker(), door.fresh(mia).accepted_at
    door.allocate(mia, worker)
    door.move_to("2009-03-10 12:00")
    corrected = second_thoughts.correct(door, mia, "strategy-discussion")
    assert (corrected.state, corrected.worker_id, corrected.accepted_at) == ("allocated", worker.id, accepted_at)
    with door.database.read() as session:
        assert len(referral_rows.allocations(session, id_of(mia))) == 1
    assert [clock.state for clock in door.rounds(mia, "allocation")] == ["stopped"]


def test_corrected_to_an_outcome_at_once_it_is_owed_at_once_and_corrected_back_it_is_not(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    door.move_to("2009-03-10 11:00")
    second_thoughts.correct(door, mia, "strategy-discussion", reasons="The bruises.")
    assert door.clock(mia, "urgent_allocation").due_at == london("2009-03-10 13:00")
    second_thoughts.correct(door, mia, "assessment", reasons="They were old.")
    assert door.clock(mia, "urgent_allocation").not_applicable_because == "decision corrected"


def test_a_child_whom_a_worker_holds_is_not_to_be_allocated_again(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    door.allocate(mia, door.add_worker())
    second_thoughts.correct(door, mia, "strategy-discussion", reasons="The bruises.")
    assert not door.rounds(mia, "urgent_allocation")


def test_a_letter_that_has_not_left_is_stopped_and_a_plain_one_goes(door: FrontDoor) -> None:
    contact, (mia,) = decided(door)
    second_thoughts.correct(door, mia, "no-further-action", reasons="Another child was meant.")
    door.hand_over_letters()
    assert kinds(door, contact) == ["outcome", "outcome"]
    sent = [message for message in door.handed_over(SCHOOL) if message.kind == "outcome"]
    assert len(sent) == 1
    assert b"Another child was meant." in sent[0].content
    assert [clock.state for clock in door.rounds(mia, "feedback")] == ["stopped"]


def test_who_was_told_the_wrong_decision_is_told_the_right_one_at_once(door: FrontDoor) -> None:
    contact, (mia,) = decided(door)
    door.hand_over_letters()
    door.move_to("2009-03-11 09:00")
    second_thoughts.correct(door, mia, "no-further-action", reasons="Another child was meant.")
    assert door.clock(mia, "feedback").due_at == door.now + timedelta(hours=48)
    door.hand_over_letters()
    assert kinds(door, contact) == ["outcome", "corrected outcome"]
    letter = door.letters(contact, "corrected outcome")[0]
    assert "in place of what we told you before" in " ".join(letter.text.split())
    assert "Another child was meant." in letter.text
    assert [clock.state for clock in door.rounds(mia, "feedback")] == ["stopped", "stopped"]


def test_it_is_about_that_child_only(door: FrontDoor) -> None:
    contact, (mia, leo) = decided(door, "Mia", "Leo")
    door.hand_over_letters()
    second_thoughts.correct(door, mia, "no-further-action")
    (letter,) = door.letters(contact, "corrected outcome")
    assert ("Mia" in letter.text, "Leo" in letter.text) == (True, False)
    assert len(door.rounds(leo, "feedback")) == 1


def test_a_stopped_letter_about_two_children_is_written_anew_for_both(door: FrontDoor) -> None:
    contact, (mia, _) = decided(door, "Mia", "Leo")
    second_thoughts.correct(door, mia, "no-further-action", reasons="Another child was meant.")
    anew = door.letters(contact, "outcome")[-1]
    assert ("Another child was meant." in anew.text, "Leo" in anew.text) == (True, True)


def test_a_member_of_the_public_learns_nothing_by_it(door: FrontDoor) -> None:
    contact, (mia,) = decided(door, source_code="1C")
    door.hand_over_letters()
    second_thoughts.correct(door, mia, "no-further-action", reasons="Another child was meant.")
    (letter,) = door.letters(contact, "corrected outcome")
    assert not {"Mia", "Another child", "No further action"} & {
        word for word in ("Mia", "Another child", "No further action") if word in letter.text
    }


def test_a_corrected_letter_that_has_not_left_is_followed_by_another_corrected_one(door: FrontDoor) -> None:
    contact, (mia,) = decided(door)
    door.hand_over_letters()
    second_thoughts.correct(door, mia, "no-further-action", reasons="First thought.")
    door.move_to("2009-03-10 10:00")
    second_thoughts.correct(door, mia, "early-help", reasons="Second thought.")
    door.hand_over_letters()
    sent = [message for message in door.handed_over(SCHOOL) if message.kind == "corrected outcome"]
    assert len(sent) == 1
    assert b"Second thought." in sent[0].content
    assert len(door.letters(contact, "corrected outcome")) == 2


def test_a_letter_on_its_way_at_that_moment_meets_no_duty_any_more(door: FrontDoor) -> None:
    contact, (mia,) = decided(door)
    with door.database.write() as session:
        claimed = queue.claim(session, now=door.now, lease=timedelta(minutes=5), limit=50, by="test")
    door.move_to("2009-03-10 09:01")
    second_thoughts.correct(door, mia, "no-further-action")
    with door.database.write() as session:
        for message in claimed:
            row = recording.record_answer(session, message.id, ACCEPTED, now=door.now)
            handing_over.settle_message(session, row, ACCEPTED, now=door.now)
    assert door.clock(mia, "feedback").state == "running"
    door.hand_over_letters()
    assert door.clock(mia, "feedback").state == "stopped"
    assert kinds(door, contact) == ["outcome", "corrected outcome"]


def test_nobody_is_written_to_who_is_anonymous(door: FrontDoor) -> None:
    contact, (mia,) = decided(door, source_code="9", referrer_name="", referrer_email="")
    second_thoughts.correct(door, mia, "no-further-action")
    assert kinds(door, contact) == []
    assert door.clock(mia, "feedback").state == "not applicable"


def test_figures_judge_the_first_decision_and_the_first_letter(door: FrontDoor) -> None:
    _, (mia,) = decided(door)
    door.hand_over_letters()
    door.move_to("2009-03-20 09:00")
    second_thoughts.correct(door, mia, "no-further-action")
    with door.database.read() as session:
        day = date(2009, 3, 10)
        total = timeliness.measure(session, start=day, end=day, as_at=door.now).total
    assert (total.decided.met, total.told.met) == (1, 1)


def test_a_sibling_is_not_touched(door: FrontDoor) -> None:
    _, (mia, leo) = decided(door, "Mia", "Leo")
    before = door.fresh(leo)
    second_thoughts.correct(door, mia, "no-further-action")
    assert door.fresh(leo) == before


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ({"correction_reason": " "}, "Say why the decision is corrected"),
        ({"reasons": ""}, "Give the reasons"),
        ({"outcome": ""}, "Choose an outcome"),
        ({"primary_need": ""}, "Choose a primary need"),
    ],
)
def test_it_needs_what_a_decision_needs_and_why_it_is_corrected(
    door: FrontDoor, missing: dict[str, str], reason: str
) -> None:
    _, (mia,) = decided(door, outcome="no-further-action")
    with pytest.raises(Refused, match=reason):
        second_thoughts.correct(door, mia, **missing)
    assert len(decisions(door, mia)) == 1


def test_a_closed_referral_is_reopened_first(door: FrontDoor) -> None:
    _, (mia,) = decided(door, outcome="no-further-action")
    door.hand_over_letters()
    assert door.close(mia).state == "closed"
    with pytest.raises(Refused, match="Reopen it first"):
        second_thoughts.correct(door, mia)


def test_an_undecided_one_has_nothing_to_correct(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="This referral is received"):
        second_thoughts.correct(door, mia)


@pytest.mark.parametrize("actor", [OFFICER, person_in(Role.TEAM_MANAGER)])
def test_only_a_manager_of_the_front_door_corrects(door: FrontDoor, actor: object) -> None:
    _, (mia,) = decided(door)
    with pytest.raises(NotAllowed):
        second_thoughts.correct(door, mia, by=actor)  # type: ignore[arg-type]


def test_a_later_clock_ends_with_the_acceptance_and_begins_again_with_another(open_door: Door) -> None:
    door = open_door("2026-03-02 09:00", book="working-together-2023")
    _, (mia,) = decided(door)
    second_thoughts.correct(door, mia, "no-further-action")
    assert door.clock(mia, "assessment").not_applicable_because == "decision corrected"
    second_thoughts.correct(door, mia, "assessment")
    door.allocate(mia, door.add_worker())
    door.record(mia, "assessment authorised")
    assert sorted(clock.state for clock in door.rounds(mia, "assessment")) == ["not applicable", "stopped"]
