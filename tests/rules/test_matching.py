"""Why two records may be one child: names, birth dates, addresses and numbers, weighed."""

from __future__ import annotations

from datetime import date

import pytest

from pathway.engine.children import candidates
from rules.likeness import birth_dates
from rules.likeness.matching import likeness, read

BORN = date(2004, 3, 9)
FAR = date(2001, 11, 20)
ONE, OTHER, WRONG = "9434765919", "4010232137", "9434765918"
HOME = "28 Muswell Hill Broadway, London N17 9UD"
UPN, OTHER_UPN = "H801200001001", "X801200001002"


def child(forename="Mia", surname="Harlow", birth_date=BORN, **known):
    return read(forename=forename, surname=surname, birth_date=birth_date, forms=candidates.forms(), **known)


SAME_DATE = "same birth date"
SPELLINGS = [
    ("Zoë", "Marsh", "Zoe", "MARSH", f"Same name, but for accents, hyphens or spaces; {SAME_DATE}"),
    ("Łukasz", "Y\u0131lmaz", "Lukasz", "Yilmaz", f"Same name, but for accents, hyphens or spaces; {SAME_DATE}"),
    ("Ella-Mae", "O'Hara", "Ella Mae", "O\u2019Hara", f"Same name, but for accents, hyphens or spaces; {SAME_DATE}"),
    ("Liz", "Harlow", "Elizabeth", "Harlow", f"Another form of the first name; same surname; {SAME_DATE}"),
    ("Mo", "Ali", "Muhammad", "Ali", f"Another form of the first name; same surname; {SAME_DATE}"),
    ("Mary Jane", "Harlow", "Mary", "Harlow", f"One of two first names; same surname; {SAME_DATE}"),
    ("Kwabena Yaw", "Mensah", "Kwabena", "Mensah", f"One of two first names; same surname; {SAME_DATE}"),
    ("Folasade", "Adeyemi", "Folasdae", "Adeyemi", f"First name spelt nearly the same; same surname; {SAME_DATE}"),
    ("Thabo", "Okafor", "Thabo", "Ocaffour", f"Same first name; surname sounds alike; {SAME_DATE}"),
    ("Isla", "Ó Briain-Walsh", "Isla", "Walsh", f"Same first name; part of a double surname; {SAME_DATE}"),
    ("Hussain", "Karim", "Karim", "Hussain", f"First name and surname swapped; {SAME_DATE}"),
    ("Hussein", "Karimi", "Karim", "Hussain", f"First name and surname swapped, and spelt otherwise; {SAME_DATE}"),
    ("Ava", "Harlow", "Anna", "Harlow", f"Another first name with the same initial; same surname; {SAME_DATE}"),
    ("Mia", "Harlow", "Mia", "Dent", f"Same first name; another surname; {SAME_DATE}"),
    ("", "Harlow", "Mia", "Harlow", f"Same surname; {SAME_DATE}"),
]  # fmt: skip


@pytest.mark.parametrize(("forename", "surname", "other_forename", "other_surname", "reason"), SPELLINGS)
def test_names_are_compared_by_spelling_sound_order_accents_and_short_forms(
    forename, surname, other_forename, other_surname, reason
):
    one, other = child(forename, surname), child(other_forename, other_surname)
    assert likeness(one, other).reason == reason
    assert likeness(other, one) == likeness(one, other)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (date(2004, 9, 3), "day and month of the birth date swapped"),
        (date(2004, 3, 19), "a digit of the birth date differs"),
        (date(2014, 3, 9), "a digit of the birth date differs"),
        (date(2004, 3, 8), "birth dates 1 day apart"),
        (date(2004, 3, 30), "birth dates 21 days apart"),
        (date(2003, 3, 9), "a digit of the birth date differs"),
        (None, "no birth date to compare"),
    ],
)
def test_birth_dates_are_compared_by_the_slips_that_people_make(typed, reason):
    found = likeness(child(), child(birth_date=typed))
    assert found.reasons == ("same name", reason)


