"""While a contact is typed: who on record a child may be, what is said of it at once, and a call that was logged."""

from __future__ import annotations

import pytest

from pathway.engine.children.child_input import ChildInput
from pathway.engine.intake import perhaps_known, same_call
from rules.errors import InvalidInput, NotAllowed
from rules.vocabulary import Role
from storage.queries.children import match_rows
from storage.tables import Contact, ProposedMatch
from support import hands, matching, rows
from support.front_door import MANAGER, OFFICER, child_fields, person_in

NUMBER, OTHER = "943 476 5919", "943 476 5870"
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


@pytest.fixture
def mia(door):
    return matching.child(door, "Mia", address="14 Elm Road, London N15 3AA")


def beside(door, *children, by=OFFICER):
    typed = [ChildInput(**child) for child in children]
    with door.database.read() as session:
        found = perhaps_known.beside(session, by, typed, now=door.now)
    return [[one.number for one in row] for row in found]


def answers(*said):
    return [{"child": child, "person_id": number, "same_child": same} for child, number, same in said]


def log(door, *children, said=(), **more):
    contact = door.log(children=list(children), answers=answers(*said), **more)
    return door.referrals(contact)


def between(door, one, other):
    with door.database.read() as session:
        return [(match.same_child, match.settled_by) for match in match_rows.between(session, one, other)]


def test_who_may_be_the_child_stands_beside_the_row_the_likeliest_first(door, mia):
    maya = child_fields("Maya", birth_date="2004-05-07")
    assert beside(door, child_fields("Mia"), maya, child_fields("Zoe", "Quill")) == [
        [mia.person_id],
        [mia.person_id],
        [],
    ]
    (other,) = log(door, maya)
    assert beside(door, child_fields("Mia")) == [[mia.person_id, other.person_id]]


def test_a_restricted_record_is_never_beside_a_row(door, mia):
    hands.restrict(door, mia, by=SERVICE_MANAGER)
    assert beside(door, child_fields("Mia", nhs_number=NUMBER)) == [[]]
    assert beside(door, child_fields("Mia"), by=SERVICE_MANAGER) == [[mia.person_id]]


def test_a_closed_twin_or_namesake_changes_nothing_of_what_stands_beside_a_row(door, mia):
    typed = child_fields("Mia", sex="F")
    before = beside(door, typed)
    for forename, address in (("Mia", "9 Station Road, London N22 7AA"), ("Leo", "14 Elm Road, London N15 3AA")):
        hands.restrict(door, matching.child(door, forename, address=address, sex="M"), by=SERVICE_MANAGER)
    assert beside(door, typed) == before


def test_whoever_may_not_read_records_is_told_of_nobody(door, mia):
    assert beside(door, child_fields("Mia"), by=person_in(Role.ADMINISTRATOR)) == [[]]


def test_the_same_settles_the_possible_match_and_joins_nobody(door, mia):
    (maya,) = log(door, child_fields("Maya"), said=[(0, mia.person_id, True)])
    assert maya.person_id != mia.person_id
    assert between(door, maya.person_id, mia.person_id) == [(True, OFFICER.username)]
    for referral in (mia, maya):
        assert any("is the same child as" in event.summary for event in door.events(referral))


def test_the_same_where_the_rule_joins_says_nothing_more(door, mia):
    (again,) = log(door, child_fields("Mia"), said=[(0, mia.person_id, True)])
    assert again.person_id == mia.person_id


def test_another_keeps_two_children_apart_whom_the_rule_would_join(door, mia):
    (again,) = log(door, child_fields("Mia"), said=[(0, mia.person_id, False)])
    assert again.person_id != mia.person_id
    assert between(door, again.person_id, mia.person_id) == [(False, OFFICER.username)]


def test_another_of_a_row_that_was_typed_anew_says_nothing(door, mia):
    (zoe,) = log(door, child_fields("Zoe", "Quill"), said=[(0, mia.person_id, False)])
    assert between(door, zoe.person_id, mia.person_id) == []


def test_the_same_of_one_keeps_the_rule_from_joining_somebody_else(door, mia):
    (maya,) = log(door, child_fields("Maya", birth_date="2004-05-07"), said=[(0, mia.person_id, False)])
    (third,) = log(door, child_fields("Mia"), said=[(0, maya.person_id, True)])
    assert third.person_id not in (mia.person_id, maya.person_id)
    assert between(door, third.person_id, maya.person_id) == [(True, OFFICER.username)]
    assert between(door, third.person_id, mia.person_id) == [(None, "")]


