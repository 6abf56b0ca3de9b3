"""Nobody watching: where sweep or dispatch is silent, every page says so to everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathway.engine.watch import heartbeats
from storage.tables import Heartbeat
from support.front_door import ROLES, person_in

NOBODY = "Nobody is watching."


def beat(browser, *names, ago=timedelta(0)):
    with browser.door.database.write() as session:
        for name in names:
            session.merge(Heartbeat(name=name, beat_at=browser.door.now - ago))


@pytest.mark.parametrize("silent", [heartbeats.SWEEP, heartbeats.DISPATCH])
def test_three_intervals_without_sweep_or_dispatch_are_on_every_page_for_every_role(browser, silent):
    beat(browser, heartbeats.SWEEP, heartbeats.DISPATCH)
    beat(browser, silent, ago=3 * heartbeats.EVERY + timedelta(seconds=1))
    for role in ROLES:
        page = browser.sign_in(person_in(role)).open("/rulebook")
        assert NOBODY in page.words
        assert "on Thu 26 Mar 2009, 09:59" in page.words
        assert NOBODY in browser.open("/nothing-here").words


def test_nothing_is_said_while_both_run(browser):
    beat(browser, heartbeats.SWEEP, heartbeats.DISPATCH, ago=3 * heartbeats.EVERY)
    assert NOBODY not in browser.open("/sign-in").words
    assert NOBODY not in browser.sign_in(person_in(ROLES[0])).open("/rulebook").words


def test_who_is_not_signed_in_hears_that_it_is_so_and_no_more(browser):
    beat(browser, heartbeats.SWEEP, ago=timedelta(hours=1))
    page = browser.open("/sign-in")
    assert f"{NOBODY} Tell the system owner." in page.words
    assert "09:00" not in page.words


def test_a_page_says_which_duty_has_never_run(browser):
    beat(browser, heartbeats.SWEEP)
    page = browser.sign_in(person_in(ROLES[0])).open("/rulebook")
    assert f"{NOBODY} Sending has not run yet. Until that runs again" in page.words
