"""Whatever is typed into a form, or asked for in an address, the answer is never a fault of ours."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from pathway.engine import inputs
from pathway.engine.rulebooks import shipped
from pathway.engine.watch import notice_choices
from pathway.web import forms
from pathway.web.needs import Open
from pathway.web.routes import ROUTES
from rules.books import parse
from rules.errors import InvalidInput, NotFound
from storage.queries import sought
from storage.tables import Person
from support import fuzzing
from support.front_door import OFFICER, ROLES, person_in

BOOK = parse.parse(shipped.book_text("haringey-2009"), "haringey-2009")
PAGES = [route for route in ROUTES if route.method == "GET" and route.path != "/health"]
BY_DAY, BY_NIGHT = 28, 2000  # posts a form
PARTS = 2  # so that two cores share them
DIGITS = "9" * 5000


def may(role, route):
    return fuzzing.may(role, route, BOOK)


def somebody(route):
    return next((person_in(role) for role in ROLES if may(role, route)), None)


@pytest.mark.parametrize("part", range(PARTS))  # a minute each: two thousand forms are sent
def test_no_form_is_answered_with_a_fault_whatever_is_typed(browser, mailbox, part):
    front = fuzzing.Fuzzed(browser.door, mailbox, seed=16 + part)
    found = {route.path: front.find(route, may) for route in fuzzing.POSTS[part::PARTS]}
    assert [path for path, form in found.items() if form is None] == []
    assert [fault for form in filter(None, found.values()) for fault in front.send(form, BY_DAY)] == []


def test_the_suite_sends_two_thousand_forms():
    assert len(fuzzing.POSTS) * BY_DAY >= 2000


def test_no_page_is_answered_with_a_fault_whatever_is_asked_for(browser, mailbox):
    front = fuzzing.Fuzzed(browser.door, mailbox, seed=16)
    assert [fault for route in PAGES for fault in front.look(route, somebody(route), 1)] == []


@pytest.mark.nightly  # an hour for all forms
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("route", fuzzing.POSTS, ids=lambda route: route.path)
def test_no_form_is_answered_with_a_fault_in_two_thousand_times(browser, mailbox, route, part):
    front = fuzzing.Fuzzed(browser.door, mailbox, seed=part)
    assert list(front.send(front.find(route, may), BY_NIGHT // 4)) == []


@pytest.mark.nightly  # half a minute each
@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.path)
def test_no_page_is_answered_with_a_fault_in_five_hundred_times(browser, mailbox, route):
    front = fuzzing.Fuzzed(browser.door, mailbox, seed=5)
    assert list(front.look(route, somebody(route), BY_NIGHT // 4)) == []


def test_every_form_is_sent_as_somebody_who_may_send_it():
    sent = {route.path for route in fuzzing.POSTS}
    called_back = {route.path for route in ROUTES if route.needs is Open.CALL_BACK}
    posts = {route.path for route in ROUTES if route.method == "POST"}
    assert posts - sent == called_back | set(fuzzing.OF_SCRIPTS)


@pytest.mark.parametrize("typed", ["9" * 20, "2147483648", DIGITS, "²", "24:00", "7:5000", "-1", "7:3:1"])
def test_a_time_that_is_none_is_refused_by_its_field(typed):
    with pytest.raises(InvalidInput) as refused:
        notice_choices.parse({"digest_at": typed})
    assert refused.value.faults[0].place == "digest_at"
    assert len(str(refused.value)) < 100


def test_a_field_of_three_thousand_nested_numbers_is_no_field(browser):
    for name in ("children.0" + ".0" * 3000, f"children.{DIGITS}.surname", "children.²"):
        browser.sign_in(OFFICER).post("/contacts/new", **{name: "x"}, do="log")
        assert browser.status == 422


def test_names_of_fields_become_lists_only_where_they_are_numbers_of_ours():
    assert forms.nest([("a.1.b", "x"), ("a.0.b", "y")]) == {"a": [{"b": "y"}, {"b": "x"}]}
    assert forms.nest([(f"a.{DIGITS}", "x")]) == {"a": {DIGITS: "x"}}
    assert list(forms.nest([("a" + ".0" * 3000, "x")])) == ["a" + ".0" * 49 + "."]


@pytest.mark.parametrize("path", ["/letters/" + DIGITS, "/letters/99999999999", "/referrals/%00", "/referrals/%FF"])
def test_an_address_of_nothing_is_a_page_that_is_not_there(either, path):
    either.sign_in(OFFICER).open(path)
    assert either.status == 404


@pytest.mark.parametrize("path", ["/referrals", "/letters", "/matches?tab=declined", "/queries"])
def test_a_search_takes_as_many_words_as_every_database_can(either, path):
    sign = "&" if "?" in path else "?"
    for words in ("x" * 60_000, "a%20" * 5000, "a%00b", "%25_\\"):
        either.sign_in(OFFICER).open(f"{path}{sign}q={words}")
        assert either.status == 200


def test_a_search_keeps_the_first_words():
    assert sought.words("  Mia\x00 " + "a " * 100) == ["Mia", *["a"] * 19]


def test_a_token_of_any_length_is_kept_in_an_index(either):
    form = {"request_id": "".join(chr(0x4E00 + number * 7 % 9000) for number in range(9000))}
    contact = either.door.log()
    either.sign_in(OFFICER).post(f"/contacts/{contact.ref}/danger", reason="He is alone.", **form)
    assert either.status < 500


def inputs_of(kind):
    for one in kind.__subclasses__():
        yield one
        yield from inputs_of(one)


def test_every_number_that_people_type_is_one_that_a_column_can_hold():
    for kind in inputs_of(inputs.Input):
        for name, field in kind.model_fields.items():
            if field.annotation is int or "int" in re.findall(r"\w+", str(field.annotation)):
                with pytest.raises(ValidationError) as refused:
                    kind.model_validate({name: str(inputs.LARGEST_NUMBER + 1)})
                assert (name,) in [fault["loc"][:1] for fault in refused.value.errors()], f"{kind.__name__}.{name}"


def test_a_number_too_large_for_the_database_is_no_record(database):
    with pytest.raises(NotFound), database.read() as session:
        session.get(Person, 10**30)
