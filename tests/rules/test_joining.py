"""When a child joins a person on record by itself, and when a human being is asked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathway.engine.children import candidates
from rules.likeness import joining, matching
from rules.likeness.joining import Around, Fact
from support import source

BORN = date(2004, 5, 6)
NUMBER, OTHER = "9434765919", "4010232137"
UPN = "B123456789012"
HOME, AWAY = "28 Muswell Hill Broadway, London N17 9UD", "3 High Street, London N22 7AA"
KNOWN = {
    "forename": "Elizabeth",
    "surname": "Harlow",
    "birth_date": BORN,
    "nhs_number": NUMBER,
    "address": HOME,
    "sex": "F",
}
NOBODY = dict.fromkeys(KNOWN, "") | {"birth_date": None}


def child(**typed):
    return matching.read(forms=candidates.forms(), **typed)


def rule(typed, known=None, **around):
    """By which rule a child joins one who is known well, or "" where somebody is asked."""
    records = [child(**one) for one in (known if isinstance(known, list) else [KNOWN | (known or {})])]
    join = joining.judge(child(**NOBODY | typed), records, Around(**around))
    return join.rule if join else ""


NAMED = {"forename": "Elizabeth", "surname": "Harlow", "birth_date": BORN}
BY_NUMBER = [
    ({"forename": "Elizabeth", "birth_date": BORN}, "a1"),
    ({"forename": "Liz", "birth_date": BORN}, "a1"),
    ({"forename": "Liz", "birth_date": date(2004, 6, 5)}, "a1"),
    ({"forename": "Liz", "birth_date": date(2004, 5, 7), "surname": "Dent"}, "a1"),
    ({"forename": "Liz", "surname": "Harlow"}, "a2"),
    ({"forename": "Liz", "surname": "Harlow", "birth_date": date(2004, 1, 1)}, "a2"),
    ({"forename": "Liz", "surname": "Harlow", "birth_date": date(1900, 1, 1)}, "a2"),
    ({"birth_date": BORN}, "a3"),
    ({"forename": "Baby", "birth_date": BORN}, "a3"),
    ({}, ""),
    ({"forename": "Liz"}, ""),
    ({"forename": "Liz", "surname": "Dent"}, ""),
    ({"forename": "Jack", "surname": "Osei", "birth_date": date(2008, 4, 3)}, ""),
    ({"forename": "Jack", "surname": "Harlow", "birth_date": BORN}, ""),
    ({"forename": "Elisabetta", "birth_date": BORN}, ""),
    ({"forename": "Liz", "birth_date": date(2008, 4, 9)}, ""),
    ({"forename": "Liz", "surname": "Harlow", "birth_date": date(2009, 1, 1)}, ""),
]


@pytest.mark.parametrize(("typed", "expected"), BY_NUMBER)
def test_an_equal_number_joins_only_with_the_name_or_the_date(typed, expected):
    assert rule(typed | {"nhs_number": NUMBER}) == expected


def test_a_pupil_number_counts_as_an_nhs_number_does():
    upn = next(f"{letter}{UPN[1:]}" for letter in "ABCDEFGHJKLMNPQRTUVWXYZ" if matching.read(upn=letter + UPN[1:]).upn)
    assert rule({"forename": "Liz", "birth_date": BORN, "upn": upn}, {"upn": upn}) == "a1"
    assert rule({"forename": "Liz", "birth_date": BORN, "upn": upn, "nhs_number": OTHER}, {"upn": upn}) == ""


def test_twins_are_never_joined_by_number_and_date_alone():
    assert rule({"birth_date": BORN, "nhs_number": NUMBER}, twin=True) == ""


BY_NAME = [
    ({"address": HOME}, "b1"),
    ({"sex": "F"}, "b2"),
    ({"sex": "F", "address": AWAY}, "b2"),
    ({"sex": "M", "address": HOME}, "b1"),
    ({"sex": "M", "address": AWAY}, ""),
    ({"sex": "M"}, ""),
    ({}, ""),
    ({"sex": "F", "nhs_number": OTHER}, ""),
    ({"sex": "F", "address": HOME, "forename": "Liz"}, ""),
    ({"sex": "F", "address": HOME, "birth_date": date(2004, 6, 5)}, ""),
    ({"sex": "F", "address": HOME, "birth_date": date(2004, 1, 1)}, "b3"),
    ({"sex": "F", "address": HOME, "birth_date": date(2006, 1, 1)}, ""),
    ({"sex": "F", "birth_date": date(2004, 1, 1)}, ""),
    ({"address": HOME, "birth_date": None}, ""),
    ({"sex": "F", "address": HOME, "forename": "Unknown"}, "b4"),
    ({"sex": "F", "address": HOME, "forename": ""}, "b4"),
    ({"sex": "F", "address": HOME, "forename": "Jack", "surname": ""}, ""),
    ({"sex": "F", "forename": "Unknown"}, ""),
]


@pytest.mark.parametrize(("typed", "expected"), BY_NAME)
def test_an_equal_name_and_date_join_only_with_one_more_fact(typed, expected):
    assert rule(NAMED | typed) == expected


def test_the_household_is_such_a_fact():
    assert rule(NAMED, household=True) == "b1"


@pytest.mark.parametrize(("typed", "expected"), [({"sex": "F"}, ""), ({"sex": "F", "address": HOME}, "b1")])
def test_where_another_bears_the_name_address_or_household_must_agree(typed, expected):
    assert rule(NAMED | typed, namesake=True) == expected


def test_twins_whose_names_nobody_knew_are_not_one():
    assert rule(NAMED | {"forename": "Baby", "address": HOME, "sex": "F"}, twin=True) == ""


@pytest.mark.parametrize(
    "name", ["Unknown", "Baby", "Infant", "Unknown Male", "Male Child", "Baby Boy", "Twin 1", "?", "XXXX", "N/A", "-",
             "Unnamed", "Unborn", "n/k", "not known", "Baby of Sarah Jones", "NOT KNOWN YET", "Child 2", "Twin A",
             "Toddler", "Youngest", "Female child 3", "to be confirmed", "Not disclosed", "Jane Doe", "ditto", "Miss",
             "J."]
)  # fmt: skip
def test_a_name_that_stands_for_not_known_agrees_with_nothing(name):
    typed = NAMED | {"forename": name}
    assert Fact.FULL_NAME not in joining.facts(child(**typed), child(**typed))
    assert rule(typed | {"sex": "F"}, [typed | {"sex": "F"}]) == ""


@pytest.mark.parametrize(
    "name", ["Mo", "Bo", "Young", "May", "Son", "Ann", "Jo", "X-tina", "Babette", "Ella", "Kit", "Minnie", "Junior"]
)
def test_a_name_that_people_bear_is_one(name):
    assert child(forename=name, surname="Child").forename.joined


@pytest.mark.parametrize(
    "against",
    [{"nhs_number": OTHER}, {"forename": "Jack"}, {"birth_date": date(2009, 9, 9)}, {"sex": "M", "address": AWAY}],
)
def test_every_record_under_a_person_is_asked_and_not_the_nearest(against):
    typed = NAMED | {"nhs_number": NUMBER, "address": HOME, "sex": "F"}
    assert rule(typed, [KNOWN]) == "a1"
    assert rule(typed, [KNOWN, KNOWN | against]) == ""


def test_the_document_has_the_table_of_the_rule():
    text = (source.ROOT / "docs/matching.md").read_text()
    written = re.search(r"joining\.table -->\n(.*)\n<!-- end -->", text, re.DOTALL)
    assert written is not None
    assert written[1] == joining.table()
    assert f"version {joining.VERSION}," in text


NAMES = st.sampled_from(["Elizabeth", "Liz", "Lisbeth", "Jack", "Baby", "Unknown", "Twin 1", "", "Ella Mae", "Ella"])
DATES = st.sampled_from([BORN, date(2004, 6, 5), date(2004, 1, 1), date(1900, 1, 1), date(2009, 9, 9), None])
CHILDREN = st.fixed_dictionaries(
    {
        "forename": NAMES,
        "surname": st.sampled_from(["Harlow", "Dent", "Unknown", ""]),
        "birth_date": DATES,
        "nhs_number": st.sampled_from(["", NUMBER, OTHER, "9434765918"]),
        "address": st.sampled_from(["", HOME, AWAY]),
        "sex": st.sampled_from(["M", "F", "U"]),
    }
)
AROUND = st.builds(Around, household=st.booleans(), twin=st.booleans(), namesake=st.booleans())


CHANGES = st.lists(st.tuples(CHILDREN, st.sets(st.sampled_from(sorted(KNOWN)), max_size=3)), min_size=1, max_size=3)


@given(CHILDREN, CHANGES, AROUND)
def test_no_join_is_made_that_the_rule_forbids(typed, changes, around):
    records = [typed | {name: other[name] for name in names} for other, names in changes]
    read, known = child(**typed), [child(**one) for one in records]
    if joining.judge(read, known, around) is None:
        return
    found = [joining.facts(read, one, around) for one in known]
    assert not any(Fact.OTHER_NUMBER in one or Fact.OTHER_FORENAME in one or Fact.OTHER_DATE in one for one in found)
    assert not any({Fact.OTHER_SEX, Fact.OTHER_ADDRESS} <= one for one in found)
    assert any(Fact.NUMBER in one or {Fact.DATE, Fact.ADDRESS} & one for one in found)
    if around.twin:
        assert any(Fact.FORENAME in one for one in found)


@given(CHILDREN, CHILDREN, AROUND)
def test_it_does_not_matter_which_record_was_there_first(one, other, around):
    assert joining.facts(child(**one), child(**other), around) == joining.facts(child(**other), child(**one), around)
