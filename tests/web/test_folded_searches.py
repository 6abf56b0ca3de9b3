"""Promise: every list finds a name however it is typed: Łukasz as Lukasz, O’Brien as OBrien, a number with blanks."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from rules.vocabulary import Role
from support import hands
from support.front_door import MANAGER, OFFICER, child_fields, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
SIAN = child_fields(
    "Siân",
    "O’Brien-Łoś",
    birth_date="2005-02-01",
    nhs_number="4010232137",
    address="Flat 2, 14 Elm Road, London N15 3AA",
)
LUCJA = {"referrer_name": "Łucja O’Neill", "referrer_email": "lucja@school.example.org"}


def found(desk, path, words):
    page = desk.open(f"{path}{'&' if '?' in path else '?'}q={quote(words)}")
    assert desk.status == 200
    return page.words


@pytest.fixture
def desk(either):
    """Siân, and a child who may be she, so that a match is open and a query says another name; a letter to Łucja."""
    either.door.log(children=[SIAN], **LUCJA)
    either.door.log(children=[SIAN | {"nhs_number": "", "birth_date": "2005-02-11"}])
    either.door.log(children=[child_fields("Zoe", "Adams")])
    return either.sign_in(MANAGER)


@pytest.mark.parametrize(
    "words",
    ["O'Brien", "OBrien", "o’brien", "Sian", "siân", "Los", "O'Brien-Los", "401 023 2137", "N15 3AA", "01/02/2005"],
)
def test_the_screening_list_finds_her(desk, words):
    told = found(desk, "/referrals", words)
    assert "Siân" in told
    assert "Zoe" not in told


@pytest.mark.parametrize("words", ["Lucja", "łucja", "ONeill", "O'Neill", "Łucja O’Neill"])
def test_the_screening_list_finds_by_the_referrer(desk, words):
    assert "Siân" in found(desk, "/referrals", words)


@pytest.mark.parametrize("words", ["Sian", "OBrien", "O'Brien", "O’Brien-Łoś", "siân los"])
def test_possible_matches_find_by_either_childs_name(desk, words):
    assert "Siân" in found(desk, "/matches", words)
    assert "Siân" not in found(desk, "/matches", "Lukasz")


@pytest.mark.parametrize("words", ["Lucja", "Łucja", "ONeill", "O'Neill", "Lucja O'Neill"])
def test_letters_find_by_whom_they_are_to(desk, words):
    for path in ("/letters", "/outbox"):
        assert "Łucja" in found(desk, path, words)
        assert "Łucja" not in found(desk, path, "Lukasz")


@pytest.mark.parametrize("words", ["Los", "Łos", "OBrien", "O'Brien"])
def test_queries_find_by_what_they_say(desk, words):
    desk.door.log(children=[SIAN | {"surname": "O’Brien-Łos"}])
    assert "This contact says" in found(desk, "/queries", words)
    assert "This contact says" not in found(desk, "/queries", "Lukasz")


@pytest.mark.parametrize("words", ["Sian", "OBrien"])
def test_nobody_is_found_so_whose_record_is_closed(either, words):
    for born in ("2005-02-01", "2005-02-11"):
        contact = either.door.log(children=[SIAN | {"birth_date": born, "nhs_number": ""}])
        hands.restrict(either.door, either.door.referrals(contact)[0], by=SERVICE_MANAGER)
    either.sign_in(OFFICER)
    for path in ("/referrals", "/matches"):
        told = found(either, path, words)
        assert "Restricted record" not in told
        assert "Siân" not in told
