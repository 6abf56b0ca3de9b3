"""Letters that somebody chooses to write: the referrer is asked for what is missing, a parent or carer is told."""

from __future__ import annotations

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, child_fields, person_in
from support.letter_forms import THINGS, ask, write_to_parents
from support.no_way_to_write import find_address, mark_unsafe, record
from support.second_thoughts import set_aside

POSTAL = {"email": "", "address": "3 High Street, Northmoor, N17 6AA"}


@pytest.fixture
def door(open_door):
    return open_door("2009-03-10 09:00")


def states(door, referral):
    return {kind: (door.clock(referral, kind).state, door.clock(referral, kind).due_at) for kind in DUTIES}


DUTIES = ("decision", "feedback")


# -- asking the referrer ---------------------------------------------------------------------------------------


def test_a_referrer_is_asked_for_things_by_name_and_reads_who_asks(door):
    letter = ask(door, door.log("Mia"))
    assert (letter.kind, letter.delivery, letter.recipient_name) == ("missing information", "email", "Ada Ferreira")
    for thing in THINGS:
        assert f"- {thing}\n" in letter.text
    assert "ask for Screening Officer" in " ".join(letter.text.split())


def test_asking_stops_no_clock_and_moves_none(door):
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    before = states(door, referral)
    ask(door, contact)
    door.hand_over_letters()
    assert states(door, referral) == before
    assert door.fresh(referral).feedback_at is None
    assert door.decide(referral).state == "decided"


def test_who_was_asked_for_what_stands_in_the_history(door):
    contact = door.log("Mia")
    ask(door, contact)
    door.hand_over_letters()
    summaries = [event.summary for event in door.events(door.referrals(contact)[0])]
    assert "Referrer asked for: Where the child is now; The name of the doctor" in summaries
    assert "Referrer asked in writing: handed over to the mail server" in summaries


def test_a_member_of_the_public_can_be_asked_and_learns_nothing(door):
    letter = ask(door, door.log("Mia", source_code="1A"))
    assert "We will not be able to tell you what we decide" in " ".join(letter.text.split())
    assert "Mia" not in letter.text + letter.html + letter.subject


@pytest.mark.parametrize("more", [{"source_code": "9"}, {"unsafe_to_contact": True}])
def test_whoever_can_t_be_written_to_is_not_asked(door, more):
    contact = door.log("Mia", **more)
    with pytest.raises(Refused):
        ask(door, contact)
    assert door.letters(contact, "missing information") == []


def test_nothing_is_asked_when_every_child_is_decided(door):
    contact = door.log("Mia", "Leo")
    for referral in door.referrals(contact):
        door.decide(referral)
    with pytest.raises(Refused, match="decided"):
        ask(door, contact)


@pytest.mark.parametrize("things", ["", "\n \n", (), ("x" * 501,), tuple(map(str, range(21)))])
def test_nothing_or_too_much_is_not_asked(door, things):
    contact = door.log("Mia")
    with pytest.raises(InvalidInput, match="things"):
        ask(door, contact, things)


def test_the_letter_to_somebody_who_becomes_unsafe_to_contact_is_stopped(door):
    contact = door.log("Mia")
    ask(door, contact)
    mark_unsafe(door, contact)
    assert door.hand_over_letters() == 0


def test_a_second_click_asks_once(door):
    contact = door.log("Mia")
    first, second = (ask(door, contact, request_id="one form") for _ in range(2))
    assert first.id == second.id
    assert len(door.letters(contact, "missing information")) == 1


def test_only_who_may_screen_asks(door):
    with pytest.raises(NotAllowed):
        ask(door, door.log("Mia"), by=TEAM_MANAGER)


def test_an_asking_letter_that_came_back_owes_nothing_again(door):
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    letter = ask(door, contact)
    door.hand_over_letters()
    door.came_back(letter, "2009-03-10 09:00")
    assert len(door.rounds(referral, "feedback")) == 1


# -- a parent or carer -----------------------------------------------------------------------------------------


def test_a_parent_is_written_to_at_the_address_given(door):
    (referral,) = door.referrals(door.log("Mia"))
    letter = write_to_parents(door, referral)
    assert (letter.recipient_name, letter.recipient_address) == ("Petra Parent", "petra@home.example.org")
    door.hand_over_letters()
    assert [message.kind for message in door.handed_over("petra@home.example.org")] == ["parents"]


