"""Change and Undo on the pages of a referral and its contact, and what they say when undoing is past."""

from __future__ import annotations

import pytest

from support import grace
from support.front_door import MANAGER, OFFICER


def decided(door, outcome="no-further-action"):
    grace.give(door)
    contact = door.log("Mia")
    door.hand_over_letters()
    return contact, door.decide(*door.referrals(contact), outcome=outcome)


def test_the_pages_of_a_referral_and_its_contact_offer_change_and_undo(either):
    contact, mia = decided(either.door)
    ways = {f"/referrals/{mia.ref}/correct", f"/referrals/{mia.ref}/undo"}
    either.sign_in(MANAGER)
    for path in (f"/referrals/{mia.ref}", f"/contacts/{contact.ref}"):
        page = either.open(path)
        assert ways <= set(page.links)
        assert "What this decision leads to waits until" in page.words


def test_a_decision_is_undone_with_a_reason_and_marked_in_the_record(either):
    _, mia = decided(either.door)
    page = either.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/undo", reason=grace.WRONG)
    assert either.path == f"/referrals/{mia.ref}"
    for words in ("The decision is undone", "Awaiting decision", "Undone", "counts in no figure", grace.WRONG):
        assert words in page.words
    assert f"/referrals/{mia.ref}/undo" not in page.links
    assert "Undone" in either.open(f"/children/{mia.person_id}/chronology").words


def test_where_the_family_is_decided_it_stands_as_decided_before_and_undone(browser):
    grace.give(browser.door)
    contact = browser.door.log("Mia", "Leo")
    mia, leo = browser.door.referrals(contact)
    browser.door.screen(leo)
    browser.door.decide(mia)
    grace.undo(browser.door, mia)
    page = browser.sign_in(MANAGER).open(f"/contacts/{contact.ref}/decide")
    assert "Decided before and undone: No further action" in page.words


def test_a_blank_reason_is_said_at_its_field(browser):
    _, mia = decided(browser.door)
    page = browser.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/undo", reason=" ")
    assert browser.status == 422
    assert "#reason" in page.links


def test_once_the_letter_has_gone_the_page_says_that_undoing_is_past_and_keeps_what_was_typed(browser):
    _, mia = decided(browser.door, "assessment")
    form = browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}/undo")
    grace.pass_by(browser.door, 10)
    browser.door.hand_over_letters()
    page = browser.send(form, f"/referrals/{mia.ref}/undo", reason=grace.WRONG)
    assert browser.status == 409
    assert "Undoing is past" in page.words
    assert page.form().values["reason"] == grace.WRONG
    page = browser.open(f"/referrals/{mia.ref}")
    assert "Undoing is past" in page.words
    assert f"/referrals/{mia.ref}/undo" not in page.links


def test_in_a_second_tab_the_decision_that_is_undone_already_is_not_undone_again(browser):
    _, mia = decided(browser.door)
    path = f"/referrals/{mia.ref}/undo"
    form = browser.sign_in(MANAGER).open(path)
    browser.fill(path, reason=grace.WRONG)
    page = browser.send(form, path, reason="The wrong child, says the second tab.")
    assert browser.status == 409
    assert "This referral has changed since you opened the page" in page.words
    assert "There is no decision that stands" in page.words
    assert "Undo decision" not in page.words
    assert len(grace.undone(browser.door, mia)) == 1


def test_a_second_click_undoes_nothing_more(browser):
    _, mia = decided(browser.door)
    path = f"/referrals/{mia.ref}/undo"
    form = browser.sign_in(MANAGER).open(path)
    for _ in range(2):
        browser.send(form, path, reason=grace.WRONG)
        assert browser.path == f"/referrals/{mia.ref}"
    assert len(grace.undone(browser.door, mia)) == 1


def test_whoever_may_not_decide_is_not_offered_it(browser):
    _, mia = decided(browser.door)
    page = browser.sign_in(OFFICER).open(f"/referrals/{mia.ref}")
    assert not {f"/referrals/{mia.ref}/undo", f"/referrals/{mia.ref}/correct"} & set(page.links)
    browser.open(f"/referrals/{mia.ref}/undo")
    assert browser.status == 403


def test_without_a_grace_nothing_is_offered_and_nothing_said(browser):
    door = browser.door
    mia = door.decide(*door.referrals(door.log("Mia")))
    page = browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}")
    assert f"/referrals/{mia.ref}/undo" not in page.links
    assert "Undoing is past" not in page.words


@pytest.mark.parametrize("path", ["/letters/{letter}", "/referrals/{ref}"])
def test_the_letter_says_until_when_it_waits(browser, path):
    contact, mia = decided(browser.door)
    letter = browser.door.letters(contact, "outcome")[0]
    page = browser.sign_in(MANAGER).open(path.format(letter=letter.id, ref=mia.ref))
    assert "when the grace of the decision is over" in page.words
