"""Handing a child over, and telling whoever has the child already, on pages."""

from __future__ import annotations

import pytest

from rules.vocabulary import Role
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, person_in
from support.referring_onward import HUB, SOCIAL_WORKER, answer, refer_onward, worker_who_signs_in

DECISION = {"level_of_need": "2", "reasons": "The school can lead."}
EARLY_HELP = DECISION | {"outcome": "early-help", "receiver-early-help": "Early help hub"}
ANSWER = {"answered_at": "26 3 2009", "answered_at_time": "10:00", "note": "Ms Cole has it."}


@pytest.fixture
def mia(either):
    (referral,) = either.door.referrals(either.door.log("Mia"))
    either.door.screen(referral)
    return referral


def step(desk, actor, referral, name, **typed):
    return desk.sign_in(actor).fill(f"/referrals/{referral.ref}/{name}", **typed)


def test_a_child_is_handed_over_and_stays_on_the_list_until_the_receiver_accepts(either, mia):
    page = step(either, MANAGER, mia, "decide", **EARLY_HELP, **{"receiver_email-early-help": HUB["receiver_email"]})
    assert "Referred onward to Early help hub, hub@earlyhelp.example.org." in page.words
    page = either.open("/onward")
    assert f"/referrals/{mia.ref}/receiver" in page.links
    assert "Mon 30 Mar 2009, 17:00" in page.words
    page = step(either, OFFICER, mia, "receiver", answer="accepted", **ANSWER)
    assert "the receiver has taken the child on" in page.words
    assert "Ms Cole has it." in page.words
    assert "No receiver owes an answer." in either.open("/onward").words


def test_a_refusal_shows_its_reason_to_the_manager_who_decides_again(either, mia):
    refer_onward(either.door, mia)
    page = step(either, OFFICER, mia, "receiver", answer="refused", **ANSWER | {"note": "Not in our area."})
    assert "Awaiting decision" in page.words
    assert "Refused" in page.words
    assert "Not in our area." in page.words


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ({"note": "x"}, "answer"),
        ({"answer": "refused", "note": ""}, "note"),
        ({"answer": "accepted", "answered_at": "someday"}, "answered_at"),
        ({"answer": "accepted", "answered_at": "25 3 2009"}, "answered_at"),
    ],
)
def test_an_odd_answer_is_said_at_its_field(browser, typed, place):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    refer_onward(browser.door, mia)
    page = step(browser, OFFICER, mia, "receiver", **typed)
    assert browser.status == 422
    assert f"#{place}" in page.links
    assert page.form().values["note"].strip() == typed.get("note", "").strip()


def test_who_is_not_named_is_asked_for_below_the_outcome(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.screen(mia)
    for outcome, place in (("early-help", "receiver-early-help"), ("already-open", "worker_id-already-open")):
        page = step(browser, MANAGER, mia, "decide", **DECISION, outcome=outcome)
        assert browser.status == 409
        assert f"#{place}" in page.links


def test_an_address_that_can_not_be_used_is_said_below_the_outcome(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    browser.door.screen(mia)
    page = step(browser, MANAGER, mia, "decide", **EARLY_HELP, **{"receiver_email-early-help": "hub at example"})
    assert browser.status == 422
    assert "#receiver_email-early-help" in page.links
    assert page.form().values["receiver-early-help"] == "Early help hub"


def test_what_was_typed_below_another_outcome_does_not_count(either, mia):
    page = step(either, MANAGER, mia, "decide", **EARLY_HELP | {"outcome": "no-further-action"})
    assert "Referred onward to" not in page.words
    assert "No receiver owes an answer." in either.open("/onward").words


def test_the_worker_who_holds_the_child_is_chosen_beforehand(either, mia):
    worker = worker_who_signs_in(either.door)
    (earlier,) = either.door.referrals(either.door.log("Mia", received="2009-03-26 08:00"))
    either.door.decide(earlier, "assessment")
    either.door.allocate(earlier, worker)
    page = either.sign_in(MANAGER).open(f"/referrals/{mia.ref}/decide")
    assert page.form().values["worker_id-already-open"] == str(worker.id)
    page = step(either, MANAGER, mia, "decide", **DECISION, outcome="already-open")
    assert "Passed to the worker who has the child already: Sam Okoro." in page.words


def test_the_worker_and_the_manager_each_say_that_they_have_read_it(either, mia):
    worker = worker_who_signs_in(either.door)
    either.door.decide(mia, "already-open", worker_id=worker.id)
    for actor in (SOCIAL_WORKER, TEAM_MANAGER):
        page = either.sign_in(actor).open("/alerts")
        assert page.words.count("I have read it") == 1
        page = either.send(page, "/alerts", note="Read; visit today.")
        assert either.status == 200
    assert "No alert is open" in either.open("/alerts").words


@pytest.mark.parametrize("by", [OFFICER, MANAGER, person_in(Role.SERVICE_MANAGER)])
def test_nobody_is_offered_to_acknowledge_what_is_not_theirs(either, mia, by):
    worker = worker_who_signs_in(either.door)
    either.door.decide(mia, "already-open", worker_id=worker.id)
    page = either.sign_in(by).open("/alerts")
    assert "I have read it" not in page.words
    assert ("Acknowledge those chosen" in page.words) is (Role.SERVICE_MANAGER in by.roles)


def test_without_an_address_the_list_says_to_send_it_oneself(either, mia):
    refer_onward(either.door, mia, receiver_email="")
    assert "Send it yourself" in either.sign_in(MANAGER).open("/onward").words


def test_an_answer_that_nobody_owes_has_no_form(either, mia):
    either.sign_in(OFFICER)
    assert "No receiver owes an answer about this child." in either.open(f"/referrals/{mia.ref}/receiver").words
    answer(either.door, refer_onward(either.door, mia), "accepted")
    page = either.post(f"/referrals/{mia.ref}/receiver", answer="accepted", version="4", **ANSWER)
    assert either.status == 409
    assert "changed" in page.words or "on record already" in page.words