def test_the_other_child_of_a_contact_does_not_join_whom_an_officer_has_named(door, mia):
    maya, double = log(door, child_fields("Maya"), child_fields("Mia"), said=[(0, mia.person_id, True)])
    assert mia.person_id not in (maya.person_id, double.person_id)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (child_fields("Mia", nhs_number=OTHER), "has another NHS number or unique pupil number"),
        (child_fields("Zoe", "Quill", birth_date="1999-01-02"), "nothing says so any more"),
    ],
)
def test_the_same_is_refused_where_a_number_or_nothing_speaks_for_it(door, mia, typed, words):
    log(door, child_fields("Mia", nhs_number=NUMBER))
    with pytest.raises(InvalidInput, match=words) as refused:
        log(door, typed, said=[(0, mia.person_id, True)])
    assert [fault.place for fault in refused.value.faults] == ["children.0.known"]
    with door.database.read() as session:
        assert len(rows.everything(session, Contact)) == 2


def test_the_same_is_refused_where_the_number_is_on_another_childs_record(door, mia):
    matching.child(door, "Leo", "Stone", nhs_number=NUMBER, birth_date="2001-01-01")
    with pytest.raises(InvalidInput, match="is on another child’s record"):
        log(door, child_fields("Mia", nhs_number=NUMBER), said=[(0, mia.person_id, True)])


def test_a_number_on_a_record_that_is_closed_to_the_officer_tells_them_nothing(door, mia):
    leo = matching.child(door, "Leo", "Stone", nhs_number=NUMBER, birth_date="2001-01-01")
    hands.restrict(door, leo, by=SERVICE_MANAGER)
    (again,) = log(door, child_fields("Mia", nhs_number=NUMBER), said=[(0, mia.person_id, True)])
    assert again.person_id == mia.person_id


@pytest.mark.parametrize("same", [True, False])
def test_of_a_closed_record_is_answered_as_of_one_that_there_is_not(door, mia, same):
    hands.restrict(door, mia, by=SERVICE_MANAGER)
    said = []
    for number in (mia.person_id, 999_999):
        with pytest.raises(InvalidInput) as refused:
            log(door, child_fields("Mia"), said=[(0, number, same)])
        said.append(str(refused.value))
    assert said[0] == said[1]
    with door.database.read() as session:
        assert rows.everything(session, ProposedMatch) == []


def test_two_children_of_a_contact_are_not_one_on_record(door, mia):
    with pytest.raises(InvalidInput, match="of two children of this contact"):
        log(door, child_fields("Maya"), child_fields("Mia"), said=[(0, mia.person_id, True), (1, mia.person_id, True)])
    with pytest.raises(InvalidInput, match="both that it is the same"):
        log(door, child_fields("Maya"), said=[(0, mia.person_id, True), (0, mia.person_id, False)])


def test_the_same_of_a_merged_record_is_said_of_the_one_that_goes_on(door):
    kept, gone = matching.child(door, "Elizabeth"), matching.child(door, "Liz")
    matching.merge(door, kept, gone)
    (again,) = log(door, child_fields("Lizzie"), said=[(0, gone.person_id, True)])
    assert between(door, again.person_id, kept.person_id) == [(True, OFFICER.username)]


def test_whoever_may_not_settle_matches_says_nothing(door, mia):
    with pytest.raises(NotAllowed):
        log(door, child_fields("Maya"), said=[(0, mia.person_id, True)], by=person_in(Role.SOCIAL_WORKER))


def calls(door, *children, by=MANAGER):
    typed = [ChildInput(**child) for child in children]
    with door.database.read() as session:
        found = same_call.of_typed(session, by, typed, now=door.now)
        return [(one.contact.ref, one.by, [person.forename for person in one.children]) for one in found]


def test_a_call_about_the_same_child_within_the_hour_is_said(door):
    contact = door.log("Mia", "Leo")
    door.move_to("2009-03-26 10:59")
    assert calls(door, child_fields("Mia")) == [(contact.ref, OFFICER.name, ["Mia"])]
    assert calls(door, child_fields("Zoe", "Quill")) == []
    door.move_to("2009-03-26 11:01")
    assert calls(door, child_fields("Mia")) == []


def test_a_call_about_a_child_that_is_closed_to_the_officer_is_not_said(door, mia):
    hands.restrict(door, mia, by=SERVICE_MANAGER)
    assert calls(door, child_fields("Mia"), by=OFFICER) == []


def test_of_a_contact_that_was_logged_only_earlier_calls_are_said(door):
    first, second = door.log("Mia"), door.log("Mia")
    with door.database.read() as session:
        said = [same_call.of_contact(session, MANAGER, one, now=door.now) for one in (first, second)]
        assert [[one.contact.ref for one in some] for some in said] == [[], [first.ref]]
