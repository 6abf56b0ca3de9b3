"""A manager sees the letter before anything is decided, with real data, and nothing is kept of it."""

from __future__ import annotations

import pytest

from pathway.engine.children import restricting
from rules.vocabulary import Role
from support import whole
from support.front_door import MANAGER, OFFICER, person_in
from support.letter_forms import TO_PARENTS

PREVIEW = {"do": "preview"}
DECISION = {"outcome": "assessment", "level_of_need": "3", "primary_need": "N1", "reasons": "Bruises were seen."}
CORRECTION = DECISION | {"correction_reason": "The wrong box was ticked."}
ASKED = {"things": "Where the child is now\nThe name of the doctor"}
PARENTS = {name: value for name, value in TO_PARENTS.items() if name != "no_risk"} | {"no_risk": "yes"}
PREVIEWED = "Nothing has been recorded and nothing is sent"
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


def ready(door, *names, **more):
    """Children who wait for a decision."""
    return [door.screen(child) for child in door.referrals(door.log(*names or ("Mia",), **more))]


def previewed(desk, referral, path="decide", **changes):
    return desk.sign_in(MANAGER).fill(f"/referrals/{referral.ref}/{path}", **DECISION | PREVIEW | changes)


def shown(page):
    """The words of the letter on a page that shows one."""
    return " ".join(page.words.split())


def test_the_letter_is_shown_with_to_whom_and_how_it_goes(either):
    page = previewed(either, *ready(either.door))
    assert either.status == 200
    assert PREVIEWED in shown(page)
    assert "Outcome to Ada Ferreira, by e-mail to ada@school.example.org" in shown(page)
    for words in ("Dear Ada Ferreira", "Decision: Assessment by a social worker", "ask for Duty Manager"):
        assert words in shown(page)


def test_what_was_typed_is_kept_and_can_be_recorded(browser):
    (referral,) = ready(browser.door)
    page = previewed(browser, referral)
    typed = page.form().values
    assert {name: typed[name] for name in DECISION} == DECISION
    browser.post(f"/referrals/{referral.ref}/decide", **typed)
    assert browser.door.fresh(referral).outcome == "assessment"


def test_a_preview_says_what_the_letter_then_says(either):
    contact = either.door.log("Mia")
    (referral,) = map(either.door.screen, either.door.referrals(contact))
    page = previewed(either, referral)
    either.fill(f"/referrals/{referral.ref}/decide", **DECISION)
    (letter,) = either.door.letters(contact, "outcome")
    assert " ".join(letter.text.split()) in shown(page)


@pytest.mark.parametrize(
    ("path", "typed", "before"),
    [
        ("/referrals/{ref}/decide", DECISION, "screened"),
        ("/referrals/{ref}/correct", CORRECTION, "told"),
        ("/referrals/{ref}/parents", PARENTS, "screened"),
        ("/contacts/{contact}/ask", ASKED, "screened"),
    ],
)
def test_no_row_is_written(either, path, typed, before):
    door = either.door
    (referral,) = ready(door)
    if before == "told":
        door.decide(referral, "assessment")
        door.hand_over_letters()
    address = path.format(ref=referral.ref, contact=referral.ref.rpartition("-")[0])
    form = either.sign_in(MANAGER).open(address).form()
    kept = contents(door)
    page = either.post(address, **{**form.values, **typed, **PREVIEW})
    assert PREVIEWED in shown(page)
    assert contents(door) == kept


SEEN = ("access", "access_child", "web_session")


def contents(door):
    """Everything but who looked at what, when they were last seen, and what is kept of what they typed."""
    found = whole.contents(door.database)
    return {table: rows for table, rows in found.items() if table not in (*SEEN, "draft")}


def test_what_is_wrong_is_said_as_if_it_were_recorded(browser):
    (referral,) = ready(browser.door)
    page = previewed(browser, referral, reasons="")
    assert browser.status == 409
    assert "#reasons" in page.links
    assert PREVIEWED not in shown(page)


