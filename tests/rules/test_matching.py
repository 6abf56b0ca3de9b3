from __future__ import annotations

from datetime import date

import pytest

from rules.matching import Child, likeness

BORN = date(2004, 2, 29)
LATER = date(2004, 3, 1)
ONE, OTHER = "9434765919", "4010232137"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (
            {"surname": "Marsh", "forename": "Zoë", "birth_date": BORN},
            {"surname": "MARSH", "forename": "Zoe", "birth_date": BORN},
            "The same birth date, and a name that differs only in accents, hyphens or spaces",
        ),
        (
            {"surname": "O'Hara-Lee", "forename": "Ann", "birth_date": BORN},
            {"surname": "O\N{RIGHT SINGLE QUOTATION MARK}Hara Lee", "forename": "Ann"},
            "The same name, and no birth date to compare",
        ),
        (
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN},
            {"surname": "Marsh", "forename": "Ann", "birth_date": LATER},
            "The same name, but another birth date",
        ),
        (
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN, "nhs_number": ONE},
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN, "nhs_number": OTHER},
            "The same name and birth date, but another NHS number",
        ),
        (
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN},
            {"surname": "Marsh", "forename": "Annie", "birth_date": BORN},
            "The same birth date and surname",
        ),
        (
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN, "address": "3 High Road"},
            {"surname": "Fenn", "forename": "Annie", "birth_date": BORN, "address": "3, high road"},
            "The same birth date and address",
        ),
        ({"surname": "Marsh", "birth_date": BORN}, {"birth_date": BORN}, "The same birth date, and no name to compare"),
    ],
)
def test_two_records_may_be_one_child(one, other, reason):
    there, back = likeness(Child(**one), Child(**other)), likeness(Child(**other), Child(**one))
    assert there == back
    assert there.reason == reason


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"surname": "Marsh", "forename": "Ann", "birth_date": BORN}, {"surname": "Fenn", "birth_date": BORN}),
        ({"surname": "Marsh", "forename": "Ann"}, {"surname": "Marsh", "forename": "Bea"}),
        (
            {"surname": "Marsh", "forename": "Ann", "birth_date": BORN, "nhs_number": ONE},
            {"surname": "Marsh", "forename": "Bea", "birth_date": BORN, "nhs_number": OTHER},
        ),
        ({}, {}),
    ],
    ids=["only a birthday", "only a surname", "twins", "nothing known"],
)
def test_nothing_is_proposed_where_little_speaks_for_it(one, other):
    assert likeness(Child(**one), Child(**other)) is None


def test_an_equal_name_and_date_is_likelier_than_a_shared_surname():
    ann = Child(surname="Marsh", forename="Ann", birth_date=BORN)
    same = likeness(ann, Child(surname="Marsh", forename="ANN", birth_date=BORN))
    sister = likeness(ann, Child(surname="Marsh", forename="Bea", birth_date=BORN))
    assert same.weight > sister.weight
