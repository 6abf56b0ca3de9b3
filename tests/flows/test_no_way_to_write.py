"""Promise: where no e-mail can be sent a letter is posted, given by hand or told of, and never forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.queries.letters import letter_list_rows
from storage.tables import Contact, Handover, Letter, Query, Referral
from support import rows
from support.front_door import OFFICER, FrontDoor, london, person_in
from support.no_way_to_write import NOWHERE, excuse, find_address, record

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
FOUND = "ada.found@school.example.org"
HOME = "3 High Street, Northmoor, N17 6AA"


def decided(door: FrontDoor, **more: Any) -> tuple[Contact, Referral, Letter]:
    """A contact from somebody without any address, its one child decided, and the letter that is owed."""
    contact = door.log("Mia", **NOWHERE | more)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    return contact, referral, door.letters(contact, "outcome")[-1]


def owed(door: FrontDoor) -> list[int | None]:
    with door.database.read() as session:
        lines, _ = letter_list_rows.lines(session, owed_only=True, words="", offset=0, limit=50)
    return [line.letter.id for line in lines]


@pytest.mark.parametrize("how", ["post", "by hand"])
def test_posted_or_given_by_hand_stops_the_clock(open_door: Door, how: str) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door, referrer_address=HOME)
    door.move_to("2009-03-10 16:00")
    record(door, letter, how)
    assert door.clock(referral, "feedback").stopped_at == london("2009-03-10 16:00")
    assert owed(door) == []


def test_told_by_telephone_stops_nothing_and_the_letter_stays_owed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door)
    record(door, letter, "by telephone", note="She has no address for a month.")
    assert door.clock(referral, "feedback").state == "running"
    assert owed(door) == [letter.id]
    with door.database.read() as session:
        assert rows.everything(session, Handover) == []
    (told,) = [event for event in door.events(referral) if event.kind == "told by telephone"]
    assert "She has no address for a month." in told.details


def test_told_by_telephone_needs_a_note_of_why_not_in_writing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, _, letter = decided(door)
    with pytest.raises(InvalidInput, match="in writing"):
        record(door, letter, "by telephone", note="  ")


def test_a_queued_e_mail_goes_on_its_way_after_a_telephone_call(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door, referrer_email="ada@school.example.org")
    record(door, letter, "by telephone", note="She asked before it came.")
    door.hand_over_letters()
    assert door.clock(referral, "feedback").state == "stopped"


def test_an_e_mail_address_found_later_sends_the_letter_as_it_was_written(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral, letter = decided(door)
    find_address(door, contact, email=FOUND)
    assert owed(door) == []
    (message,) = door.messages(FOUND)
    assert (message.letter_id, letter.recipient_address) == (letter.id, "")
    door.hand_over_letters()
    assert door.clock(referral, "feedback").state == "stopped"
    assert len(door.letters(contact)) == 1


def test_the_history_keeps_the_address_before_and_the_one_found(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral, _ = decided(door, referrer_address="Old Road 1")
    find_address(door, contact, address="3, High Street\nNorthmoor\nn176aa")
    (found,) = [event for event in door.events(referral) if event.kind == "address found"]
    assert "Old Road 1" in found.details
    assert "3 High Street, Northmoor, N17 6AA" in found.details
    assert "High Street" not in found.summary


def test_another_address_takes_a_queued_letter_along_and_the_old_one_gets_nothing(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _, _ = decided(door, referrer_email="wrong@school.example.org")
    find_address(door, contact, email=FOUND)
    door.hand_over_letters()
    assert {message.state for message in door.messages("wrong@school.example.org")} == {MessageState.CANCELLED}
    assert [message.state for message in door.messages(FOUND)] == [MessageState.HANDED_OVER] * 2


def test_the_same_address_again_sends_nothing_twice(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _, _ = decided(door)
    for _ in range(2):
        find_address(door, contact, email=FOUND)
    assert len(door.messages(FOUND)) == 1
    door.hand_over_letters()
    find_address(door, contact, email=FOUND)
    assert len(door.messages(FOUND)) == 1


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({}, "No address is given"),
        ({"email": "ada@"}, "not an e-mail address"),
        ({"address": "3 High Street"}, "at least 2"),
    ],
)
def test_an_odd_address_is_refused(open_door: Door, typed: dict[str, Any], problem: str) -> None:
    door = open_door(TUESDAY)
    contact, _, _ = decided(door)
    with pytest.raises(InvalidInput, match=problem):
        find_address(door, contact, **typed)


def test_a_manager_records_why_a_letter_can_not_be_sent_and_nothing_is_owed_any_more(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door)
    excuse(door, letter)
    clock = door.clock(referral, "feedback")
    assert (clock.state, clock.not_applicable_because, owed(door)) == ("not applicable", "no address", [])
    assert "Nobody knows where she works" in str([event.summary for event in door.events(referral)])
    assert door.fresh(referral).state == "closed"  # by itself: nothing else is owed


def test_an_excuse_after_the_due_moment_hides_no_breach(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door)
    door.watch_for(hours=49)
    excuse(door, letter)
    clock = door.clock(referral, "feedback")
    assert (clock.state, clock.not_applicable_because) == ("stopped", "no address")
    assert clock.breached_at == london("2009-03-12 09:00")
    assert door.alert(f"clock:{clock.id}") is None


def test_an_address_found_after_the_excuse_sends_the_letter_after_all(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral, letter = decided(door)
    excuse(door, letter)
    find_address(door, contact, email=FOUND)
    door.hand_over_letters()
    assert door.fresh(referral).feedback_at == door.now


@pytest.mark.parametrize("more", [{"referrer_email": "ada@school.example.org"}, {"referrer_address": HOME}])
def test_a_letter_that_can_go_somewhere_is_not_excused(open_door: Door, more: dict[str, Any]) -> None:
    door = open_door(TUESDAY)
    _, _, letter = decided(door, **more)
    with pytest.raises(Refused):
        excuse(door, letter)


def test_a_letter_that_came_back_can_be_excused_although_an_address_is_known(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, referral, letter = decided(door, referrer_email="ada@school.example.org")
    door.hand_over_letters()
    door.came_back(letter, TUESDAY)
    excuse(door, letter, reason="The address is dead and nobody knows another.")
    assert door.clock(referral, "feedback").not_applicable_because == "no address"
    assert door.alert(f"letter:{letter.id}") is None


def test_only_a_manager_excuses_a_letter(open_door: Door) -> None:
    door = open_door(TUESDAY)
    _, _, letter = decided(door)
    for by in (OFFICER, person_in(Role.AUDITOR), person_in(Role.SOCIAL_WORKER)):
        with pytest.raises(NotAllowed):
            excuse(door, letter, by=by)


def test_the_text_and_hash_of_a_letter_sent_on_are_those_first_written(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, _, letter = decided(door)
    find_address(door, contact, email=FOUND, address=HOME)
    assert door.letters(contact, "outcome") == [letter]
    with door.database.read() as session:
        assert letter_list_rows.one(session, letter.id or 0).letter.sha256 == letter.sha256


def test_an_address_that_nobody_reads_is_a_query_and_the_letter_waits_for_the_post(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact, referral, letter = decided(door, referrer_email="no-reply@housing.example.org")
    assert (contact.referrer_email, contact.referrer_email_as_typed) == ("", "no-reply@housing.example.org")
    with door.database.read() as session:
        (query,) = rows.everything(session, Query)
    assert (query.place, query.problem[:12]) == ("referrer_email", "Nobody reads")
    door.hand_over_letters()
    assert letter.id in owed(door)
    assert door.fresh(referral).feedback_at is None
    with pytest.raises(InvalidInput, match="Give one that somebody reads"):
        find_address(door, contact, email="donotreply@housing.example.org")
