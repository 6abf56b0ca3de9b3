"""Setting aside, restoring, correcting and looking a second time, on pages."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support import matching, second_thoughts
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, child_fields, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
TWICE = {"mark": "logged twice", "reason": "Two of us took the call."}
CORRECTED = {
    "correction_reason": "The wrong box was ticked.",
    "outcome": "assessment",
    "level_of_need": "3",
    "primary_need": "N1",
    "reasons": "Bruises were seen.",
}


def one(door, **more):
    return door.referrals(door.log("Mia", **more))[0]


def third(door):
    """Decided by the duty manager; the third contact in twelve months."""
    one(door, received="2008-06-01 09:00", concern_facts="Hungry at school.")
    one(door, received="2008-12-01 09:00")
    return door.decide(one(door))


def test_what_was_logged_twice_is_set_aside_and_shows_the_right_one(either):
    right, wrong = one(either.door), one(either.door)
    page = either.sign_in(MANAGER).fill(f"/referrals/{wrong.ref}/set-aside", right_ref=right.ref.lower(), **TWICE)
    assert either.path == f"/referrals/{wrong.ref}"
    for words in ("counts in no figure", "Two of us took the call.", f"the right one is {right.ref}"):
        assert words in page.words
    assert f"/referrals/{right.ref}" in page.links
    assert wrong.ref not in either.open("/referrals").words
    assert wrong.ref in either.open("/referrals?state=set+aside").words


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"mark": ""}, "mark"), ({"reason": ""}, "reason"), ({"right_ref": ""}, "right_ref")],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_is_kept(browser, changes, place):
    right, wrong = one(browser.door), one(browser.door)
    typed = TWICE | {"right_ref": right.ref} | changes
    page = browser.sign_in(MANAGER).fill(f"/referrals/{wrong.ref}/set-aside", **typed)
    assert browser.status == 422
    assert f"#{place}" in page.links
    assert page.form().values["reason"] == typed["reason"]


def test_a_whole_contact_is_set_aside_in_one_form(either):
    contact = either.door.log("Mia", "Leo")
    path = f"/contacts/{contact.ref}/set-aside"
    assert path in either.sign_in(MANAGER).open(f"/contacts/{contact.ref}").links
    page = either.fill(path, mark="logged in error", reason="A test entry.")
    assert either.path == f"/contacts/{contact.ref}"
    assert page.words.count("Set aside") >= 2
    assert path not in page.links
    either.fill(path, mark="logged in error", reason="Again.")
    assert either.status == 409


def test_it_is_restored_with_a_reason(either):
    mia = second_thoughts.set_aside(either.door, one(either.door))
    path = f"/referrals/{mia.ref}/restore"
    assert path in either.sign_in(MANAGER).open(f"/referrals/{mia.ref}").links
    assert "#reason" in either.fill(path, reason="").links
    assert "Restored: It was right." in either.fill(path, reason="It was right.").words


def test_a_decision_is_corrected_and_both_stand(either):
    door = either.door
    mia = door.decide(one(door), reasons="Nothing to see.")
    page = either.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/correct", **CORRECTED)
    assert either.path == f"/referrals/{mia.ref}"
    for words in ("Nothing to see.", "Bruises were seen.", "Corrects the one before", "The wrong box was ticked."):
        assert words in page.words
    assert "Awaiting allocation" in page.words


@pytest.mark.parametrize("missing", ["correction_reason", "reasons", "outcome"])
def test_a_correction_without_its_reason_is_said_at_its_field(browser, missing):
    mia = browser.door.decide(one(browser.door))
    page = browser.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/correct", **CORRECTED | {missing: ""})
    assert browser.status == 409
    assert f"#{missing}" in page.links


def test_a_closed_referral_shows_the_way_to_its_correction(browser):
    mia = browser.door.decide(one(browser.door))
    browser.door.hand_over_letters()
    browser.door.close(mia)
    page = browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}/correct")
    assert f"/referrals/{mia.ref}/reopen" in page.links
    browser.send(page, f"/referrals/{mia.ref}/correct", **CORRECTED)
    assert browser.status == 409


def test_the_seldom_steps_are_offered_to_those_who_may_and_to_nobody_else(browser):
    mia = browser.door.decide(one(browser.door))
    steps = {f"/referrals/{mia.ref}/correct", f"/referrals/{mia.ref}/set-aside"}
    assert steps <= set(browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}").links)
    page = browser.sign_in(OFFICER).open(f"/referrals/{mia.ref}")
    assert not steps & set(page.links)
    assert "Set aside" not in page.words


def test_a_re_referral_is_marked_on_its_page_and_on_the_list(either):
    first = one(either.door, received="2009-01-20 10:00")
    second = one(either.door)
    page = either.sign_in(MANAGER).open(f"/referrals/{second.ref}/decide")
    assert f"Re-referral: the last one was {first.ref}" in page.words
    assert "contact 2 about this child in twelve months" in page.words
    assert either.open("/referrals").words.count("Re-referral") == 1


def test_before_deciding_one_reads_every_earlier_decision_also_the_wrong_one(either):
    door = either.door
    old = door.decide(one(door, received="2009-01-20 10:00"), reasons="Nothing to see.")
    second_thoughts.correct(door, old, "information-and-advice", reasons="The aunt will help.")
    mia = one(door)
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    for words in ("Nothing to see.", "(corrected or decided anew since)", "The aunt will help.", "No further action"):
        assert words in page.words


def test_a_second_look_is_listed_and_given_by_another_manager(either):
    mia = third(either.door)
    assert f"/referrals/{mia.ref}/second-look" in either.sign_in(SERVICE_MANAGER).open("/second-looks").links
    page = either.fill(f"/referrals/{mia.ref}/second-look", agrees="yes", note="So would I.")
    assert "Second look: agrees" in page.words
    assert "Nothing waits for a second look" in either.open("/second-looks").words


def test_one_who_does_not_agree_is_led_to_the_correction(either):
    mia = third(either.door)
    either.sign_in(SERVICE_MANAGER).fill(f"/referrals/{mia.ref}/second-look", agrees="no", note="Three schools.")
    assert either.path == f"/referrals/{mia.ref}/correct"
    page = either.open("/second-looks")
    assert "Not agreed with, to be decided anew" in page.words
    assert f"/referrals/{mia.ref}/correct" in page.links


def test_a_team_manager_who_does_not_agree_leaves_it_to_those_who_may_correct(browser):
    mia = third(browser.door)
    page = browser.sign_in(TEAM_MANAGER).fill(f"/referrals/{mia.ref}/second-look", agrees="no", note="Three schools.")
    assert browser.path == f"/referrals/{mia.ref}"
    assert "the decision is to be made anew" in page.words


def test_whoever_decided_is_told_that_another_one_looks(browser):
    mia = third(browser.door)
    page = browser.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/second-look", agrees="yes", note="Fine.")
    assert browser.status == 409
    assert "Another manager" in page.words
    page = browser.sign_in(SERVICE_MANAGER).fill(f"/referrals/{mia.ref}/second-look", agrees="", note="")
    assert "#agrees" in page.links


def test_the_chronology_tells_all_referrals_in_order(either):
    mia = third(either.door)
    page = either.sign_in(MANAGER).open(f"/children/{mia.person_id}/chronology")
    told = [
        page.words.index(words) for words in ("Hungry at school.", "Decision: No further action", "Second look asked")
    ]
    assert told == sorted(told)
    assert f"/children/{mia.person_id}/chronology" in either.open(f"/referrals/{mia.ref}").links
    assert page.words.count("From : Ada Ferreira") + page.words.count("From: Ada Ferreira") == 3


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("kind=decisions", "Decision:", "Check:"),
        ("kind=checks", "Check:", "Decision:"),
        ("significant=yes", "Decision:", "Check:"),
    ],
)
def test_the_chronology_is_filtered_by_kind_and_significance(browser, query, there, gone):
    mia = third(browser.door)
    page = browser.sign_in(MANAGER).open(f"/children/{mia.person_id}/chronology?{query}")
    assert (there in page.words, gone in page.words) == (True, False)


def test_an_empty_chronology_says_so_and_an_unknown_child_is_not_found(browser):
    mia = one(browser.door)
    assert (
        "Nothing of this kind"
        in browser.sign_in(MANAGER).open(f"/children/{mia.person_id}/chronology?kind=letters&significant=yes").words
    )
    browser.open("/children/4711/chronology")
    assert browser.status == 404


def test_every_referral_of_the_child_stands_in_the_access_log(either):
    first, second = one(either.door, received="2009-01-20 10:00"), one(either.door)
    either.sign_in(MANAGER).open(f"/children/{first.person_id}/chronology")
    log = either.sign_in(person_in(Role.AUDITOR)).open("/access-log?q=duty.manager")
    assert log.words.count("Chronology") == 2
    assert first.ref in log.words
    assert second.ref in log.words


def test_no_referrer_is_named_whose_identity_is_not_to_be_shared(browser):
    mia = one(browser.door, identity_protected=True, source_code="2A")
    page = browser.sign_in(SERVICE_MANAGER).open(f"/children/{mia.person_id}/chronology")
    assert "Ada Ferreira" not in page.words
    assert "Park Lane School" not in page.words


def test_members_of_the_public_are_not_named_on_what_a_family_could_be_given(browser):
    mia = one(browser.door, source_code="1C", referrer_agency="")
    page = browser.sign_in(SERVICE_MANAGER).open(f"/children/{mia.person_id}/chronology")
    assert "A member of the public" in page.words
    assert "Ada Ferreira" not in page.words


def test_a_child_who_was_merged_leads_to_the_chronology_of_the_one_kept(browser):
    kept = one(browser.door, concern_facts="Hungry at school.")
    (merged,) = browser.door.referrals(browser.door.log(children=[child_fields("Mya", birth_date="2004-06-05")]))
    number = merged.person_id
    matching.merge(browser.door, kept, merged)
    page = browser.sign_in(MANAGER).open(f"/children/{number}/chronology")
    assert browser.path == f"/children/{kept.person_id}/chronology"
    assert "2 referrals" in page.words
