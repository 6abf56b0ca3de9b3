"""Adding a child whom the referrer did not name, on pages."""

from __future__ import annotations

import pytest

from support.added_children import WHY, add_child
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER

NOAH = {"child__forename": "Noah", "child__surname": "Harlow", "child__birth_date": "6 5 2006", "why": WHY}


@pytest.fixture
def contact(either):
    return either.door.log("Mia")


def add(desk, contact, query="", by=OFFICER, **typed):
    return desk.sign_in(by).fill(f"/contacts/{contact.ref}/add-child{query}", **typed)


def test_a_child_is_added_and_the_page_of_its_referral_says_why(either, contact):
    page = add(either, contact, **NOAH)
    assert either.path == f"/referrals/{contact.ref}-2"
    for words in ("Noah Harlow", "Not named by the referrer", WHY, "not applicable"):
        assert words in page.words


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_is_kept(either, contact):
    page = add(either, contact, **NOAH | {"child__birth_date": "someday", "why": " "})
    assert either.status == 422
    assert {"#child.birth_date", "#why"} <= set(page.links)
    assert page.form().values["child.forename"] == "Noah"


def test_a_child_of_the_contact_is_refused_in_words(either, contact):
    page = add(either, contact, **NOAH | {"child__forename": "Mia", "child__birth_date": "6 5 2004"})
    assert either.status == 409
    assert f"This child stands in the contact already, as {contact.ref}-1." in page.words


def test_a_child_of_the_household_with_an_open_referral_is_not_offered(either):
    either.door.log("Mia", "Noah", received="2009-03-26 08:00")
    contact = either.door.log("Mia")
    page = either.sign_in(OFFICER).open(f"/referrals/{contact.ref}-1/screen")
    assert [link for link in page.links if "?person=" in link] == []


def test_a_child_of_the_household_is_chosen_and_nothing_need_be_typed_twice(either):
    door = either.door
    earlier = door.log("Mia", "Noah", received="2009-03-26 08:00")
    for referral in door.referrals(earlier):
        door.decide(referral)
    door.hand_over_letters()
    contact = door.log("Mia")
    page = either.sign_in(OFFICER).open(f"/referrals/{contact.ref}-1/screen")
    (link,) = [link for link in page.links if "add-child?person=" in link]
    page = either.open(link)
    assert page.form().values["person_id"] == link.rpartition("=")[2]
    page = either.send(page, f"/contacts/{contact.ref}/add-child", why=WHY)
    assert either.path == f"/referrals/{contact.ref}-2"
    assert "Noah Harlow" in page.words


def test_the_pages_of_contact_and_referral_lead_there(either, contact):
    either.sign_in(OFFICER)
    for path in (f"/contacts/{contact.ref}", f"/referrals/{contact.ref}-1", f"/referrals/{contact.ref}-1/screen"):
        assert f"/contacts/{contact.ref}/add-child" in either.open(path).links


def test_it_is_for_those_who_screen(browser):
    contact = browser.door.log("Mia")
    browser.sign_in(TEAM_MANAGER).open(f"/contacts/{contact.ref}/add-child")
    assert browser.status == 403


def test_the_letter_on_the_page_does_not_mention_it(either, contact):
    noah = add_child(either.door, contact)
    either.door.decide(noah)
    either.door.decide(either.door.referrals(contact)[0])
    (letter,) = either.door.letters(contact, "outcome")
    page = either.sign_in(MANAGER).open(f"/letters/{letter.id}")
    assert "Noah" not in page.words
    assert noah.ref not in page.words
