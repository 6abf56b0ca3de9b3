"""The search in the header of every page: people, what was searched where there is none, and what is kept back."""

from __future__ import annotations

import re

import pytest

from pathway.engine.children import restricting
from rules.vocabulary import Role
from storage.tables import Access, Person
from support import matching, rows
from support.front_door import MANAGER, OFFICER, child_fields, person_in

ADDRESS = "14 Elm Road, London N15 3AA"


@pytest.fixture
def mia(either):
    (referral,) = either.door.referrals(either.door.log(children=[child_fields("Mia", address=ADDRESS)]))
    return referral


def test_every_page_has_the_search_in_its_header(either, mia):
    for path in ("/referrals", f"/referrals/{mia.ref}", "/my-notices", "/find"):
        assert any(form.action == "/find" for form in either.sign_in(OFFICER).open(path).forms), path


def test_an_answer_is_a_person_with_what_is_known(either, mia):
    page = either.sign_in(OFFICER).open("/find?q=harlow+mia")
    for words in ("1 person fits", "Mia Harlow", "born 6 May 2004", ADDRESS, "1 contact", "No decision yet"):
        assert words in page.words
    assert f"/referrals/{mia.ref}" in page.links


def test_an_empty_answer_says_what_was_searched_and_offers_to_look_wider(either, mia):
    page = either.sign_in(OFFICER).open("/find?q=Nobody+Here")
    assert "Searched: 1 person, open and closed, by name, birth date or age" in page.words
    assert "Look wider" in page.words
    assert "Mia Harlow" in either.open("/find?q=Maya+Harlow&wider=yes").words


def test_nothing_typed_says_what_can_be(either):
    assert "Type what you know into the box above" in either.sign_in(OFFICER).open("/find").words


def test_the_words_are_in_the_access_log(either, mia):
    either.sign_in(OFFICER).open("/find?q=harlow+mia")
    with either.door.database.read() as session:
        assert rows.everything(session, Access)[-1].words == "harlow mia"


def restricted(door, referral):
    data = restricting.RestrictionInput(reason="A colleague’s child.", usernames=(MANAGER.username,))
    with door.acting(person_in(Role.SERVICE_MANAGER)) as act:
        restricting.restrict(act, referral.person_id, data)


def test_a_restricted_record_that_fits_in_full_is_answered_without_a_name(either, mia):
    restricted(either.door, mia)
    page = either.sign_in(OFFICER).open("/find?q=mia+harlow+6+May+2004")
    assert "One record that fits opens only to people named. They have been told." in page.words
    assert "If a child may be in danger now, ring" in page.words
    assert "Nobody is found. Searched: 0 people" in page.words
    assert "opens only" not in either.open("/find?q=mia+harlow").words


def test_only_who_reads_records_searches(either):
    page = either.sign_in(person_in(Role.ADMINISTRATOR)).open("/my-notices")
    assert all(form.action != "/find" for form in page.forms)
    either.open("/find?q=mia")
    assert either.status == 403


def test_a_child_who_was_taken_apart_is_found_under_its_own_record(either):
    one, two = matching.child(either.door, "Mia"), matching.child(either.door, "Mia", school="Rowan")
    assert one.person_id == two.person_id
    assert "1 person fits" in either.sign_in(OFFICER).open("/find?q=mia+harlow").words


def test_a_search_goes_on_to_the_next_page_and_its_file_holds_all_who_fit(either):
    with either.door.database.write() as session:
        session.add_all(Person(forename=f"Nia{at:02}", surname="Marsh", created_at=either.door.now) for at in range(60))
    page = either.sign_in(OFFICER).open("/find?q=marsh&size=25")
    assert "60 people fit, the likeliest first." in page.words
    (link,) = [link for link in page.links if "after=" in link]
    assert link.startswith("/find?q=marsh&size=25&after=")
    assert len(re.findall(r"/children/\d+/chronology", either.client.get(link).text)) == 25
    assert either.client.get("/find/export?q=marsh").text.count("Marsh") == 60


def test_a_restricted_record_that_fits_in_full_is_counted_in_the_file_and_not_named(either, mia):
    restricted(either.door, mia)
    either.sign_in(OFFICER)
    assert "1 restricted record is left out." in either.client.get("/find/export?q=mia+harlow+6+May+2004").text
    for words in ("mia+harlow", "mia+harlow+6+May+2004"):
        assert "Mia" not in either.client.get(f"/find/export?q={words}").text


def test_a_view_of_a_search_is_never_shared(either, mia):
    page = either.sign_in(MANAGER).open("/find?q=mia")
    assert "Share it with everybody" not in page.words
    either.post("/views", list="/find", query="q=mia", name="Mia", shared="yes", request_id="x")
    assert either.status == 422
