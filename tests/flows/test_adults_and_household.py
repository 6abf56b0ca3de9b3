"""Adults are kept as contacts name them, shown by right, and evidence for children; nobody joins them to another."""

from __future__ import annotations

import pytest

from pathway.engine import inputs
from pathway.engine.intake import adults
from pathway.engine.intake.adults import AdultInput
from pathway.web.page_words import child_name
from pathway.web.views import household_view
from rules.errors import InvalidInput
from storage.tables import NamedAdult
from support import matching, rows
from support.front_door import OFFICER, child_fields
from support.matching import person
from support.splitting import split, undo

ANN = {"forename": "Ann", "surname": "Reed", "relation": "mother", "birth_date": "1980-03-04", "phone": "020 7946 0123"}
UNBORN = {"birth_date": None, "due_date": "2009-06-20", "sex": "U", "surname": ""}


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children, adults=(), **more):
    return door.referrals(door.log(children=list(children), adults=list(adults), **more))


def household(door, referral, *, sees_protected=True):
    with door.database.read() as session:
        return household_view.of(session, door.fresh(referral).person_id, sees_protected=sees_protected)


def names(found):
    return [one.adult.forename for one in found.adults]


def test_an_adult_is_kept_with_what_they_are_to_each_child(door):
    mia, leo = logged(
        door,
        child_fields("Mia"),
        child_fields("Leo", sex="M"),
        adults=[ANN | {"parental_responsibility": True, "lives_there": "no"}, ANN | {"of": "2", "relation": "carer"}],
    )
    ((first,), told) = [names(household(door, one)) for one in (mia, leo)]
    assert (first, len(told)) == ("Ann", 2)
    (relation,) = [one.relation for one in household(door, mia).adults]
    assert (relation.relation, relation.parental_responsibility, relation.lives_there) == ("mother", True, False)


def test_the_same_adult_of_two_contacts_is_two_rows_and_reads_as_one(door):
    for _ in range(2):
        (mia,) = logged(door, child_fields("Mia"), adults=[ANN])
    with door.database.read() as session:
        assert len(rows.everything(session, NamedAdult)) == 2
    assert names(household(door, mia)) == ["Ann"]


@pytest.mark.parametrize(
    ("adult", "problem"),
    [
        (ANN | {"relation": "neighbour"}, "There is no relation neighbour"),
        (ANN | {"of": "1, 3"}, "This contact has no child 3"),
        ({"relation": "father"}, "Nothing tells who this adult is"),
    ],
)
def test_an_odd_adult_is_an_error_at_its_field(door, adult, problem):
    with pytest.raises(InvalidInput, match=problem):
        logged(door, child_fields("Mia"), adults=[adult])


def test_an_unborn_child_is_named_by_its_mother_wherever_it_is_named(door):
    (baby,) = logged(door, child_fields("", **UNBORN), adults=[ANN])
    assert child_name(person(door, baby.person_id)) == "Unborn baby of Ann Reed, due 20 Jun 2009"
    assert baby.named_as == "Unborn baby of Ann Reed, due 20 Jun 2009"
    (other,) = logged(door, child_fields("", **UNBORN))
    assert child_name(person(door, other.person_id)) == "Unborn child, due 20 Jun 2009"


def add(door, referral, **typed):
    data = inputs.parse(AdultInput, ANN | typed)
    with door.acting(OFFICER) as act:
        adults.add(act, referral.contact_id, data)


def test_a_mother_of_whom_was_heard_later_names_the_unborn_child(door):
    (baby,) = logged(door, child_fields("", **UNBORN))
    add(door, baby)
    assert person(door, baby.person_id).mother == "Ann Reed"
    assert door.events(baby)[-1].summary == "Adult added: mother"


def test_one_mother_speaks_for_a_match_and_joins_nobody(door):
    (baby,) = logged(door, child_fields("", **UNBORN), adults=[ANN])
    (born,) = logged(door, child_fields("", "", birth_date=None, due_date="2009-06-25", sex="U"), adults=[ANN])
    assert born.person_id != baby.person_id
    ((match, other),) = matching.proposals(door, born)
    assert other.id == baby.person_id
    assert "same mother, by name and birth date" in match.reason.lower()


def test_adults_go_with_the_contact_that_named_them(door):
    logged(door, child_fields("Mia"))
    (again,) = logged(door, child_fields("Mia", gp="Dr Ford"), adults=[ANN])
    first = person(door, again.person_id)
    assert (first.mother, first.gp) == ("Ann Reed", "Dr Ford")
    row = split(door, again)
    assert names(household(door, again)) == ["Ann"]
    old = person(door, row.from_id)
    assert (old.mother, old.mother_birth_date, old.gp) == ("", None, "")
    undo(door, row)
    assert person(door, row.from_id).mother == "Ann Reed"


def test_an_adult_who_is_the_protected_referrer_is_shown_only_to_who_may_see_one(door):
    (mia,) = logged(
        door, child_fields("Mia"), adults=[ANN], referrer_name="Ann Reed", identity_protected=True, source_code="1A"
    )
    assert names(household(door, mia)) == ["Ann"]
    assert names(household(door, mia, sees_protected=False)) == []


def test_a_known_risk_is_told(door):
    (mia,) = logged(door, child_fields("Mia"), adults=[ANN | {"risk": "A large dog."}])
    assert [one.risk for one in household(door, mia).risks] == ["A large dog."]


def test_nothing_of_an_adult_is_lost(door):
    logged(door, child_fields("Mia"), adults=[ANN | {"language": "Polish", "interpreter": True}])
    with door.database.read() as session:
        (adult,) = rows.everything(session, NamedAdult)
    assert (adult.language, adult.interpreter, adult.named_by) == ("Polish", True, OFFICER.username)
