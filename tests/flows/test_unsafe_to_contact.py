"""Promise: nothing more is written to a referrer whom a letter would endanger, from the moment that this is known."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from notifications.answers import Answer
from notifications.outbox import queue, recording
from notifications.outbox.recording import Came, Recorder
from pathway.engine.post import handing_over
from rules.errors import NotAllowed, Refused
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.queries.letters import letter_list_rows
from storage.tables import Contact, Message, Referral, id_of
from support.front_door import ACCEPTED, OFFICER, TEAM_MANAGER, FrontDoor, london, person_in
from support.no_way_to_write import find_address, lift_unsafe, mark_unsafe, record

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
ADA = "ada@school.example.org"
BUSY = Answer(accepted=False, final=False, code=450, text="4.2.1 Busy")
GONE = Answer(accepted=False, final=True, code=550, text="5.1.1 Unknown")
LEASE = timedelta(minutes=5)


def decided(door: FrontDoor, **more: Any) -> tuple[Contact, Referral]:
    contact = door.log("Mia", **more)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    return contact, referral


def test_a_queued_letter_is_stopped_and_the_duty_is_not_applicable(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    mark_unsafe(door, contact)
    assert door.hand_over_letters() == 0
    assert {message.state for message in door.messages(ADA)} == {MessageState.CANCELLED}
    clock = door.clock(referral, "feedback")
    assert (clock.state, clock.not_applicable_because) == ("not applicable", "unsafe to contact")


def test_both_duties_end_where_a_book_has_a_clock_on_the_acknowledgement(open_door: Door) -> None:
    door = open_door(TUESDAY, book="working-together-2023")
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    mark_unsafe(door, contact)
    for kind in ("acknowledgement", "feedback"):
        assert door.clock(referral, kind).not_applicable_because == "unsafe to contact"


def test_an_open_alert_closes_and_a_duty_that_was_late_by_then_stays_missed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door, referrer_email="")
    door.watch_for(hours=49)
    alert = door.alert_of(referral, "feedback")
    mark_unsafe(door, contact)
    assert door.alert(alert.subject_key) is None
    assert door.clock(referral, "feedback").breached_at == london("2009-03-12 09:00")


def test_no_letter_is_written_afterwards_and_none_is_owed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", referrer_email="")
    mark_unsafe(door, contact)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    door.watch_for(hours=60)
    assert door.letters(contact, "outcome") == []
    assert door.fresh(referral).state == "closed"


def test_an_address_found_for_somebody_unsafe_to_contact_sends_nothing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door, referrer_email="")
    mark_unsafe(door, contact)
    find_address(door, contact, email=ADA)
    assert door.messages(ADA) == []


def test_a_letter_that_comes_back_afterwards_is_not_owed_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    door.hand_over_letters()
    mark_unsafe(door, contact)
    letter = door.letters(contact, "outcome")[0]
    door.came_back(letter, TUESDAY)
    assert door.clock(referral, "feedback").not_applicable_because == "unsafe to contact"
    assert door.alert(f"letter:{letter.id}") is None
    with door.database.read() as session:
        assert not letter_list_rows.one(session, id_of(letter)).is_owed


def test_what_left_before_is_recorded_and_what_would_leave_after_is_refused(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door, referrer_email="")
    letter = door.letters(contact, "outcome")[0]
    door.move_to("2009-03-10 12:00")
    mark_unsafe(door, contact)
    with pytest.raises(Refused, match="cancelled"):
        record(door, letter, "post")
    door.post(letter, "2009-03-10 11:00")
    assert door.fresh(referral).feedback_at == london("2009-03-10 11:00")


def leased(door: FrontDoor) -> list[int]:
    """A dispatcher has taken what is queued and is talking to the mail server."""
    with door.database.write() as session:
        return [one.id for one in queue.claim(session, now=door.now, lease=LEASE, limit=9, by="test")]


def answered(door: FrontDoor, message_id: int, answer: Answer) -> Message:
    with door.database.write() as session:
        row = recording.record_answer(session, message_id, answer, now=door.now)
        if answer.accepted:
            handing_over.settle_message(session, row, answer, now=door.now)
        return row


@pytest.mark.parametrize("answer", [BUSY, GONE])
def test_a_message_leased_at_that_moment_is_not_tried_again(open_door: Door, answer: Answer) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door)
    messages = leased(door)
    mark_unsafe(door, contact)
    assert {answered(door, number, answer).state for number in messages} == {MessageState.CANCELLED}
    door.watch_for(hours=2)
    assert door.handed_over(ADA) == []


def test_where_the_server_took_a_leased_message_that_is_recorded_as_what_happened(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    messages = leased(door)
    mark_unsafe(door, contact)
    door.move_to("2009-03-10 09:01")
    assert {answered(door, number, ACCEPTED).state for number in messages} == {MessageState.HANDED_OVER}
    assert door.fresh(referral).feedback_at == london("2009-03-10 09:01")
    assert "feedback given" in [event.kind for event in door.events(referral)]


def test_a_message_whose_dispatcher_died_is_not_tried_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door)
    leased(door)
    mark_unsafe(door, contact)
    door.move_to("2009-03-10 10:00")
    assert door.hand_over_letters() == 0


def test_what_a_server_has_taken_is_settled_although_its_consequences_failed_at_first(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    messages = leased(door)
    with door.database.write() as session:
        for number in messages:
            recording.put_off(session, number, ACCEPTED, now=door.now)
    mark_unsafe(door, contact)
    door.move_to("2009-03-10 12:00")
    door.hand_over_letters()
    assert door.fresh(referral).feedback_at is not None


def send(door: FrontDoor) -> None:
    """What a dispatcher does: claim and commit, then record what the server said."""
    with door.database.write() as session:
        claimed = queue.claim(session, now=door.now, lease=LEASE, limit=99, by="test")
    came = [Came(message=message, answer=ACCEPTED, at=door.now) for message in claimed]
    Recorder(door.database, handing_over.settle_message).record(came)


def test_marking_and_sending_at_the_same_moment_leave_nothing_on_its_way(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contacts = [decided(door)[0] for _ in range(4)]
    with ThreadPoolExecutor(2) as pool:
        sent = pool.submit(send, door)
        list(pool.map(lambda contact: mark_unsafe(door, contact), contacts))
        sent.result()
    states = {message.state for message in door.messages(ADA)}
    assert states <= {MessageState.HANDED_OVER, MessageState.CANCELLED}
    assert door.hand_over_letters() == 0


def test_lifting_begins_the_clock_anew_and_writes_the_letter_when_it_is_due(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    mark_unsafe(door, contact)
    door.move_to("2009-03-20 10:00")
    lift_unsafe(door, contact)
    clock = door.clock(referral, "feedback")
    assert (clock.round, clock.started_on, clock.due_at) == (2, "safe to contact again", london("2009-03-22 10:00"))
    door.hand_over_letters()
    assert door.clock(referral, "feedback").state == "stopped"
    assert [letter.number for letter in door.letters(contact, "outcome")] == [1, 2]


def test_lifting_one_that_was_marked_when_it_was_logged_writes_too(open_door: Door) -> None:
    door = open_door(TUESDAY, book="working-together-2023")
    contact = door.log("Mia", unsafe_to_contact=True)
    (referral,) = door.referrals(contact)
    door.move_to("2009-03-11 09:00")
    lift_unsafe(door, contact)
    door.hand_over_letters()
    assert door.clock(referral, "acknowledgement").state == "stopped"
    assert door.clock(referral, "feedback").state == "running"


def test_lifting_owes_nothing_to_a_referrer_who_has_been_told(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    door.hand_over_letters()
    mark_unsafe(door, contact)
    lift_unsafe(door, contact)
    assert len(door.rounds(referral, "feedback")) == 1
    assert len(door.letters(contact, "outcome")) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.DIRECTOR])
def test_who_may_not_mark(open_door: Door, role: Role) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door)
    with pytest.raises(NotAllowed):
        mark_unsafe(door, contact, by=person_in(role))


def test_only_a_manager_of_the_front_door_lifts(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door)
    mark_unsafe(door, contact)
    for by in (OFFICER, TEAM_MANAGER):
        with pytest.raises(NotAllowed):
            lift_unsafe(door, contact, by=by)


def test_twice_is_refused_and_the_second_click_does_no_harm(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _ = decided(door)
    for _ in range(2):
        mark_unsafe(door, contact, request_id="form-1")
    with pytest.raises(Refused, match="already"):
        mark_unsafe(door, contact)
    lift_unsafe(door, contact)
    with pytest.raises(Refused, match="not marked"):
        lift_unsafe(door, contact)


def test_the_reason_and_each_stopped_letter_stand_in_the_history(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral = decided(door)
    mark_unsafe(door, contact)
    lift_unsafe(door, contact)
    told = {event.kind: event.summary for event in door.events(referral)}
    assert told["unsafe to contact"] == "Unsafe to contact: Her husband reads her letters."
    assert told["safe to contact again"] == "Safe to contact again: She has moved out."
    assert "letter cancelled" in told
