"""What every request passes: where it came from, how big it is, and what the browser is told."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from pathway.web import middleware
from support.front_door import OFFICER

HOST = {"host": "front-door.example"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin", "origin": "http://front-door.example"}, 422),
        ({"sec-fetch-site": "none"}, 422),
        ({}, 422),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_form_that_another_site_sent_is_refused(browser, headers, status):
    answer = browser.client.post("/sign-in", data={"username": "x"}, headers=HOST | headers)
    assert answer.status_code == status


def test_a_link_from_another_site_opens(browser):
    answer = browser.client.get("/sign-in", headers=HOST | {"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200


def test_scripts_run_only_from_here_or_with_the_pages_own_nonce(browser):
    browser.open("/sign-in")
    policy = browser.headers["content-security-policy"]
    nonces = set(re.findall(r'nonce="([^"]+)"', browser.html))
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert [f"'nonce-{nonce}'" in policy for nonce in nonces] == [True]


def test_no_nonce_is_used_twice(browser):
    browser.open("/sign-in")
    first = browser.headers["content-security-policy"]
    browser.open("/sign-in")
    assert browser.headers["content-security-policy"] != first


@pytest.mark.parametrize("path", ["/sign-in", "/referrals", "/nothing", "/health"])
def test_pages_are_kept_by_no_cache_and_framed_by_nobody(browser, path):
    browser.sign_in(OFFICER).open(path)
    assert browser.headers["cache-control"] == "no-store"
    assert browser.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in browser.headers["content-security-policy"]


def test_no_page_writes_styles_into_its_tags(browser):
    browser.sign_in(OFFICER).door.log()
    for path in ("/referrals", "/contacts/new", "/rulebook"):
        browser.open(path)
        assert " style=" not in browser.html


@pytest.mark.parametrize(("size", "status"), [(middleware.LARGEST_BODY + 1, 413), (100_000, 422)])
def test_more_than_the_limit_is_refused(browser, size, status):
    browser.sign_in(OFFICER).post("/contacts/new", concern_facts="x" * size, do="log")
    assert browser.status == status


def test_a_missing_page_says_what_to_do(browser):
    page = browser.sign_in(OFFICER).open("/nothing-here")
    assert browser.status == 404
    assert "search the screening list" in page.words


def test_a_missing_record_names_the_reference(browser):
    page = browser.sign_in(OFFICER).open("/referrals/PW-NONE-1")
    assert browser.status == 404
    assert "PW-NONE-1" in page.words


def test_the_wrong_method_is_a_page_too(browser):
    assert "can't be used in that way" in browser.sign_in(OFFICER).post("/referrals").words
    assert browser.status == 405


def test_a_fault_of_ours_tells_nothing_of_itself(browser):
    browser.client.app.state.routes = None
    browser.client = TestClient(browser.client.app, raise_server_exceptions=False)
    page = browser.open("/referrals")
    assert browser.status == 500
    assert "Nothing was recorded" in page.words
    assert "Traceback" not in browser.html
