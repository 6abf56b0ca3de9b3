"""Logging a contact on a page: nothing typed is lost, and a second click makes no second contact."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from storage.tables import Contact, Person, Query
from support import rows
from support.front_door import MANAGER, OFFICER

TYPED = {
    "source_code": "2A",
    "referrer_name": "Ada Ferreira",
    "referrer_email": "ada@school.example.org",
    "concern_facts": '  Seen alone at 09:00.\n\n\tSays: "I am fine" <b>& well</b>',
    "children__0__forename": "Mia",
    "children__0__surname": "Harlow",
    "children__0__birth_date": "6 May 2004",
    "do": "log",
}


@pytest.fixture
def officer(either):
    return either.sign_in(OFFICER)


def contacts(desk):
    with desk.door.database.read() as session:
        return rows.everything(session, Contact)


def test_a_contact_is_logged_and_each_child_has_a_reference_and_due_moments(officer):
    page = officer.fill("/contacts/new", **TYPED, children__1__forename="Noah", children__1__surname="Harlow")
    (contact,) = contacts(officer)
    assert officer.path == f"/contacts/{contact.ref}"
    assert "Contact logged" in page.words
    assert f"{contact.ref}-1" in page.words
    assert f"{contact.ref}-2" in page.words
    assert "Fri 27 Mar 2009, 10:00" in page.words
    assert officer.woken


def test_what_was_typed_stands_as_it_was_typed(officer):
    officer.fill("/contacts/new", **TYPED)
    (contact,) = contacts(officer)
    assert contact.concern_facts == TYPED["concern_facts"].strip()
    assert "&lt;b&gt;&amp; well&lt;/b&gt;" in officer.html
    assert "<b>& well" not in officer.html


def test_a_second_click_makes_no_second_contact(officer):
    form = officer.open("/contacts/new")
    officer.send(form, "/contacts/new", **TYPED)
    first = officer.path
    officer.send(form, "/contacts/new", **TYPED)
    assert officer.path == first
    assert len(contacts(officer)) == 1


def test_another_child_keeps_everything_and_takes_over_surname_and_address(browser):
    page = browser.sign_in(OFFICER).fill(
        "/contacts/new", **TYPED | {"do": "add", "children__0__address": "1 Mill Lane"}
    )
    values = page.form().values
    assert values["concern_facts"] == TYPED["concern_facts"]
    assert values["children.0.forename"] == "Mia"
    assert (values["children.1.surname"], values["children.1.address"]) == ("Harlow", "1 Mill Lane")
    assert values["children.1.forename"] == ""
    assert "autofocus" in browser.html


def test_a_child_is_removed_and_the_others_close_up(browser):
    names = {f"children__{n}__forename": name for n, name in enumerate(["Mia", "Noah", "Zoe"])}
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | names | {"do": "remove-1"})
    values = page.form().values
    assert (values["children.0.forename"], values["children.1.forename"]) == ("Mia", "Zoe")
    assert "children.2.forename" not in values


def test_errors_keep_everything_and_are_linked(browser):
    wrong = {"received_at": "soon", "source_code": "", "children__0__birth_date": "31 2 2004", "concern_facts": " "}
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | wrong)
    assert browser.status == 422
    values = page.form().values
    assert (values["received_at"], values["children.0.birth_date"]) == ("soon", "31 2 2004")
    assert values["children.0.forename"] == "Mia"
    links = [link.removeprefix("#") for link in page.links if link.startswith("#") and link != "#main-content"]
    assert links == ["source_code", "received_at", "children.0.birth_date", "concern_facts"]
    assert set(links) <= page.ids
    assert contacts(browser) == []


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"received_at": "26 3 2009", "received_at_time": "07:00"}, "late_recording_reason", "more than two hours ago"),
        ({"received_at": "27 3 2009"}, "received_at", "future"),
        ({"referrer_email": "not an address"}, "referrer_email", "not an e-mail address"),
        (
            {"children__0__forename": "", "children__0__surname": "", "children__0__birth_date": ""},
            "children.0.forename",
            "Child 1, First names: Nothing tells who this child is",
        ),
        ({"children__0__due_date": "1 9 2009"}, "children.0.due_date", "born or due"),
        ({"source_code": "99"}, "source_code", "no source 99"),
        ({"channel": ""}, "channel", "needed"),
    ],
)
def test_what_can_not_be_taken_is_said_at_its_field(browser, changes, place, words):
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | changes)
    assert browser.status == 422
    assert words in page.words
    assert f"#{place}" in page.links


def test_a_contact_received_on_friday_is_late_on_monday_and_says_so(either):
    either.door.move_to("2009-03-30 09:00")
    late = {"received_at": "27 3 2009", "received_at_time": "16:40", "late_recording_reason": "Taken on paper"}
    page = either.sign_in(OFFICER).fill("/contacts/new", **TYPED | late)
    assert "Overdue by 1 day 15 h" in page.words
    assert "Taken on paper" in page.words


def test_a_time_that_the_clocks_jumped_over_is_the_first_that_exists_with_a_notice(browser):
    browser.door.move_to("2009-03-29 03:00")
    gap = {"received_at": "29 3 2009", "received_at_time": "01:30"}
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | gap)
    assert "did not exist" in page.words
    assert "Received Sun 29 Mar 2009, 02:00" in page.words


def test_a_time_that_happened_twice_is_the_first_with_a_notice(browser):
    browser.door.move_to("2009-10-25 03:00")
    twice = {"received_at": "25 10 2009", "received_at_time": "01:30", "late_recording_reason": "Taken at night"}
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | twice)
    assert "happened twice" in page.words
    assert contacts(browser)[0].received_at == datetime(2009, 10, 25, 0, 30, tzinfo=UTC)


def test_an_anonymous_contact_owes_no_letter_and_says_so(browser):
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | {"source_code": "9", "referrer_email": ""})
    assert "Not applicable: anonymous" in page.words
    assert "No letter has been written" in page.words


def test_sixty_thousand_characters_come_back_folded_and_harmless(browser):
    text = "=SUM(A1)<script>alert(1)</script>" + "long " * 12_000
    browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | {"concern_facts": text})
    assert "<script>alert" not in browser.html
    assert "=SUM(A1)&lt;script&gt;" in browser.html
    assert "<details" in browser.html


def test_a_wrong_check_digit_leaves_no_child_out(browser):
    page = browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | {"children__0__nhs_number": "943 476 5918"})
    assert "Child 1, NHS number" in page.words
    with browser.door.database.read() as session:
        assert [person.nhs_number_unverified for person in rows.everything(session, Person)] == ["943 476 5918"]
        assert len(rows.everything(session, Query)) == 1


def test_a_field_that_the_form_does_not_have_is_left_alone(browser):
    browser.sign_in(OFFICER).fill("/contacts/new", **TYPED | {"imported": "yes", "children__0__id": "7"})
    assert [contact.imported for contact in contacts(browser)] == [False]


def test_the_form_is_ready_for_now(browser):
    values = browser.sign_in(MANAGER).open("/contacts/new").form().values
    assert (values["received_at"], values["received_at_time"]) == ("26/03/2009", "10:00")


def test_two_clicks_at_the_same_moment_make_one_contact(either):
    form = either.sign_in(OFFICER).open("/contacts/new")
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(_click, either, form) for _ in range(4)]
    assert {click.result() for click in sent} == {200}
    assert len(contacts(either)) == 1


def _click(desk, form):
    typed = form.form().values | {name.replace("__", "."): value for name, value in TYPED.items()}
    client = TestClient(desk.client.app, cookies=desk.client.cookies)
    return client.post("/contacts/new", data=typed).status_code
