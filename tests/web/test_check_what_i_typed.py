"""The first button says what is wrong or what would follow, and records nothing: Enter presses it."""

from __future__ import annotations

import re

import pytest

from rules.vocabulary import Role
from support import hands, whole
from support.front_door import MANAGER, OFFICER, person_in

NEW = "/contacts/new"
TYPED = {
    "source_code": "2A",
    "concern_facts": "Two bruises",
    "children__0__forename": "Mia",
    "children__0__surname": "Harlow",
    "children__0__birth_date": "6 May 2004",
    "do": "check",
}
KEPT_ALL_THE_SAME = ("access", "access_child", "web_session", "draft")
CHECKED = "What you typed can be recorded. Nothing has been recorded yet."


def contents(desk):
    found = whole.contents(desk.door.database)
    return {table: some for table, some in found.items() if table not in KEPT_ALL_THE_SAME}


def buttons(html, action):
    """The submit buttons of the main form in their order, as (value, words)."""
    form = re.search(rf"<form[^>]*{action}.*?</form>", html, flags=re.DOTALL)[0]
    found = re.findall(r"<button type=\"submit\"([^>]*)>(.*?)</button>", form, flags=re.DOTALL)
    return [(re.search(r'value="([^"]*)"', marks) or [""])[0] for marks, _ in found], [words for _, words in found]


@pytest.fixture
def referral(either):
    (one,) = either.door.referrals(either.door.log("Mia"))
    return one


def test_it_is_the_first_button_of_log_screen_and_decide(either, referral):
    either.sign_in(MANAGER)
    for path, mark in ((NEW, "contact-form"), (f"/referrals/{referral.ref}/screen", "step-form")):
        either.open(path)
        assert buttons(either.html, mark)[1][0] == "Check what I typed"
    either.door.screen(referral)
    either.open(f"/referrals/{referral.ref}/decide")
    assert buttons(either.html, "step-form")[1][:2] == ["Check what I typed", "Record decision"]


def test_a_contact_is_checked_and_nothing_is_recorded(either):
    either.door.log("Mia")
    either.sign_in(OFFICER)
    before = contents(either)
    page = either.fill(NEW, **TYPED, children__1__forename="Noah")
    assert CHECKED in page.words
    assert "Child 2: a referral of its own" in page.words
    assert "Child 1: a referral of its own; decision due Fri 27 Mar 2009, 10:00; 1 record of" in page.words
    assert contents(either) == before
    assert page.form().values["concern_facts"] == "Two bruises"
    either.send(page, NEW, do="log")
    assert either.path.startswith("/contacts/PW-")


def test_what_is_wrong_with_a_contact_is_said(either):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | {"source_code": ""})
    assert (either.status, CHECKED in page.words) == (422, False)
    assert "#source_code" in page.links


def test_a_record_that_is_closed_to_the_reader_is_not_counted(either, referral):
    hands.restrict(either.door, referral, by=person_in(Role.SERVICE_MANAGER))
    page = either.sign_in(OFFICER).fill(NEW, **TYPED)
    assert CHECKED in page.words
    assert "to compare" not in page.words


def test_checks_are_checked_and_nothing_is_recorded(either, referral):
    path = f"/referrals/{referral.ref}/screen"
    page = either.sign_in(OFFICER).open(path)
    before = contents(either)
    typed = {"check.history.made": "yes", "check.history.found": "Nothing", "do": "check"}
    checked = either.post(path, **page.form().values | typed)
    assert CHECKED in checked.words
    assert "Still missing then:" in checked.words
    assert contents(either) == before
    wrong = either.post(path, **page.form().values | typed | {"check.history.found": ""})
    assert (either.status, "Say what the check" in wrong.words) == (422, True)


@pytest.mark.parametrize(("field", "most"), [("concern_facts", 100_000), ("referrer_name", 500)])
def test_a_paste_that_is_too_long_says_so_in_our_words_and_keeps_the_text(either, field, most):
    text = "word " * 25_000
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | {field: text})
    assert either.status == 422
    assert f"This has 124,999 characters, and {most:,} can be recorded. Nothing of it was cut." in page.words
    assert page.form().values[field] == text
