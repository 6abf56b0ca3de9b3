from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules import identifiers
from storage.queries import people
from storage.tables import Contact, Decision, HouseholdLink, Person, ProposedMatch, Referral
from support import rows

BORN = date(2004, 2, 29)


@pytest.fixture
def session(database):
    with database.write() as session:
        yield session


def child(session, forename, surname="Marsh", **known):
    key = identifiers.name_key(forename, surname)
    return rows.insert(session, Person, forename=forename, surname=surname, name_key=key, **known)


def test_a_child_is_found_by_a_valid_nhs_number(session):
    ann = child(session, "Ann", nhs_number="9434765919")
    assert people.by_nhs_number(session, "9434765919") is ann
    assert people.by_nhs_number(session, "4010232137") is None


def test_a_child_is_found_by_name_and_birth_date(session):
    ann = child(session, "Ann", birth_date=BORN)
    child(session, "Ann", birth_date=BORN + timedelta(days=1))
    child(session, "Bea", birth_date=BORN)
    assert people.by_name_and_birth_date(session, "ann marsh", BORN) == [ann]


def test_a_child_is_found_by_a_name_of_sixty_thousand_characters(session):
    odd = "".join(str(number) for number in range(12_000))
    ann = child(session, odd, birth_date=BORN)
    assert people.by_name_and_birth_date(session, identifiers.name_key(odd.upper(), "MARSH"), BORN) == [ann]


def test_others_who_may_be_the_child_are_proposed_the_likeliest_first(session):
    cousin = child(session, "Anna", birth_date=BORN)
    namesake = child(session, "Ann")
    child(session, "Ann", "Fletcher")
    ann = child(session, "Ann", birth_date=BORN)
    assert people.proposals(session, ann) == [
        (namesake, "The same name, and no birth date to compare"),
        (cousin, "The same birth date and surname"),
    ]


def test_nobody_is_proposed_for_a_child_of_whom_nothing_is_known(session):
    child(session, "", "", address="3 High Road")
    assert people.proposals(session, child(session, "", "", address="3 High Road")) == []


def test_a_common_name_does_not_flood_the_officer(session):
    for _ in range(people.MOST_PROPOSALS + 1):
        child(session, "Ann")
    assert len(people.proposals(session, child(session, "Ann"))) == people.MOST_PROPOSALS


@pytest.mark.parametrize("newer", [True, False])
def test_an_open_proposal_is_seen_from_both_children(session, newer):
    older, ann = child(session, "Ann"), child(session, "Ann")
    match = rows.insert(session, ProposedMatch, person_id=ann.id, other_person_id=older.id)
    third = child(session, "Ann")
    rows.insert(session, ProposedMatch, person_id=third.id, other_person_id=ann.id, settled_at=rows.MOMENT)
    seen_from, other = (ann, older) if newer else (older, ann)
    assert people.proposed_matches(session, seen_from.id) == [(match, other)]


def test_a_household_is_seen_from_each_of_its_children(session):
    ann, bea, tom = (child(session, name) for name in ("Ann", "Bea", "Tom"))
    for one, other in [(ann, bea), (bea, tom)]:
        rows.insert(session, HouseholdLink, person_id=one.id, other_person_id=other.id)
    assert people.household(session, bea.id) == [ann, tom]
    assert people.household(session, tom.id) == [bea]
    assert people.household_pairs(session, [ann.id, bea.id]) == {(ann.id, bea.id)}
    assert people.household_pairs(session, []) == set()


def test_earlier_referrals_come_with_their_decisions_the_latest_first(session):
    ann = child(session, "Ann")
    march, april = (
        rows.insert(session, Referral, person_id=ann.id, contact_id=rows.insert(session, Contact, received_at=at).id)
        for at in (rows.MOMENT, rows.MOMENT + timedelta(days=30))
    )
    wrong, right = (rows.insert(session, Decision, referral_id=march.id) for _ in range(2))
    rows.insert(session, Decision)  # about another child
    found = people.referrals_of(session, ann.id)
    assert [(earlier.referral, earlier.decisions) for earlier in found] == [(april, ()), (march, (wrong, right))]
    assert found[1].contact.received_at == rows.MOMENT
