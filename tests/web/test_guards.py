"""What every request passes: where it came from, how big it is, and what the browser is told."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from pathway.web import bodies
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
        ({"origin": "https://pathway.example.gov.uk"}, 422),
        ({"origin": "https://pathway.example.gov.uk:443"}, 422),
        ({"origin": "https://pathway.example.gov.uk:8443"}, 403),
        ({"origin": "https://pathway.example.gov.uk.evil.example"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "https://elsewhere.example"}, 422),
    ],
)
def test_a_form_that_another_site_sent_is_refused_whatever_a_proxy_does_to_the_host(browser, headers, status):
    of_base(browser, "https://pathway.example.gov.uk")
    answer = browser.client.post("/sign-in", data={"username": "x"}, headers=HOST | headers)
    assert answer.status_code == status


def of_base(browser, base):
    state = browser.client.app.state
    state.services = replace(state.services, base_url=base)


def test_each_refusal_is_one_line_of_the_log_with_its_reason(browser, caplog):
    browser.client.post("/sign-in", data={"username": "x"}, headers=HOST | {"origin": "https://a\u0000b.example"})
    (line,) = [record.getMessage() for record in caplog.records if "Refused a form" in record.getMessage()]
    assert "Refused a form sent to /sign-in: its Origin" in line
    assert "PATHWAY_BASE_URL" in line


def test_head_is_answered_wherever_get_is_with_no_body(browser):
    browser.sign_in(OFFICER)
    for path in ("/referrals", "/sign-in", "/health", "/static/pathway.css", "/nothing"):
        got, head = browser.client.get(path), browser.client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path


def test_a_wrong_method_names_those_that_may_be_used(browser):
    assert browser.client.post("/referrals").headers["allow"] == "GET, HEAD"
    assert browser.client.delete("/contacts/new").headers["allow"] == "GET, HEAD, POST"
    assert browser.client.get("/sign-out").headers["allow"] == "POST"


def test_static_files_are_kept_by_their_hash_and_what_is_long_is_compressed(browser):
    address = re.search(r'"(/static/pathway\.css\?v=\w+)"', browser.client.get("/sign-in").text)[1]
    answer = browser.client.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert browser.client.get("/static/pathway.css").headers["cache-control"] == "no-cache"
    assert browser.client.get("/sign-in").headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(("base", "sent"), [("https://a.example.org", True), ("http://a.example.org", False)])
def test_https_is_insisted_on_where_the_base_address_says_so(browser, base, sent):
    of_base(browser, base)
    assert ("strict-transport-security" in browser.client.get("/sign-in").headers) is sent


@pytest.mark.parametrize("path", ["/referrals/", "/sign-in/", "/contacts/new/"])
def test_no_redirect_leads_to_the_host_that_a_request_names(browser, path):
    answer = browser.client.get(path, headers={"host": "evil.example"}, follow_redirects=False)
    assert "evil.example" not in answer.headers.get("location", "")


def test_what_was_typed_is_shown_again_where_the_database_is_away(browser):
    page = browser.sign_in(OFFICER).open("/contacts/new")
    form = page.form().values | {"concern_facts": "No food at home <b>.", "do": "log"}
    app = browser.client.app
    browser.client = TestClient(app, raise_server_exceptions=False, cookies=browser.client.cookies)
    browser.client.app.state.services = replace(app.state.services, wake_dispatcher=_broken)
    page = browser.post("/contacts/new", **form | FILLED)
    assert browser.status == 500
    assert "No food at home <b>." in page.words
    assert form["request_id"] not in browser.html


def _broken():
    raise OSError("The disk is gone.")


FILLED = {
    "received_at": "26 3 2009",
    "received_at_time": "09:00",
    "channel": "phone",
    "source_code": "2A",
    "children.0.forename": "Mia",
}


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


@pytest.mark.parametrize(("size", "status"), [(bodies.LARGEST + 1, 413), (100_000, 422)])
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


def test_refused_requests_and_failed_sign_ins_are_a_line_each_without_personal_data(browser, caplog):
    contact = browser.door.log("Mia")
    browser.sign_in(OFFICER).open(f"/referrals/{contact.ref}-1/decide")
    browser.client.cookies.clear()
    browser.post("/sign-in", username="screening.officer", password="coffee")
    lines = [(record.levelname, record.getMessage()) for record in caplog.records if record.name.startswith("pathway")]
    assert [level for level, _ in lines] == ["WARNING", "WARNING"]
    assert lines[0][1] == "GET /referrals/{ref}/decide was refused: NotAllowed."
    assert "wrong name or password" in lines[1][1]
    for word in (contact.ref, "Mia", "screening.officer", "coffee"):
        assert not any(word in line for _, line in lines)
