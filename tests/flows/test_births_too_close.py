"""Promise: two children of one mother born 1 day to 8 months apart are a query, whichever contacts named them."""

from __future__ import annotations

import pytest

from pathway.engine.children import oddities
from pathway.engine.children.oddities import QueryInput
from pathway.engine.intake import adults
from storage.tables import Query, Referral, id_of
from support import added_children, corrections, rows
from support.front_door import OFFICER, child_fields
from support.old_system import imported, line, sibling, taken_back, written

ON_RECORD = "Born less than eight months from another child on record: two children of one mother hardly are"
TOGETHER = "Born 92 days from child 1: two children of one mother hardly are"
ANN = {"forename": "Ann", "surname": "Reed", "relation": "mother", "birth_date": "1980-03-04"}
MIA = child_fields("Mia", birth_date="2004-03-02")
LEO = child_fields("Leo", birth_date="2004-06-02", sex="M")
ADA = child_fields("Ada", birth_date="2001-06-02")


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children, **more):
    return door.referrals(door.log(children=list(children), **more))


def asked(door):
    """Each query with the reference that it lies on and that of the other child."""
    with door.database.read() as session:
        ref_of = {row.id: row.ref for row in rows.everything(session, Referral)}
        return [(query.problem, ref_of[query.referral_id], query.value) for query in rows.everything(session, Query)]


def settle_all(door):
    with door.database.read() as session:
        standing = [id_of(query) for query in rows.everything(session, Query) if query.settled_at is None]
    for number in standing:
        with door.acting(OFFICER) as act:
            oddities.settle(act, number, QueryInput(note="They have two mothers."))


def test_a_child_of_the_household_on_record_is_a_query_that_names_nobody(door):
    mia, _ = logged(door, MIA, ADA)
    _, leo = logged(door, ADA, LEO)
    assert asked(door) == [(ON_RECORD, leo.ref, mia.ref)]


def test_a_child_of_the_same_named_mother_is_a_query(door):
    (mia,) = logged(door, MIA | {"surname": "Reed"}, adults=[ANN])
    (leo,) = logged(door, LEO, adults=[ANN | {"forename": "ANN"}])
    assert asked(door) == [(ON_RECORD, leo.ref, mia.ref)]


@pytest.mark.parametrize("other", [{"birth_date": "1981-03-04"}, {"birth_date": ""}, {"forename": "Jo"}])
def test_another_mother_and_a_mother_of_whom_only_the_name_is_known_are_no_query(door, other):
    logged(door, MIA | {"surname": "Reed"}, adults=[ANN])
    logged(door, LEO, adults=[ANN | other])
    assert asked(door) == []


def test_two_mothers_in_one_household_are_no_query(door):
    logged(door, MIA, ADA, adults=[ANN | {"of": "1"}])
    logged(door, ADA, LEO, adults=[ANN | {"forename": "Jo", "of": "2"}])
    assert asked(door) == []


@pytest.mark.parametrize(
    ("born", "queries"), [("2004-03-02", 0), ("2004-03-03", 1), ("2004-10-31", 1), ("2004-11-01", 0)]
)
def test_twins_are_none_and_eight_months_are_the_bound(door, born, queries):
    logged(door, MIA, ADA)
    logged(door, ADA, LEO | {"birth_date": born})
    assert len(asked(door)) == queries


def test_children_of_two_families_named_together_once_are_no_query(door):
    logged(door, MIA, ADA | {"surname": "Okoro"})
    logged(door, ADA | {"surname": "Okoro"}, LEO | {"surname": "Reed"})
    assert asked(door) == []


def test_a_date_that_only_the_record_knows_is_held_against_the_contact_too(door):
    number = {"nhs_number": "9434765919"}
    logged(door, MIA | number)
    mia, leo = logged(door, MIA | number | {"birth_date": None}, LEO)
    assert asked(door) == [(ON_RECORD, mia.ref, leo.ref)]


@pytest.mark.parametrize("settled", [False, True])
def test_the_same_two_are_asked_about_once(door, settled):
    logged(door, MIA, LEO)
    assert [problem for problem, *_ in asked(door)] == [TOGETHER]
    if settled:
        settle_all(door)
    logged(door, MIA, LEO)
    logged(door, LEO)
    assert len(asked(door)) == 1


def test_a_child_added_in_screening_is_held_against_the_household(door):
    contact = door.log(children=[MIA])
    (mia,) = door.referrals(contact)
    leo = added_children.add_child(door, contact, child=LEO)
    assert asked(door) == [(ON_RECORD, leo.ref, mia.ref)]


def test_a_mother_named_later_is_a_query(door):
    (mia,) = logged(door, MIA | {"surname": "Reed"}, adults=[ANN])
    contact = door.log(children=[LEO])
    with door.acting(OFFICER) as act:
        adults.add(act, id_of(contact), adults.AdultInput(**ANN))
    assert asked(door) == [(ON_RECORD, door.referrals(contact)[0].ref, mia.ref)]


def test_a_corrected_birth_date_asks_and_asks_anew_when_the_first_was_settled(door):
    mia, leo = logged(door, MIA, LEO | {"birth_date": "2006-06-02"})
    corrections.child(door, leo, "birth_date", "2 6 2004")
    corrections.child(door, mia, "birth_date", "3 3 2004")
    assert asked(door) == [(ON_RECORD, leo.ref, mia.ref)]
    settle_all(door)
    corrections.child(door, mia, "birth_date", "4 3 2004")
    assert asked(door) == [(ON_RECORD, leo.ref, mia.ref), (ON_RECORD, mia.ref, leo.ref)]


def test_an_import_asks_about_a_child_of_the_household_on_record_once(door, tmp_path):
    born = {"child_forename": "Leo", "child_surname": "Harlow", "child_dob": "02/06/2004"}
    ada = sibling("Ada", child_surname="Harlow", child_dob="02/06/2001")
    mia, _ = logged(door, MIA, ADA, received="2009-03-01 09:00")
    imported(door.database, written(tmp_path, line(**born), ada))
    assert [(problem, beside) for problem, _, beside in asked(door) if problem == ON_RECORD] == [(ON_RECORD, mia.ref)]
    assert imported(door.database, written(tmp_path, line(**born), ada)).run_id is None
    assert len([one for one in asked(door) if one[0] == ON_RECORD]) == 1


def test_no_query_points_to_a_child_whose_import_was_taken_back(door, tmp_path):
    _, leo = logged(door, ADA, LEO | {"birth_date": "2006-06-02"}, received="2009-03-01 09:00")
    ada = sibling("Ada", child_surname="Harlow", child_dob="02/06/2001")
    report = imported(door.database, written(tmp_path, line(child_dob="02/03/2004"), ada))
    corrections.child(door, leo, "birth_date", "2 6 2004")
    assert ON_RECORD in [problem for problem, *_ in asked(door)]
    taken_back(door.database, report.run_id, now=door.now)
    assert ON_RECORD not in [problem for problem, *_ in asked(door)]
