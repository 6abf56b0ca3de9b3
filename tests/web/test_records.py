"""The pages of a referral and of a contact."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support.front_door import MANAGER, OFFICER, person_in


@pytest.fixture
def siblings(either):
    either.sign_in(MANAGER)
    return either.door.referrals(either.door.log("Mia", "Noah", received="2009-03-25 09:00"))


def record(desk, referral):
    return desk.open(f"/referrals/{referral.ref}")


def test_the_clocks_stand_with_the_strictest_first_and_how_each_came_about(either, siblings):
    page = record(either, siblings[0])
    words = page.words
    assert words.index("Decision within 24 hours Overdue by 1 h") < words.index(
        "Written feedback within 48 hours 23 h left"
    )
    assert "Breached at Thu 26 Mar 2009, 09:00, noticed Thu 26 Mar 2009, 10:00" in words
    assert "24 hours, counted day and night" in words


def test_what_can_be_done_now_follows_state_facts_and_role(either, siblings):
    mia, noah = siblings
    assert f"/referrals/{mia.ref}/screen" not in record(either.sign_in(person_in(Role.AUDITOR)), mia).links
    assert f"/referrals/{mia.ref}/screen" in record(either.sign_in(OFFICER), mia).links
    either.door.decide(mia)
    page = record(either.sign_in(MANAGER), mia)
    assert "Close: not yet. Written feedback to the referrer is still owed." in page.words
    assert f"/referrals/{mia.ref}/close" not in page.links
    assert f"/referrals/{mia.ref}/decide" not in page.links
    assert f"/referrals/{noah.ref}" in page.links


def test_the_timeline_tells_both_when_it_happened_and_when_it_was_recorded(either, siblings):
    page = record(either, siblings[0])
    timeline = page.words.rsplit("Timeline ", 1)[1]
    assert "Wed 25 Mar 2009, 09:00 · Screening Officer · recorded Thu 26 Mar 2009, 10:00 Received by phone" in timeline
    assert "intended Thu 26 Mar 2009, 09:00" in timeline
    assert timeline.index("Received by phone") < timeline.index("not done in 24 hours")


def test_an_open_alert_stands_on_the_record(either, siblings):
    assert "Overdue: decision within 24 hours" in record(either, siblings[0]).words.split("What can be done now")[0]


def test_a_decision_stands_with_its_reasons_level_and_need(either, siblings):
    either.door.decide(siblings[0], "assessment", level_of_need="3", reasons="Line one.\n  Line two.")
    page = record(either, siblings[0])
    assert "Assessment by a social worker" in page.words
    assert "Level of need 3: Child in need" in page.words
    assert "Primary need N1 Abuse, neglect and exploitation" in page.words
    assert "Line one.\n  Line two." in either.html


def test_a_child_known_from_before_has_earlier_referrals(browser):
    (old,) = browser.door.referrals(browser.door.log("Mia"))
    (new,) = browser.door.referrals(browser.door.log("Mia"))
    assert f"/referrals/{old.ref}" in record(browser.sign_in(OFFICER), new).links


def test_who_may_be_the_same_child_is_proposed(browser):
    browser.door.log("Mia")
    children = [{"forename": "Mya", "surname": "Harlow", "birth_date": "2004-05-06"}]
    (new,) = browser.door.referrals(browser.door.log(children=children))
    assert "Perhaps the same child" in record(browser.sign_in(OFFICER), new).words


def test_markup_in_a_name_is_a_name(browser):
    children = [{"forename": "<i>Mia</i>", "surname": "=1+1"}]
    (mia,) = browser.door.referrals(browser.door.log(children=children))
    record(browser.sign_in(OFFICER), mia)
    assert "<i>" not in browser.html
    assert "&lt;i&gt;Mia&lt;/i&gt; =1+1" in browser.html


def test_a_contact_shows_each_child_with_state_and_due_moments(either, siblings):
    either.door.decide(siblings[0])
    page = either.open(f"/contacts/{siblings[0].ref.rsplit('-', 1)[0]}")
    for words in ("Decided", "Received", "Met late, by 1 h", "Overdue by 1 h", "2A SCHOOLS", "Ada Ferreira"):
        assert words in page.words


def test_a_contact_in_danger_or_unsafe_says_so(browser):
    contact = browser.door.log("Mia", immediate_danger=True, unsafe_to_contact=True)
    page = browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}")
    assert "Immediate danger" in page.words
    assert "Unsafe to contact" in page.words
    assert "Not applicable: unsafe to contact" in page.words
