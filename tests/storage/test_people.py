from __future__ import annotations

from datetime import date, timedelta

import pytest

from pathway.engine.children.candidates import forms, read
from rules.likeness import identifiers, match_keys, matching
from storage.queries.children import match_rows, person_rows
from storage.tables import Contact, Decision, HouseholdLink, Person, ProposedMatch, Referral
from support import rows

BORN = date(2004, 2, 29)
FORMS = forms()


@pytest.fixture
def session(database):
    with database.write() as session:
        yield session


def child(session, forename, surname="Marsh", **known):
    key = identifiers.name_key(forename, surname)
    return rows.insert(session, Person, forename=forename, surname=surname, name_key=key, **known)


def sought(forename="", surname="", **known):
    return match_keys.sought(matching.read(forename=forename, surname=surname, forms=FORMS, **known), FORMS)


def with_keys(session, person):
    person_rows.add_keys(session, person.id, match_keys.stored(read(person)))
    return person


def found(session, *names, **known):
    return [candidate.id for candidate in person_rows.candidates(session, sought(*names, **known))]


def test_a_child_is_found_by_a_valid_nhs_number(session):
    ann = child(session, "Ann", nhs_number="9434765919")
    assert found(session, nhs_number="943 476 5919") == [ann.id]
    assert found(session, nhs_number="9434765918") == [ann.id]
    assert found(session, nhs_number="4010232137") == []


def test_a_wrong_number_on_record_is_found_by_the_right_one(session):
    ann = with_keys(session, child(session, "Ann", nhs_number_unverified="9434765918"))
    assert found(session, nhs_number="9434765919") == [ann.id]


def test_everybody_of_a_birth_date_is_looked_at_and_of_near_dates_those_with_the_same_beginning(session):
    same, near = child(session, "Bea", birth_date=BORN), child(session, "Ann", birth_date=BORN + timedelta(days=1))
    child(session, "Bea", birth_date=BORN + timedelta(days=1))
    assert found(session, "Anton", "Other", birth_date=BORN) == [same.id, near.id]


@pytest.mark.parametrize(
    ("names", "known"),
    [
        (("Beth", "Marsh"), {}),
        (("Marsh", "Elizabeth"), {}),
        (("Elizabeth", "Dent-Marsh"), {"birth_date": BORN + timedelta(days=20)}),
        (("Eve", "Other"), {"address": "12 High Road, N178WH"}),
        (("", "Marsh"), {"upn": "H801200001001"}),
    ],
)
def test_a_child_is_found_by_sound_order_short_form_postcode_and_pupil_number(session, names, known):
    address = {"address": "12 High Road, London N17 8WH", "upn": "H801200001001"}
    liz = with_keys(session, child(session, "Elizabeth", birth_date=BORN, **address))
    with_keys(session, child(session, "Thabo", "Okafor"))
    assert found(session, *names, **known) == [liz.id]


def test_a_name_that_sounds_alike_counts_only_with_a_birth_date_that_is_near_or_not_known(session):
    unknown = with_keys(session, child(session, "Ann"))
    with_keys(session, child(session, "Ann", birth_date=BORN + timedelta(days=500)))
    assert found(session, "Ann", "Marsh", birth_date=BORN) == [unknown.id]


def test_nobody_is_found_for_a_child_of_whom_nothing_is_known(session):
    child(session, "", "", address="3 High Road")
    assert found(session, address="3 High Road") == []


def test_a_merged_person_stands_for_the_one_at_the_end_of_the_chain(session):
    last = child(session, "Ann")
    middle = child(session, "Anna", merged_into_id=last.id)
    first = child(session, "Anne", merged_into_id=middle.id, birth_date=BORN)
    (candidate,) = person_rows.candidates(session, sought("Zoe", birth_date=BORN))
    assert (candidate.id, candidate.kept_id) == (first.id, last.id)
    assert person_rows.joined_with(session, middle.id) == {first.id, middle.id, last.id}


@pytest.mark.parametrize("newer", [True, False])
def test_an_open_proposal_is_seen_from_both_children(session, newer):
    older, ann = child(session, "Ann"), child(session, "Ann")
    match = rows.insert(session, ProposedMatch, person_id=ann.id, other_person_id=older.id)
    third = child(session, "Ann")
    rows.insert(session, ProposedMatch, person_id=third.id, other_person_id=ann.id, settled_at=rows.MOMENT)
    seen_from, other = (ann, older) if newer else (older, ann)
    assert match_rows.open_of(session, seen_from.id) == [(match, other)]


def test_a_proposal_about_a_merged_person_is_about_the_one_kept(session):
    kept, other = child(session, "Ann"), child(session, "Anna")
    merged = child(session, "Anne", merged_into_id=kept.id)
    match = rows.insert(session, ProposedMatch, person_id=merged.id, other_person_id=other.id)
    rows.insert(session, ProposedMatch, person_id=merged.id, other_person_id=kept.id)
    assert match_rows.open_of(session, kept.id) == [(match, other)]
    assert match_rows.open_of(session, other.id) == [(match, kept)]


def test_the_household_of_a_merged_child_is_that_of_the_one_kept(session):
    kept, sister, brother = (child(session, name) for name in ("Ann", "Bea", "Tom"))
    merged = child(session, "Anne", merged_into_id=kept.id)
    for one, other in [(kept, sister), (brother, merged)]:
        rows.insert(session, HouseholdLink, person_id=one.id, other_person_id=other.id)
    assert person_rows.household(session, kept.id) == person_rows.household(session, merged.id) == [sister, brother]
    assert person_rows.household(session, brother.id) == [kept]


def test_a_household_is_seen_from_each_of_its_children(session):
    ann, bea, tom = (child(session, name) for name in ("Ann", "Bea", "Tom"))
    for one, other in [(ann, bea), (bea, tom)]:
        rows.insert(session, HouseholdLink, person_id=one.id, other_person_id=other.id)
    assert person_rows.household(session, bea.id) == [ann, tom]
    assert person_rows.household(session, tom.id) == [bea]
    assert person_rows.household_pairs(session, [ann.id, bea.id]) == {(ann.id, bea.id)}
    assert person_rows.household_pairs(session, []) == set()


def test_earlier_referrals_come_with_their_decisions_the_latest_first(session):
    ann = child(session, "Ann")
    march, april = (
        rows.insert(session, Referral, person_id=ann.id, contact_id=rows.insert(session, Contact, received_at=at).id)
        for at in (rows.MOMENT, rows.MOMENT + timedelta(days=30))
    )
    wrong, right = (rows.insert(session, Decision, referral_id=march.id) for _ in range(2))
    rows.insert(session, Decision)  # about another child
    found = person_rows.referrals_of(session, ann.id)
    assert [(earlier.referral, earlier.decisions) for earlier in found] == [(april, ()), (march, (wrong, right))]
    assert found[1].contact.received_at == rows.MOMENT
