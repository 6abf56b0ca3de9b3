"""Promise: the referrer is told the outcome and the reasons in writing within 48 hours (plan action 2.1.1, JAR 14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from notifications.answers import Answer
from notifications.outbox import queue, recording
from pathway.engine.post import handing_over
from rules.errors import InvalidInput, Refused
from rules.messages import Delivery, MessageState
from rules.vocabulary import Role
from storage.queries.letters import letter_rows
from storage.tables import Contact, Letter, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
ADA = "ada@school.example.org"
REFUSED = Answer(accepted=False, final=True, code=550, text="no such user")


def letters_about(door: FrontDoor, contact: Contact) -> list[Letter]:
    with door.database.read() as session:
        return list(letter_rows.of_contact(session, id_of(contact)))


def body(door: FrontDoor, contact: Contact, kind: str = "outcome") -> str:
    return next(letter.text for letter in letters_about(door, contact) if letter.kind == kind)


def test_a_professional_is_told_each_named_childs_outcome_and_reason(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", "Leo")
    mia, leo = door.referrals(contact)
    door.decide(mia, reasons="The school can help.")
    assert [letter.kind for letter in letters_about(door, contact)] == ["acknowledgement"]  # Leo is still open
    door.decide(leo, "strategy-discussion", reasons="Risk of significant harm can't be ruled out.")
    text = " ".join(body(door, contact).split())
    for expected in (
        "Mia Harlow",
        "The school can help.",
        "Leo Harlow",
        "Risk of significant harm can't be ruled out.",
    ):
        assert expected in text


def test_the_duty_is_met_when_the_mail_server_has_accepted_the_letter_not_when_it_is_written(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.decide(referral)
    assert door.clock(referral, "feedback").state == "running"
    door.move_to("2009-03-10 09:05")
    door.hand_over_letters()
    clock = door.clock(referral, "feedback")
    assert (clock.state, clock.stopped_at, clock.breached_at) == ("stopped", london("2009-03-10 09:05"), None)


def test_a_letter_accepted_after_48_hours_is_a_breach(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.decide(referral)
    door.move_to("2009-03-12 09:01")
    door.hand_over_letters()
    assert door.clock(referral, "feedback").breached_at == london("2009-03-12 09:00")


@pytest.mark.parametrize("source_code", ["1A", "1D", "10"])
def test_a_member_of_the_public_never_learns_an_outcome_a_reason_or_that_the_child_is_known(
    open_door: Door, source_code: str
) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", source_code=source_code)
    (referral,) = door.referrals(contact)
    door.decide(referral, "strategy-discussion", reasons="Known since 2007; police called.")
    text = body(door, contact)
    for secret in ("Mia", "Harlow", "trategy", "2007", "police", referral.ref):
        assert secret not in text
    door.hand_over_letters()
    assert door.clock(referral, "feedback").state == "stopped"


def test_an_anonymous_referrer_gets_no_letter_and_the_duty_is_not_applicable(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", source_code="9", referrer_name="", referrer_email="")
    (referral,) = door.referrals(contact)
    door.decide(referral)
    door.watch_for(hours=60)
    assert letters_about(door, contact) == []
    clock = door.clock(referral, "feedback")
    assert (clock.state, clock.not_applicable_because, clock.breached_at) == ("not applicable", "anonymous", None)
    assert door.fresh(referral).state == "closed"


def test_a_referrer_whom_a_letter_would_endanger_gets_none(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", source_code="1A", unsafe_to_contact=True)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    assert not door.messages(ADA)
    assert door.clock(referral, "feedback").not_applicable_because == "unsafe to contact"


def test_a_part_letter_goes_at_the_warning_for_the_children_decided_and_the_rest_follows(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", "Leo")
    mia, leo = door.referrals(contact)
    door.decide(mia, reasons="The school can help.")
    door.watch_for(hours=35)
    assert len(letters_about(door, contact)) == 1
    door.watch_for(hours=1)
    part = body(door, contact, "part outcome")
    assert "Mia" in part
    assert "Leo" not in part
    assert (door.clock(mia, "feedback").state, door.clock(leo, "feedback").state) == ("stopped", "running")
    door.decide(leo)
    rest = body(door, contact)
    assert "Leo" in rest
    assert "Mia" not in rest


def test_a_referral_can_not_be_closed_while_feedback_is_owed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    door.decide(referral)
    with pytest.raises(Refused, match="still owed"):
        door.close(referral)
    door.hand_over_letters()
    assert door.fresh(referral).state == "closed"


def test_without_an_e_mail_address_the_letter_is_owed_until_it_is_posted(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", referrer_email="", referrer_address="Park Lane School, Northmoor, N1 2BB")
    (referral,) = door.referrals(contact)
    door.decide(referral)
    (letter,) = letters_about(door, contact)
    assert (letter.delivery, door.hand_over_letters()) == ("post", 0)
    door.move_to("2009-03-10 17:00")
    post(door, letter, at="2009-03-10 16:30")
    assert door.clock(referral, "feedback").stopped_at == london("2009-03-10 16:30")


def post(door: FrontDoor, letter: Letter, at: str) -> None:
    data = handing_over.HandoverInput(delivery=Delivery.POST, handed_over_at=london(at))
    with door.acting(OFFICER) as act:
        handing_over.record_handover(act, id_of(letter), data)


@pytest.mark.parametrize(("at", "problem"), [("2009-03-10 18:00", "future"), ("2009-03-10 08:00", "before the letter")])
def test_a_letter_can_not_be_posted_before_it_was_written_or_in_the_future(
    open_door: Door, at: str, problem: str
) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", referrer_email="")
    door.decide(door.referrals(contact)[0])
    door.move_to("2009-03-10 17:00")
    with pytest.raises(InvalidInput, match=problem):
        post(door, letters_about(door, contact)[0], at=at)


def test_a_refused_letter_alerts_the_duty_manager_and_the_duty_stays_owed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    door.hand_over_letters()
    door.decide(referral)
    with door.database.write() as session:
        (claimed,) = queue.claim(session, now=door.now, lease=timedelta(minutes=5), limit=9, by="test")
        row = recording.record_answer(session, claimed.id, REFUSED, now=door.now)
        handing_over.settle_message(session, row, REFUSED, now=door.now)
    assert door.clock(referral, "feedback").state == "running"
    door.sweep()
    assert [message.subject for message in door.messages(Role.DUTY_MANAGER)]
    letter = letters_about(door, contact)[-1]
    post(door, letter, at=TUESDAY)
    assert door.alert(f"letter:{letter.id}") is None
    assert door.clock(referral, "feedback").state == "stopped"


def test_feedback_over_the_change_of_clocks_is_due_after_48_real_hours(open_door: Door) -> None:
    door = open_door("2009-03-27 16:40")
    (referral,) = door.referrals(door.log("Mia"))
    assert door.clock(referral, "feedback").due_at == london("2009-03-29 17:40")


def test_two_children_named_by_one_referrer_are_in_one_letter_and_not_in_two(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", "Leo", "Eve")
    for referral in door.referrals(contact):
        door.decide(referral)
    assert [letter.kind for letter in letters_about(door, contact)] == ["acknowledgement", "outcome"]
    assert [message.state for message in door.messages(ADA)] == [MessageState.QUEUED, MessageState.QUEUED]


def test_the_same_form_sent_twice_makes_one_contact_and_one_decision(open_door: Door) -> None:
    door = open_door(TUESDAY)
    first = door.log("Mia", request_id="form-1")
    assert door.log("Mia", request_id="form-1").id == first.id
    assert len(door.messages(ADA)) == 1


def test_an_unborn_child_and_one_without_a_name_can_be_logged(open_door: Door) -> None:
    door = open_door(TUESDAY)
    unborn = child_fields("", surname="Harlow", birth_date="", due_date="2009-07-14")
    nameless = child_fields("", surname="", birth_date="", address="3 Green Lane")
    contact = door.log(children=[unborn, nameless])
    for referral in door.referrals(contact):
        door.decide(referral, by=MANAGER)
    assert "The child whose name is not known" in body(door, contact)


def test_a_letter_names_the_child_as_its_referrer_did_whatever_else_the_record_knows(open_door: Door) -> None:
    door = open_door(TUESDAY)
    known = {"nhs_number": "943 476 5919"}
    door.log(children=[child_fields("Maya", "Secret", **known)])
    contact = door.log(children=[child_fields("Mia", "Harlow", **known)])
    door.decide(*door.referrals(contact))
    (letter,) = door.letters(contact, "outcome")
    assert "Mia Harlow" in letter.text
    assert not {"Maya", "Secret"} & set(letter.text.split())
    assert "Maya" not in letter.html
