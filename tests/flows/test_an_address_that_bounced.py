"""What goes to an address from which a letter came back tells nobody, and who decides is told of it first."""

from __future__ import annotations

import pytest

from pathway.engine import inputs
from pathway.engine.referrers import finding_address
from storage.tables import id_of
from support import bounced
from support.front_door import OFFICER

ADA = "ada@school.example.org"


@pytest.fixture
def came_back(open_door):
    """The acknowledgement to a school came back; two children wait for a decision."""
    door = open_door("2009-03-26 10:00")
    contact = door.log("Mia", "Leo")
    door.hand_over_letters()
    (letter,) = door.letters(contact)
    bounced.take(door, bounced.report(door, bounced.message_of(door, letter)))
    door.move_to("2009-03-26 10:30")
    return door, contact


def decided(door, contact):
    for referral in door.referrals(contact):
        door.decide(referral, "no-further-action")
    door.hand_over_letters()
    (letter,) = door.letters(contact, "outcome")
    return letter


def find(door, contact, **typed):
    with door.acting(OFFICER) as act:
        finding_address.find_address(act, id_of(contact), inputs.parse(finding_address.AddressInput, typed))


def test_a_letter_to_that_address_does_not_meet_the_duty_and_is_an_alert(came_back):
    door, contact = came_back
    letter = decided(door, contact)
    for referral in door.referrals(contact):
        assert door.clock(referral, "feedback").state == "running"
        assert "it does not count as told" in " ".join(event.summary for event in door.events(referral))
        assert door.fresh(referral).state != "closed"
    assert door.alert(f"letter:{letter.id}") is not None


@pytest.mark.parametrize("same", [ADA, "ADA@SCHOOL.EXAMPLE.ORG"])
def test_the_case_of_the_letters_makes_no_other_address(came_back, same):
    door, contact = came_back
    find(door, contact, email=same)
    decided(door, contact)
    assert door.clock(door.referrals(contact)[0], "feedback").state == "running"


def test_a_letter_to_another_address_meets_it_and_closes_when_its_answer_was_due(came_back):
    door, contact = came_back
    find(door, contact, email="office@school.example.org")
    decided(door, contact)
    mia, _ = door.referrals(contact)
    assert door.clock(mia, "feedback").state == "stopped"
    assert door.fresh(mia).state == "decided"
    door.watch_for(hours=24 * 9)
    assert door.fresh(mia).state == "closed"


def test_where_nothing_came_back_it_closes_at_once(open_door):
    door = open_door("2009-03-26 10:00")
    contact = door.log("Mia")
    decided(door, contact)
    assert door.fresh(*door.referrals(contact)).state == "closed"
