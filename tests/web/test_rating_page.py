"""Rating a referral on a page."""

from __future__ import annotations

import pytest

from support import desk
from support.front_door import MANAGER


@pytest.fixture
def hub(open_door):
    return desk.at(open_door("2026-11-23 09:00", book="mash-rag"))


def test_a_manager_rates_and_the_clock_is_shortened(hub):
    (mia,) = hub.door.referrals(hub.door.log("Mia"))
    assert "Rate how urgent it is" in hub.sign_in(MANAGER).open(f"/referrals/{mia.ref}").words
    page = hub.fill(f"/referrals/{mia.ref}/rate", rating="red")
    for words in ("Rating recorded", "Rated red", "Mon 23 Nov 2026, 13:00", "Change the rating"):
        assert words in page.words
    page = hub.fill(f"/referrals/{mia.ref}/rate", rating="green")
    assert hub.status == 422
    assert "#reason" in page.links
    assert "#rating" in hub.fill(f"/referrals/{mia.ref}/rate", rating="").links


def test_a_book_without_ratings_offers_none(browser):
    (mia,) = browser.door.referrals(browser.door.log("Mia"))
    page = browser.sign_in(MANAGER).open(f"/referrals/{mia.ref}")
    assert f"/referrals/{mia.ref}/rate" not in page.links
    assert "has no ratings" in browser.open(f"/referrals/{mia.ref}/rate").words
