"""Logging a contact: what is refused, what is kept apart, and who is found again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rules.errors import InvalidInput, NotAllowed
from rules.vocabulary import Role
from storage.tables import Contact, HouseholdLink, Person, ProposedMatch, Query
from support import rows
from support.front_door import FrontDoor, child_fields, london, person_in

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
VALID = "943 476 5919"


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door(TUESDAY)


def persons(door: FrontDoor) -> list[Person]:
    with door.database.read() as session:
        return rows.everything(session, Person)


REFUSED = [
    ({"received_at": "2009-03-10T09:01:00+00:00"}, "received_at", "future"),
    ({"received_at": "2009-03-10T06:59:00+00:00", "late_recording_reason": ""}, "late_recording_reason", "two hours"),
    ({"source_code": "6Z"}, "source_code", "There is no source 6Z"),
    ({"referrer_email": "not an address"}, "referrer_email", "not an e-mail address"),
    ({"concern_facts": " \n "}, "concern_facts", "needed"),
    ({"children": []}, "children", "at least one child"),
    ({"children": [child_fields("", surname="", birth_date="")]}, "children.0.forename", "who this child is"),
    ({"children": [child_fields("Mia", birth_date="2009-03-11")]}, "children.0.birth_date", "future"),
    ({"children": [child_fields("Mia", due_date="2009-07-01")]}, "children.0.due_date", "born or due"),
    ({"children": [child_fields("Mia", sex="X")]}, "children.0.sex", "no code X"),
]


@pytest.mark.parametrize(("typed", "place", "problem"), REFUSED, ids=[place for _, place, _ in REFUSED])
def test_bad_input_names_the_field_and_the_remedy_and_stores_nothing(
    door: FrontDoor, typed: dict[str, Any], place: str, problem: str
) -> None:
    with pytest.raises(InvalidInput, match=problem) as refused:
        door.log("Mia", **typed)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert all(fault.remedy for fault in refused.value.faults)
    with door.database.read() as session:
        assert not rows.everything(session, Contact)


def test_all_faults_are_named_at_once(door: FrontDoor) -> None:
    with pytest.raises(InvalidInput) as refused:
        door.log(source_code="6Z", referrer_email="x", children=[child_fields("", surname="", birth_date="")])
    assert len(refused.value.faults) == 3


def test_both_the_moment_of_receipt_and_of_recording_are_kept(door: FrontDoor) -> None:
    """Time, to the minute, 2: "Clocks start at `received_at`, not at `recorded_at`; both are kept"."""
    contact = door.log("Mia", received="2009-03-09 16:40")
    assert (contact.received_at, contact.recorded_at) == (london("2009-03-09 16:40"), london(TUESDAY))
    (referral,) = door.referrals(contact)
    assert door.clock(referral).started_at == contact.received_at


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SOCIAL_WORKER, Role.ADMINISTRATOR])
def test_those_who_only_read_can_not_log(door: FrontDoor, role: Role) -> None:
    with pytest.raises(NotAllowed, match="screening officer"):
        door.log("Mia", by=person_in(role))


def test_a_child_is_found_again_by_an_equal_valid_nhs_number(door: FrontDoor) -> None:
    door.log(children=[child_fields("Mia", nhs_number=VALID)])
    door.log(children=[child_fields("Maya", surname="Other", nhs_number="9434765919")])
    assert len(persons(door)) == 1


def test_a_child_is_found_again_by_equal_name_and_birth_date(door: FrontDoor) -> None:
    door.log("Mia")
    door.log(children=[child_fields("  mia ", surname="HARLOW")])
    assert len(persons(door)) == 1


def test_equal_name_and_birth_date_with_two_valid_numbers_are_two_children(door: FrontDoor) -> None:
    door.log(children=[child_fields("Mia", nhs_number=VALID)])
    door.log(children=[child_fields("Mia", nhs_number="4010232137")])
    assert len(persons(door)) == 2


def test_anything_less_is_only_a_proposed_match(door: FrontDoor) -> None:
    door.log("Mia")
    door.log(children=[child_fields("Miah")])
    with door.database.read() as session:
        assert len(rows.everything(session, ProposedMatch)) == 1
    assert len(persons(door)) == 2


def test_a_wrong_nhs_number_is_kept_apart_and_queried_and_the_child_is_not_left_out(door: FrontDoor) -> None:
    door.log(children=[child_fields("Mia", nhs_number="9434765918")])
    (person,) = persons(door)
    assert (person.nhs_number, person.nhs_number_unverified) == (None, "9434765918")
    with door.database.read() as session:
        (query,) = rows.everything(session, Query)
    assert "check digit" in query.problem


def test_children_of_one_contact_are_linked_as_a_household_once(door: FrontDoor) -> None:
    door.log("Mia", "Leo", "Eve")
    door.log("Mia", "Leo", "Eve")
    with door.database.read() as session:
        assert len(rows.everything(session, HouseholdLink)) == 3


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "<script>alert(1)</script>", "x" * 60_000, "O'Brien\u202e"])
def test_what_was_typed_is_stored_as_typed(door: FrontDoor, text: str) -> None:
    assert door.log("Mia", concern_facts=text).concern_facts == text


def queries(door: FrontDoor) -> list[Query]:
    with door.database.read() as session:
        return rows.everything(session, Query)


def test_a_child_known_only_by_school_is_taken_with_a_query(door: FrontDoor) -> None:
    contact = door.log(children=[child_fields("", surname="", birth_date="", school="Park Lane School, class 4B")])
    (query,) = queries(door)
    assert door.referrals(contact)
    assert query.problem == "Only the school tells who the child is"


@pytest.mark.parametrize("school", ["", "Not in school", "N/K", "none"])
def test_that_there_is_no_school_tells_nobody(door: FrontDoor, school: str) -> None:
    with pytest.raises(InvalidInput, match="Nothing tells who this child is"):
        door.log(children=[child_fields("", surname="", birth_date="", school=school)])


@pytest.mark.parametrize("told", [{"referrer_name": "Ada"}, {"referrer_email": "ada@example.org"}])
def test_an_anonymous_contact_that_says_who_called_is_a_query_and_the_name_is_hidden(
    door: FrontDoor, told: dict[str, str]
) -> None:
    contact = door.log("Mia", **({"source_code": "9", "referrer_name": "", "referrer_email": ""} | told))
    (query,) = queries(door)
    assert "anonymous" in query.problem
    assert contact.identity_protected
    assert not door.letters(contact)
