"""Corrected adults stand on no page of whoever is shut out: of a protected referrer, or of a restricted sibling."""

from __future__ import annotations

from rules.vocabulary import Role
from support import corrections, hands
from support.corrections import adult_named
from support.front_door import OFFICER, child_fields, person_in

ANN = {"forename": "Ann", "surname": "Reed", "relation": "mother"}
PROTECTED = {"referrer_name": "Ann Reed", "identity_protected": True, "source_code": "1A"}


def corrected(door, surname, *children, adult=ANN, **more):
    contact = door.log(children=[child_fields(name) for name in children], adults=[adult], **more)
    corrections.adult(door, adult_named(door, contact).number, "surname", surname)
    return door.referrals(contact)


def test_the_protected_referrer_stands_in_no_household_under_a_corrected_name_either(either):
    (mia,) = corrected(either.door, "Calliope", "Mia", **PROTECTED)
    row, path = "This child Ann Calliope", f"/referrals/{mia.ref}"
    assert row in either.sign_in(person_in(Role.SERVICE_MANAGER)).open(path).words
    page = either.sign_in(OFFICER).open(path)
    assert (either.status, row in page.words) == (200, False)


def test_what_was_corrected_of_an_adult_of_a_restricted_child_stands_on_no_page_of_a_sibling(either):
    zeb, mia = corrected(either.door, "Calliope", "Zeb", "Mia", adult=ANN | {"of": "1"})
    hands.restrict(either.door, zeb, person_in(Role.SERVICE_MANAGER))
    page = either.sign_in(OFFICER).open(f"/referrals/{mia.ref}/details")
    assert (either.status, "Calliope" in page.words) == (200, False)


def test_what_was_corrected_of_an_adult_stands_with_the_child(either):
    (mia,) = corrected(either.door, "Calliope", "Mia")
    assert "It reads Calliope" in either.sign_in(OFFICER).open(f"/referrals/{mia.ref}/details").words
