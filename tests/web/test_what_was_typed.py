"""No error page loses what was typed, and none tells anything of the machine."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from pathway.web import bodies
from rules.errors import Unavailable
from rules.vocabulary import Role
from storage import faults
from storage.sessions import Database
from support import desk
from support.front_door import OFFICER, person_in

TYPED = {"concern_facts": "Two bruises <seen> today", "children.0.forename": "Mia", "request_id": "a-token"}


def shows_what_was_typed(browser):
    assert "Two bruises &lt;seen&gt; today" in browser.html
    assert "Children 0 forename" in browser.html
    assert "a-token" not in browser.html


def test_a_form_that_is_too_much_in_all_is_shown_with_its_longest_field_cut(browser):
    long = "x" * (bodies.LARGEST + 1)
    browser.sign_in(OFFICER).post("/contacts/new", other=long, **TYPED)
    assert browser.status == 413
    shows_what_was_typed(browser)
    assert "Signed in as" in browser.html
    assert "x" * 1000 in browser.html
    assert len(browser.html) < 300_000


def test_more_fields_than_any_form_has_are_too_much(browser):
    fields = {f"a{number}": "1" for number in range(bodies.MOST_FIELDS)}
    browser.sign_in(OFFICER).post("/contacts/new", **TYPED, **fields)
    assert browser.status == 413
    shows_what_was_typed(browser)


def test_what_is_sent_without_end_is_not_read_to_its_end():
    taken = []

    async def receive():
        taken.append(1)
        return {"type": "http.request", "body": b"x" * bodies.LARGEST, "more_body": True}

    body = asyncio.run(bodies.read(Request({"type": "http", "headers": []}, receive)))
    assert (body.whole, len(taken)) == (False, bodies.MOST_READ // bodies.LARGEST + 1)
    assert len(body.content) <= bodies.LONGEST_SHOWN


def test_a_fault_of_ours_shows_what_was_typed(browser):
    browser.client.app.state.routes = None
    browser.client = TestClient(browser.client.app, raise_server_exceptions=False)
    browser.post("/contacts/new", **TYPED)
    assert browser.status == 500
    shows_what_was_typed(browser)


def test_who_may_not_do_it_any_more_keeps_the_text(browser):
    contact = browser.door.log("Mia")
    browser.sign_in(person_in(Role.AUDITOR)).post(f"/referrals/{contact.ref}-1/decide", **TYPED)
    assert browser.status == 403
    shows_what_was_typed(browser)


def test_a_database_that_cant_be_used_shows_what_was_typed_and_no_path(browser, tmp_path):
    spoilt = tmp_path / "spoilt.db"
    spoilt.write_text("This is no database. " * 1000)
    browser.sign_in(OFFICER)
    told = desk.services(Database(f"sqlite:///{spoilt}"))
    browser.client.app.state.services = told
    page = browser.post("/contacts/new", **TYPED)
    assert browser.status == 503
    assert "Tell the system owner; the log says what is wrong." in page.words
    assert str(tmp_path) not in browser.html
    shows_what_was_typed(browser)
    told.database.dispose()


@pytest.mark.parametrize(
    "words", [*faults.SQLITE_FAULTS.values(), *faults.POSTGRESQL_FAULTS.values(), faults.UNREACHABLE]
)
def test_no_fault_of_a_database_names_a_place_on_a_page(words):
    error = faults.unavailable(words, place="/var/lib/pathway.db", reason="connection to 10.0.0.5 failed")
    assert not any(secret in error.shown for secret in ("/var", "10.0.0.5"))
    assert ("/var/lib/pathway.db" in str(error)) == ("{place}" in words)


def test_an_error_without_words_for_pages_says_what_it_says():
    assert Unavailable(faults.BUSY).shown == faults.BUSY