def test_years_that_follow_each_other_over_a_decade_are_a_year_apart():
    found = likeness(child(birth_date=date(1999, 3, 9)), child(birth_date=date(2000, 3, 9)))
    assert found.reasons == ("same name", "birth dates a year apart")


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"address": HOME}, {"address": "28 muswell hill bdwy N179UD"}, "same address"),
        ({"address": "The Old Forge, Park Lane"}, {"address": "the old forge park lane"}, "same address"),
        ({"address": HOME}, {"address": "30 Muswell Hill Broadway, N17 9UD"}, "same postcode"),
        ({"nhs_number": "943 476 5919"}, {"nhs_number": ONE}, "same NHS number"),
        ({"nhs_number": WRONG}, {"nhs_number": ONE}, "an NHS number a slip away"),
        ({"nhs_number": ONE[:-2] + ONE[-1]}, {"nhs_number": ONE}, "an NHS number a slip away"),
        ({"nhs_number": ONE}, {"nhs_number": OTHER}, "but another NHS number"),
        ({"upn": UPN.lower()}, {"upn": UPN}, "same unique pupil number"),
        ({"upn": UPN}, {"upn": OTHER_UPN}, "but another unique pupil number"),
    ],
)
def test_address_and_numbers_speak_for_or_against(one, other, reason):
    assert likeness(child(**one), child(**other)).reasons == ("same name", SAME_DATE, reason)


def test_a_wrong_number_that_was_never_near_says_nothing():
    assert likeness(child(nhs_number="123"), child(nhs_number=ONE)).reasons == ("same name", SAME_DATE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (child(), child(birth_date=FAR)),
        (child("Ann"), child("Bea")),
        (child("Ann", nhs_number=ONE, address=HOME), child("Bea", nhs_number=OTHER, address=HOME)),
        (child("Ann", birth_date=None), child("Bea", birth_date=None)),
        (child("Ann", address=HOME), child("Bea", birth_date=FAR, address=HOME)),
        (child("Kwame", "Dent"), child()),
        (child("", ""), child("", "")),
        (child("", "", None), child("", "", None)),
    ],
    ids=[
        "a namesake", "a birthday and a surname", "twins", "only a surname", "a sister", "only a birthday",
        "no name", "nothing known",
    ],
)  # fmt: skip
def test_nothing_is_proposed_where_little_speaks_for_it(one, other):
    assert likeness(one, other) is None


def test_a_namesake_of_the_same_house_is_proposed_whatever_the_birth_date():
    assert likeness(child(address=HOME), child(birth_date=FAR, address=HOME)).reason == (
        "Same name; another birth date; same address"
    )


def test_a_child_without_a_name_is_known_by_birth_date_and_address():
    found = likeness(child("Unknown", "", address=HOME), child(address=HOME))
    assert found.reasons == ("no name to compare", SAME_DATE, "same address")


def test_a_baby_is_found_again_as_the_unborn_child_that_it_was():
    unborn = child("Unborn", birth_date=None, due_date=date(2004, 3, 20), address=HOME)
    assert likeness(unborn, child(address=HOME)).reasons == (
        "same surname",
        "the birth was due about then",
        "same address",
    )


def test_the_more_agrees_the_likelier():
    same, sounded, sister = (likeness(child("Ann"), child(name)).weight for name in ("ANN", "Annie", "Ava"))
    assert same > sounded > sister


@pytest.mark.parametrize("odd", ["李", "Олександр", "q" * 60_000, "1", "J."])
def test_any_text_is_a_name_that_can_be_compared(odd):
    assert likeness(child(odd, odd), child(odd, odd)).reasons == ("same name", SAME_DATE)


@pytest.mark.parametrize("odd", ["\u202e", "'", "n/k", "Not known", " "])
def test_what_is_no_name_is_not_compared(odd):
    assert likeness(child(odd, odd), child(odd, odd)) is None


@pytest.mark.parametrize("day", [date.min, date.max, date(2004, 2, 29)])
def test_the_first_and_the_last_day_have_variants_too(day):
    assert birth_dates.variants(day)
    assert day not in birth_dates.variants(day)
