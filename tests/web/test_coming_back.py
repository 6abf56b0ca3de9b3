"""A letter that came back and a referral taken up again, on pages."""

from __future__ import annotations

import pytest

from support.front_door import MANAGER, OFFICER

BACK = {"how": "bounced", "returned_at": "26 3 2009", "returned_at_time": "10:00"}


def told(door):
    contact = door.log("Mia")
    (mia,) = door.referrals(contact)
    door.decide(mia)
    door.hand_over_letters()
    return mia, door.letters(contact, "outcome")[0]


def test_a_letter_is_recorded_as_returned_and_then_as_posted(either):
    mia, letter = told(either.door)
    page = either.sign_in(OFFICER).fill(f"/letters/{letter.id}", **BACK)
    assert "the letter came back, and the duty is owed again" in page.words
    assert "Came back: bounced" in page.words
    assert "Written feedback within 48 hours (round 2)" in either.open(f"/referrals/{mia.ref}").words
    assert f"/letters/{letter.id}" in either.open("/letters?owed=1").links
    page = either.fill(f"/letters/{letter.id}", handed_over_at="26 3 2009", handed_over_at_time="10:00")
    assert "Posted" in page.words


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"how": ""}, "how"), ({"returned_at": "x"}, "returned_at"), ({"returned_at": "27 3 2009"}, "returned_at")],
)
def test_an_odd_return_is_said_at_its_field(browser, changes, place):
    _, letter = told(browser.door)
    page = browser.sign_in(OFFICER).fill(f"/letters/{letter.id}", **BACK | changes)
    assert browser.status == 422
    assert f"#{place}" in page.links


def test_a_closed_referral_is_reopened_with_a_reason(either):
    mia, _ = told(either.door)
    either.door.close(mia)
    page = either.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/reopen", reason="Rang again.", tell_again="yes")
    assert either.path == f"/referrals/{mia.ref}"
    for words in ("Referral reopened", "Awaiting decision", "Reopened: Rang again.", "(round 2)"):
        assert words in page.words


@pytest.mark.parametrize(("missing", "status"), [("reason", 422), ("tell_again", 422)])
def test_what_is_missing_is_said_at_its_field(browser, missing, status):
    mia, _ = told(browser.door)
    browser.door.close(mia)
    typed = {"reason": "Rang again.", "tell_again": "no"} | {missing: ""}
    page = browser.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/reopen", **typed)
    assert browser.status == status
    assert f"#{missing}" in page.links


def test_an_open_referral_is_not_reopened(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    page = browser.sign_in(MANAGER).fill(f"/referrals/{mia.ref}/reopen", reason="Rang again.", tell_again="no")
    assert browser.status == 409
    assert "is for one that is closed" in page.words
