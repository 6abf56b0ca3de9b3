"""A clock in doubt stands on every page, on /health, and ends by a button."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathway.engine.watch.clock_watch import ClockWatch
from rules.vocabulary import Role
from storage.clock import Clocks
from support.front_door import MANAGER, OFFICER, person_in

TITLE = "The clock is in doubt."


@pytest.fixture
def doubted(browser):
    watch = ClockWatch(browser.door.database, Clocks(counted=lambda: timedelta(days=1), boot="one", machine="desk"))
    watch.begin()
    browser.door.frozen.tick(timedelta(days=20))
    watch.look()
    return browser


@pytest.mark.parametrize("path", ["/referrals", "/contacts/new", "/alerts", "/my-notices", "/rulebook"])
def test_every_page_says_that_the_clock_is_in_doubt_and_leads_to_what_can_be_done(doubted, path):
    page = doubted.sign_in(OFFICER).open(path)
    assert TITLE in page.words
    assert "Ring whoever must know of a child in immediate danger" in page.words
    assert "/clock" in page.links


def test_whoever_is_not_signed_in_reads_it_as_well(doubted):
    assert TITLE in doubted.open("/sign-in").words
    assert TITLE in doubted.open("/nowhere").words


def test_health_is_degraded_and_says_why(doubted):
    answer = doubted.client.get("/health")
    assert (answer.status_code, answer.json()["held"]) == (503, "the clock is in doubt")


def test_a_duty_manager_ends_it_with_a_button_and_a_second_click_does_no_harm(doubted):
    page = doubted.sign_in(MANAGER).open("/clock")
    for _ in range(2):
        again = doubted.send(page, "/clock")
        assert "The clock counts as right" in again.words
        assert TITLE not in again.words


@pytest.mark.parametrize("role", [Role.SCREENING_OFFICER, Role.AUDITOR])
def test_others_are_shown_no_button_and_are_refused(doubted, role):
    assert "a duty manager or the system owner says so" in doubted.sign_in(person_in(role)).open("/clock").words
    doubted.post("/clock")
    assert doubted.status == 403
    assert TITLE in doubted.open("/referrals").words
