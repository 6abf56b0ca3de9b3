"""The board and the other first pages."""

from __future__ import annotations

from support.front_door import MANAGER


def test_try(browser):
    browser.door.log("Ann", "Ben")
    page = browser.sign_in(MANAGER).open("/")
    print(browser.path, browser.status, page.words)
    page = browser.open("/board?show=late")
    print(page.words)
    page = browser.open("/board?show=drafts")
    print(page.words)
    assert 0