def test_a_parent_is_written_to_on_paper(door):
    (referral,) = door.referrals(door.log("Mia"))
    letter = write_to_parents(door, referral, **POSTAL)
    assert (letter.delivery, letter.recipient_address) == ("post", "3 High Street, Northmoor, N17 6AA")
    record(door, letter, "post")
    assert "Letter to parent or carer left: posted" in [event.summary for event in door.events(referral)]


def test_it_meets_no_duty_to_the_referrer(door):
    (referral,) = door.referrals(door.log("Mia"))
    before = states(door, referral)
    letter = write_to_parents(door, referral)
    door.hand_over_letters()
    door.came_back(letter, "2009-03-10 09:00")
    assert states(door, referral) == before
    assert len(door.rounds(referral, "feedback")) == 1


def test_why_it_raises_no_risk_is_on_record_and_not_in_the_letter(door):
    (referral,) = door.referrals(door.log("Mia"))
    letter = write_to_parents(door, referral, no_risk_because="The mother knows of it.")
    (event,) = [event for event in door.events(referral) if event.kind == "parents to be told"]
    assert "because: The mother knows of it." in event.summary
    assert event.actor == MANAGER.username
    assert "The mother knows of it." not in letter.text + letter.html


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"no_risk": False}, "no_risk"),
        ({"no_risk_because": " "}, "no_risk_because"),
        ({"name": ""}, "name"),
        ({"next_steps": ""}, "next_steps"),
        ({"email": "", "address": ""}, "email"),
        ({"address": POSTAL["address"]}, "email"),
        ({"email": "nowhere"}, "email"),
        ({"email": "", "address": "Northmoor"}, "address"),
        ({"next_steps": "Mrs Ferreira will call you."}, "next_steps"),
        ({"next_steps": "We spoke with PARK LANE  School."}, "next_steps"),
        ({"next_steps": "Write to ada@school.example.org."}, "next_steps"),
        ({"next_steps": "We will see Leo as well."}, "next_steps"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_written(door, changes, place):
    contact = door.log(children=[child_fields("Mia", surname="Adeyemi"), child_fields("Leo", surname="Adeyemi")])
    with pytest.raises(InvalidInput) as refused:
        write_to_parents(door, door.referrals(contact)[0], **changes)
    assert place in {fault.place for fault in refused.value.faults}
    assert door.letters(contact, "parents") == []


def test_a_family_name_that_all_share_may_stand_in_it(door):
    contact = door.log(children=[child_fields("Mia", surname="Stone")], referrer_name="Grandmother Stone")
    letter = write_to_parents(door, door.referrals(contact)[0], next_steps="We will visit the Stone family.")
    assert "visit the Stone family" in letter.text


@pytest.mark.parametrize("actor", [OFFICER, TEAM_MANAGER, person_in(Role.SOCIAL_WORKER)])
def test_only_a_manager_chooses_it(door, actor):
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(NotAllowed):
        write_to_parents(door, referral, by=actor)


def test_nothing_is_written_about_a_child_set_aside(door):
    (referral,) = door.referrals(door.log("Mia"))
    set_aside(door, referral)
    with pytest.raises(Refused, match="set aside"):
        write_to_parents(door, referral)


def test_an_address_found_for_the_referrer_never_gets_the_parents_letter(door):
    contact = door.log("Mia", referrer_email="")
    letter = write_to_parents(door, door.referrals(contact)[0], **POSTAL)
    find_address(door, contact, email="ada@school.example.net", address="1 Other Road, Northmoor, N17 6AB")
    assert "parents" not in [message.kind for message in door.messages("ada@school.example.net")]
    assert [one.recipient_address for one in door.letters(contact, "parents")] == [letter.recipient_address]


def test_the_mark_unsafe_to_contact_is_about_the_referrer_and_stops_no_letter_to_a_parent(door):
    contact = door.log("Mia", "Leo", source_code="9")
    write_to_parents(door, door.referrals(contact)[0])
    mark_unsafe(door, contact)
    assert door.hand_over_letters() == 1


def test_a_second_click_writes_once(door):
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    first, second = (write_to_parents(door, referral, request_id="one form") for _ in range(2))
    assert first.id == second.id


@pytest.mark.parametrize(("words", "named"), [("We will call you.", False), ("We will visit Will too.", True)])
def test_a_name_that_is_a_word_names_somebody_with_a_capital_only(door, words, named):
    contact = door.log(children=[child_fields("Mia", surname="Adeyemi"), child_fields("Will", surname="Adeyemi")])
    if named:
        with pytest.raises(InvalidInput, match="another child"):
            write_to_parents(door, door.referrals(contact)[0], next_steps=words)
    else:
        assert words in write_to_parents(door, door.referrals(contact)[0], next_steps=words).text
