"""What waits: every list in one place, with how much is on it, for those who may open it."""

from __future__ import annotations

import pytest

from pathway.web import menu
from pathway.web.pages.intake import waiting
from pathway.web.routes import ROUTES
from rules.vocabulary import Role
from storage.queries import waiting_rows
from support.front_door import MANAGER, OFFICER, person_in


def counts(browser):
    with browser.door.database.read() as session:
        return waiting_rows.counts(session)


def test_an_empty_front_door_waits_for_nothing(browser):
    assert set(counts(browser).values()) == {0}
    page = browser.sign_in(MANAGER).open("/waiting")
    assert (browser.status, "Second looks" in page.words) == (200, True)


def test_what_is_owed_is_counted_where_it_waits(browser):
    accepted, handed_over = browser.door.referrals(browser.door.log("Mia", "Leo", referrer_email=""))
    browser.door.decide(accepted, "assessment")
    browser.door.decide(handed_over, "early-help")
    found = {path: count for path, count in counts(browser).items() if count}
    assert found == {"/allocations": 1, "/onward": 1, "/letters?owed=yes": 1}


@pytest.mark.parametrize("entry", waiting.LISTS, ids=lambda entry: entry[0])
def test_each_list_is_a_page_that_somebody_may_open(entry):
    assert entry[0].partition("?")[0] in {route.path for route in ROUTES if route.method == "GET"}


def test_lists_that_somebody_may_not_open_are_not_offered(browser):
    links = browser.sign_in(OFFICER).open("/waiting").links
    assert ("/second-looks" in links, "/onward" in links) == (False, True)
    browser.sign_in(person_in(Role.ADMINISTRATOR)).open("/waiting")
    assert browser.status == 403


@pytest.mark.parametrize("path", menu.BELOW["/waiting"])
def test_a_list_opened_from_here_stands_under_what_waits_in_the_menu(path):
    assert [entry for entry, _ in menu.ITEMS if menu.is_here(entry, path)] == ["/waiting"]