def test_brothers_and_sisters_that_are_awaited_are_named_and_the_part_is_shown(either):
    mia, leo = ready(either.door, "Mia", "Leo")
    page = previewed(either, mia)
    assert "It does not go yet. Still to be decided:" in shown(page)
    assert f"/referrals/{leo.ref}" in page.links
    assert "We have not yet decided for 1 other child." in shown(page)
    assert "Bruises were seen." in shown(page)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"source_code": "1A"}, "A member of the public gets one letter, when every child has been decided."),
        ({"source_code": "9"}, "Nothing is written to an anonymous referrer"),
        ({"unsafe_to_contact": True}, "It is unsafe to write to this referrer"),
    ],
)
def test_where_no_letter_goes_it_is_said_why(browser, more, words):
    mia, _ = ready(browser.door, "Mia", "Leo", **more)
    page = previewed(browser, mia)
    assert words in shown(page)
    assert "Dear" not in shown(page)


def test_a_member_of_the_public_is_told_no_outcome(browser):
    page = previewed(browser, *ready(browser.door, source_code="1A"))
    letter = shown(page).partition("Preview of the letter")[2].partition("Yours sincerely")[0]
    assert "We have carefully considered what you told us." in letter
    assert "Assessment" not in letter
    assert "Bruises" not in letter


def test_a_letter_without_an_address_is_said_to_have_none(browser):
    page = previewed(browser, *ready(browser.door, referrer_email="", referrer_address=""))
    assert "by post: no address is known" in shown(page)


def test_a_corrected_decision_shows_the_letter_that_corrects(either):
    (referral,) = ready(either.door)
    either.door.decide(referral, "assessment")
    either.door.hand_over_letters()
    page = previewed(either, referral, "correct", **CORRECTION | {"outcome": "no-further-action"})
    assert "Corrected outcome to Ada Ferreira" in shown(page)
    assert "Please read this letter in place of what we told you before" in shown(page)
    assert either.door.fresh(referral).outcome == "assessment"


def test_a_letter_that_names_a_child_of_a_restricted_record_is_not_shown(either):
    door = either.door
    mia, leo = ready(door, "Mia", "Leo")
    door.decide(leo, reasons="Leo is well.")
    with door.acting(SERVICE_MANAGER) as act:
        data = restricting.RestrictionInput(reason="Own family.", usernames=())
        restricting.restrict(act, leo.person_id, data)
    page = previewed(either, mia)
    assert "whose record is restricted" in shown(page)
    assert "Leo is well." not in shown(page)
    assert "Dear" not in shown(page)


@pytest.mark.parametrize("actor", [OFFICER, MANAGER])
def test_a_protected_referrer_shows_in_no_preview_to_whoever_may_not_see_them(browser, actor):
    contact = browser.door.log("Mia", identity_protected=True)
    page = browser.sign_in(actor).fill(f"/contacts/{contact.ref}/ask", **ASKED | PREVIEW)
    assert PREVIEWED in shown(page)
    assert ("Ada" in browser.html) is (actor is MANAGER)
    assert ("identity is protected" in shown(page).replace("’s", "")) is (actor is OFFICER)


def test_everything_that_a_letter_to_parents_lacks_is_said_at_once_and_what_was_typed_is_kept(browser):
    (referral,) = ready(browser.door)
    typed = PARENTS | {"next_steps": "", "no_risk": "", "name": "Petra"}
    page = browser.sign_in(MANAGER).fill(f"/referrals/{referral.ref}/parents", **typed)
    assert browser.status == 422
    assert {"#next_steps", "#no_risk"} <= set(page.links)
    assert page.form().values["name"] == "Petra"


def test_a_letter_to_a_parent_is_written_on_the_page(either):
    (referral,) = ready(either.door)
    page = either.sign_in(MANAGER).fill(f"/referrals/{referral.ref}/parents", **PARENTS)
    assert either.path == f"/referrals/{referral.ref}"
    assert "Parents to Petra Parent" in page.words


def test_a_referrer_is_asked_on_the_page(either):
    contact = either.door.log("Mia")
    page = either.sign_in(OFFICER).fill(f"/contacts/{contact.ref}/ask", **ASKED)
    assert either.path == f"/contacts/{contact.ref}"
    assert "Missing information to Ada Ferreira" in page.words
    assert f"/contacts/{contact.ref}/ask" in page.links


def test_nothing_is_asked_for_is_said_at_the_field(browser):
    contact = browser.door.log("Mia")
    page = browser.sign_in(OFFICER).fill(f"/contacts/{contact.ref}/ask", things=" ")
    assert browser.status == 422
    assert "#things" in page.links


def test_who_can_t_be_asked_is_said(browser):
    contact = browser.door.log("Mia", source_code="9")
    assert "the referrer is anonymous" in browser.sign_in(OFFICER).open(f"/contacts/{contact.ref}/ask").words
