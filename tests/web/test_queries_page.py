"""Queries on a page: what is odd, settled with what was found out."""

from __future__ import annotations

import pytest

from rules.vocabulary import EventKind, Role
from storage.tables import Query
from support import rows
from support.front_door import OFFICER, child_fields, person_in

WRONG = "9434765918"


@pytest.fixture
def contact(either):
    """A contact that names a child with a wrong NHS number."""
    return either.door.log(children=[child_fields("Mia", nhs_number=WRONG)])


def query(door):
    with door.database.read() as session:
        return rows.everything(session, Query)[0]


def settle(desk, **typed):
    desk.sign_in(OFFICER)
    return desk.post(f"/queries/{query(desk.door).id}", **({"request_id": "token", "note": "It ends in 9."} | typed))


def test_open_queries_are_listed_with_what_to_do(either, contact):
    page = either.sign_in(OFFICER).open("/queries")
    for words in (f"The NHS number {WRONG} fails its check digit", "Child 1, NHS number", "Ask the referrer"):
        assert words in page.words
    assert f"/contacts/{contact.ref}" in page.links


def test_a_query_is_settled_with_a_note_that_stands_in_the_history(either, contact):
    page = settle(either)
    assert "Query settled" in page.words
    assert "No query is open" in page.words
    assert "It ends in 9." in either.open("/queries?tab=settled").words
    found = query(either.door)
    assert (found.settled_by, found.settled_at, found.settled_note) == (
        OFFICER.username,
        either.door.now,
        "It ends in 9.",
    )
    (mia,) = either.door.referrals(contact)
    assert EventKind.QUERY_SETTLED in [event.kind for event in either.door.events(mia)]


def test_a_note_is_needed_and_the_error_leads_to_its_field(either, contact):
    page = settle(either, note=" ")
    assert either.status == 422
    assert f"#note-{query(either.door).id}" in page.links


def test_a_query_is_settled_once(either, contact):
    settle(either)
    assert "has been settled already" in settle(either, request_id="other", note="No.").words
    assert either.status == 409


def test_a_second_click_settles_once(either, contact):
    settle(either)
    settle(either)
    assert either.status == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/queries", "No query is open"),
        ("/queries?tab=settled", "No query has been settled yet"),
        ("/queries?q=nothing", "No query matches"),
    ],
)
def test_an_empty_list_says_so(browser, path, words):
    assert words in browser.sign_in(OFFICER).open(path).words


def test_a_contact_leads_to_its_queries(either, contact):
    page = either.sign_in(OFFICER).open(f"/contacts/{contact.ref}")
    assert f"/queries?q={contact.ref}" in page.links
    assert "1 query" in either.open(f"/queries?q={contact.ref}").words


def test_those_who_only_read_settle_none(either, contact):
    either.sign_in(person_in(Role.AUDITOR)).open("/queries")
    assert "textarea" not in either.html
    either.post(f"/queries/{query(either.door).id}", note="x")
    assert either.status == 403


def test_an_unknown_query_is_not_found(browser):
    browser.sign_in(OFFICER).post("/queries/4711", note="x")
    assert browser.status == 404


@pytest.mark.parametrize(("note", "status"), [("It ends in 9.", 200), (" ", 422)])
def test_whoever_settles_a_query_comes_back_to_the_list_as_it_was_filtered(either, contact, note, status):
    filtered = "/queries?q=nhs&about=nhs_number&size=50"
    page = either.sign_in(OFFICER).open(filtered)
    page = either.post(f"/queries/{query(either.door).id}", **page.form().values | {"note": note})
    assert either.status == status
    (form,) = [form for form in page.forms if form.action == "/queries"]
    assert {name: form.values[name] for name in ("q", "size")} == {"q": "nhs", "size": "50"}
    assert "Where it lies: NHS number" in page.words


def test_a_query_leads_back_to_no_page_of_others(either, contact):
    settle(either, back="https://elsewhere.example/queries")
    assert either.path == "/queries"
