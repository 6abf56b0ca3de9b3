"""The screening list: immediate danger, then what is due soonest."""

from __future__ import annotations

import re
from urllib.parse import quote_plus

import pytest

from rules.vocabulary import Role
from support import referring_onward
from support.front_door import MANAGER, OFFICER, child_fields, person_in


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def shown(page):
    return re.findall(r"\b(Amy|Ben|Cal|Dee)\b", page.words)


@pytest.fixture
def four(desk):
    door = desk.door
    (ben,) = door.referrals(door.log("Ben", received="2009-03-25 12:00"))
    door.log("Cal", received="2009-03-25 09:00")
    (dee,) = door.referrals(door.log("Dee", received="2009-03-24 09:00"))
    door.log("Amy", received="2009-03-26 09:30", immediate_danger=True, source_code="6", referrer_agency="Met Police")
    door.decide(dee, "early-help")
    door.hand_over_letters()
    return {"ben": ben, "dee": dee}


def test_immediate_danger_is_above_all_then_the_soonest_due(desk, four):
    assert shown(desk.open("/referrals")) == ["Amy", "Cal", "Ben", "Dee"]


def test_time_is_told_in_words(desk, four):
    page = desk.open("/referrals")
    assert "Overdue by 1 h decision" in page.words
    assert "2 h left decision" in page.words
    assert "Immediate danger" in page.words
    assert "left onward referral" in page.words


NARROWED = {
    "state=received": ["Amy", "Cal", "Ben"],
    "state=decided": ["Dee"],
    "state=closed": [],
    "state=nonsense": ["Amy", "Cal", "Ben", "Dee"],
    "q=met+police": ["Amy"],
    "q=AMY+harlow": ["Amy"],
    "q=amy+ben": [],
    "q=%25": [],
    "mine=yes": [],
    "state=received&state=decided": ["Amy", "Cal", "Ben", "Dee"],
    "source=6": ["Amy"],
    "source=nonsense": ["Amy", "Cal", "Ben", "Dee"],
    "late=yes": ["Cal"],
    "undecided=yes": ["Amy", "Cal", "Ben"],
    "late=yes&q=ben": [],
    "sort=newest": ["Amy", "Ben", "Cal", "Dee"],
    "sort=oldest": ["Amy", "Dee", "Cal", "Ben"],
    "after=x": ["Amy", "Cal", "Ben", "Dee"],
    "after=1.99999999999999999999.1.1": ["Amy", "Cal", "Ben", "Dee"],
    "team=99999999999": ["Amy", "Cal", "Ben", "Dee"],
}


def test_the_list_is_narrowed(desk, four):
    # One front door for all of them: filling it takes longer than looking.
    assert {query: shown(desk.open(f"/referrals?{query}")) for query in NARROWED} == NARROWED


def test_mine_is_what_i_logged_or_screened_or_hold(desk, four):
    page = desk.sign_in(OFFICER).open("/referrals?mine=yes")
    assert shown(page) == ["Amy", "Cal", "Ben", "Dee"]
    assert shown(desk.sign_in(person_in(Role.SOCIAL_WORKER)).open("/referrals?mine=yes")) == []


def test_a_closed_referral_is_found_under_closed(desk, four):
    referring_onward.answer(desk.door, referring_onward.handed_over(desk.door, four["dee"]), "accepted")
    assert shown(desk.open("/referrals")) == ["Amy", "Cal", "Ben"]
    assert shown(desk.open("/referrals?state=closed")) == ["Dee"]


def test_long_lists_come_in_pages_that_keep_the_filter(browser):
    for number in range(13):
        browser.door.log(f"First{number}", f"Second{number}")
    page = browser.sign_in(MANAGER).open("/referrals?state=received")
    assert "26 children" in page.words
    (on,) = {link for link in page.links if "after=" in link}
    assert on.startswith("/referrals?state=received&after=")
    last = browser.open(on)
    assert "26 children" in last.words
    (back,) = {link for link in last.links if "before=" in link}
    seen = [re.findall(r"PW-\S+-\d", one.words) for one in (page, last, browser.open(back))]
    assert seen[0] == seen[2]
    assert len(set(seen[0] + seen[1])) == 26
    assert len(set(re.findall(r"PW-\S+-\d", browser.open("/referrals?size=50").words))) == 26


def test_an_empty_list_says_that_nothing_is_open(browser):
    assert "Nothing is open" in browser.sign_in(MANAGER).open("/referrals").words
    assert "No referral matches" in browser.open("/referrals?q=nobody").words


FOUND_BY = [
    "O'Brien",
    "OBrien",
    "o\u2019brien",
    "Sian",
    "SI\u00c2N",
    "Los",
    "obrienlos",
    "401 023 2137",
    "4010232137",
    "N15 3AA",
    "n153aa",
    "Elm Road",
    "01/02/2005",
    "1 Feb 2005",
    "2005-02-01",
    "Sian 01/02/2005",
    "sian elm",
]
NOT_FOUND_BY = ["Sean", "401 023 2138", "N15 3AB", "02/02/2005", "Sian Oak", "%", "_"]


@pytest.fixture
def sian(either):
    told = {"birth_date": "2005-02-01", "nhs_number": "4010232137", "address": "Flat 2, 14 Elm Road, London N15 3AA"}
    either.door.log(children=[child_fields("Si\u00e2n", "O\u2019Brien-\u0141o\u015b", **told)])
    return either.sign_in(OFFICER)


@pytest.mark.parametrize("words", FOUND_BY)
def test_a_child_is_found_however_the_name_number_date_or_address_is_typed(sian, words):
    assert "O\u2019Brien" in sian.open(f"/referrals?q={quote_plus(words)}").words


@pytest.mark.parametrize("words", NOT_FOUND_BY)
def test_nobody_else_is_found_by_it(sian, words):
    assert "No referral matches" in sian.open(f"/referrals?q={quote_plus(words)}").words


def test_a_child_whose_name_is_filled_in_later_is_found_by_it(either):
    either.door.log(children=[child_fields("Mia", "Harlow")])
    either.door.log(children=[child_fields("Mia", "Harlow", address="3 High Street, N17 6AA")])
    assert "Mia Harlow" in either.sign_in(OFFICER).open("/referrals?q=N17+6AA").words
