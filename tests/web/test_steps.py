"""Screening, deciding, allocating and closing on pages."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from storage.queries import referral_rows
from storage.tables import id_of
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, child_fields, person_in

CHECKS = {
    "check__history__made": "yes",
    "check__history__found": "Known to early help.",
    "check__siblings__made": "no",
    "check__siblings__not_made_because": "School closed",
    "check__already-open__made": "yes",
    "check__already-open__found": "No.",
}
DECISION = {"outcome": "assessment", "level_of_need": "3", "primary_need": "N1", "reasons": "Neglect.\n\nSeen twice."}
TALK = {"discussed_at": "26 3 2009", "discussed_at_time": "09:30", "discussed_by": "Tara", "agreed": "Visit tomorrow."}


@pytest.fixture
def mia(either):
    (referral,) = either.door.referrals(either.door.log("Mia"))
    return referral


def step(desk, actor, referral, name, **typed):
    return desk.sign_in(actor).fill(f"/referrals/{referral.ref}/{name}", **typed)


def test_a_child_goes_from_screening_to_a_worker_on_the_pages(either, mia):
    worker = either.door.add_worker()
    assert "Awaiting decision" in step(either, OFFICER, mia, "screen", **CHECKS).words
    assert "Awaiting allocation" in step(either, MANAGER, mia, "decide", **DECISION).words
    page = step(either, TEAM_MANAGER, mia, "allocate", worker_id=str(worker.id), **TALK)
    assert either.path == f"/referrals/{mia.ref}"
    assert "Allocated" in page.words
    assert "Discussed Thu 26 Mar 2009, 09:30 by Tara" in page.words


def test_a_check_without_a_finding_is_asked_for_at_its_field(either, mia):
    typed = {"check__history__made": "yes", "check__siblings__made": "no", "check__housing__made": "yes"}
    page = step(either, OFFICER, mia, "screen", **typed)
    assert either.status == 422
    for place in ("check.history.found", "check.siblings.not_made_because", "check.housing.found"):
        assert f"#{place}" in page.links
        assert place in page.ids


def test_screening_can_be_done_in_parts(either, mia):
    page = step(either, OFFICER, mia, "screen", **{name: CHECKS[name] for name in list(CHECKS)[:2]})
    assert "Screening" in page.words
    assert "Known to early help." in page.words
    assert "Missing Siblings" in page.words


def test_nothing_filled_in_is_said(either, mia):
    assert "No check was filled in" in step(either, OFFICER, mia, "screen").words


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("outcome", "Choose an outcome"),
        ("level_of_need", "Choose a level of need"),
        ("primary_need", "Choose a primary need"),
        ("reasons", "Give the reasons"),
    ],
)
def test_a_decision_needs_each_of_its_parts(browser, missing, words):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.screen(mia)
    page = step(browser, MANAGER, mia, "decide", **DECISION | {missing: "  "})
    assert browser.status == 409
    assert words in page.words
    assert f"#{missing}" in page.links
    if missing != "reasons":
        assert page.form().values["reasons"] == DECISION["reasons"]


def test_an_unscreened_child_can_not_be_decided_and_the_page_says_what_is_missing(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    page = step(browser, MANAGER, mia, "decide", **DECISION)
    assert browser.status == 409
    assert "Record these checks first" in page.words
    assert "Whether a worker is already allocated to this child" in page.words


def test_somebody_elses_change_is_told_and_nothing_typed_is_lost(either, mia):
    either.door.screen(mia)
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    either.door.decide(mia, by=person_in(Role.SERVICE_MANAGER), reasons="I was quicker.")
    page = either.send(page, f"/referrals/{mia.ref}/decide", **DECISION)
    assert either.status == 409
    assert "has changed since you opened the page" in page.words
    assert "Service Manager: Decided: No further action" in page.words
    assert page.form().values["reasons"] == DECISION["reasons"]
    assert page.form().values["version"] == str(either.door.fresh(mia).version)


def test_a_form_without_a_version_is_out_of_date(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.screen(mia)
    assert "has changed" in step(browser, MANAGER, mia, "decide", **DECISION, version="").words


def test_a_second_click_decides_once(either, mia):
    either.door.screen(mia)
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    for _ in range(2):
        either.send(page, f"/referrals/{mia.ref}/decide", **DECISION)
        assert either.path == f"/referrals/{mia.ref}"
    with either.door.database.read() as session:
        assert len(referral_rows.decisions(session, id_of(mia))) == 1


def test_the_child_over_the_limit_is_refused_until_a_manager_says_why(either, mia):
    either.door.decide(mia, "assessment")
    worker = either.door.add_worker(full_time_equivalent=0.05)
    for other in either.door.referrals(either.door.log("Noah")):
        either.door.decide(other, "assessment")
        either.door.allocate(other, worker)
    page = step(either, TEAM_MANAGER, mia, "allocate", worker_id=str(worker.id), **TALK)
    assert either.status == 409
    assert "would hold 2 open children; the limit is 1" in page.words
    assert "override_reason" in page.form().values
    page = either.send(page, f"/referrals/{mia.ref}/allocate", override_reason="Nobody else until Monday.")
    assert "Over the caseload limit" in page.words
    assert "Caseload over the limit" in either.open("/alerts").words


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"worker_id": ""}, "worker_id"),
        ({"discussed_at": "someday"}, "discussed_at"),
        ({"discussed_at_time": "teatime"}, "discussed_at_time"),
        ({"discussed_at": "27 3 2009"}, "discussed_at"),
    ],
)
def test_an_odd_allocation_is_said_at_its_field(browser, changes, place):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.decide(mia, "assessment")
    worker = browser.door.add_worker()
    page = step(browser, TEAM_MANAGER, mia, "allocate", **{"worker_id": str(worker.id)} | TALK | changes)
    assert browser.status == 422
    assert f"#{place}" in page.links


def test_a_child_is_not_allocated_before_it_was_talked_over(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.decide(mia, "assessment")
    worker = browser.door.add_worker()
    page = step(browser, TEAM_MANAGER, mia, "allocate", worker_id=str(worker.id), discussed_at="")
    assert "Record the discussion with the worker first" in page.words


def test_a_referral_is_not_closed_while_feedback_is_owed_and_then_is(either, mia):
    either.door.allocate(either.door.decide(mia, "assessment"), either.door.add_worker())
    page = step(either, MANAGER, mia, "close", code="RC7", reason="Nothing more to do.")
    assert "feedback to the referrer is still owed" in page.words
    assert (page.form().values["reason"], page.form().values["code"]) == ("Nothing more to do.", "RC7")
    either.door.hand_over_letters()
    page = either.send(page, f"/referrals/{mia.ref}/close", version=str(either.door.fresh(mia).version))
    assert "Referral closed" in page.words


@pytest.fixture
def told(browser):
    """A child with a worker, whose referrer has been told."""
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.allocate(browser.door.decide(mia, "assessment"), browser.door.add_worker())
    browser.door.hand_over_letters()
    return mia


def test_the_departments_reason_stands_before_the_managers_own(browser, told):
    browser.door.record(told, "initial assessment authorised")
    page = step(browser, MANAGER, told, "close", code="RC8", reason="Seen and safe.")
    assert "RC8 Case closed after assessment, no further action: Seen and safe." in page.words


@pytest.mark.parametrize(("code", "why"), [("", "Choose the department"), ("RC9", "none is recorded")])
def test_a_reason_that_does_not_fit_is_said_at_its_field(browser, told, code, why):
    page = step(browser, MANAGER, told, "close", code=code, reason="Seen and safe.")
    assert why in page.words
    assert "#code" in page.links
    assert page.form().values["reason"] == "Seen and safe."


def test_the_page_says_that_it_closed_by_itself_and_why(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.decide(mia)
    browser.door.hand_over_letters()
    words = browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}").words
    assert "Decided as no further action, the referrer has been told, and nothing else is owed." in words
    assert "Pathway" in words


def test_before_deciding_one_reads_history_siblings_and_the_concern(either):
    door = either.door
    (old,) = door.referrals(door.log("Mia", received="2009-01-20 10:00", concern_facts="The old concern."))
    door.decide(old, reasons="Mother will ask her sister.")
    mia, _ = door.referrals(door.log("Mia", "Noah", concern_facts="No food at home."))
    door.screen(mia)
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    for words in ("No food at home.", "Mother will ask her sister.", old.ref, "Noah Harlow", "Nothing known."):
        assert words in page.words


@pytest.fixture
def alike(either):
    either.door.log(children=[child_fields("Mia", "Harlow")])
    (mya,) = either.door.referrals(either.door.log(children=[child_fields("Mya", "Harlow")]))
    either.door.screen(mya)
    return mya


def test_the_decision_page_asks_about_a_possible_match_at_its_field(either, alike):
    page = step(either, MANAGER, alike, "decide", **DECISION)
    assert (either.status, "Is this Mia Harlow?: Say of each possible match" in page.words) == (409, True)
    number = min((name for name in page.ids if name.startswith("match-")), key=len)
    page = step(either, MANAGER, alike, "decide", **DECISION | {number: "same"})
    assert "How you know, or why it can’t be told yet: This is needed" in page.words
    note = {number: "same", number.replace("match-", "match_note-"): "The school says so."}
    assert "Awaiting allocation" in step(either, MANAGER, alike, "decide", **DECISION | note).words
    assert "is the same child as child" in either.open(f"/referrals/{alike.ref}").words


def test_what_is_on_record_of_a_possible_match_stands_beside_screening_and_decision(either, alike):
    for name in ("screen", "decide"):
        page = either.sign_in(MANAGER).open(f"/referrals/{alike.ref}/{name}")
        assert either.status == 409 or "Perhaps the same child: Mia Harlow, born 6 May 2004" in page.words
