"""An adult is corrected, or was named by mistake: old and new stay, and the child whose mother it is follows."""

from __future__ import annotations

import pytest

from pathway.engine import inputs
from pathway.engine.intake import adults, logging_contact
from pathway.web.page_words import child_name
from rules.errors import InvalidInput, NotAllowed, NotFound, Refused, Stale
from rules.vocabulary import EventKind, Role
from storage.queries.children import adult_rows
from storage.tables import FilledField, NamedAdult, NamedChild, id_of
from support import corrections, matching, rows, shut_out
from support.corrections import adult_named, born
from support.front_door import MANAGER, OFFICER, child_fields, contact_fields, person_in
from support.matching import person
from support.splitting import split

ANN = {"forename": "An", "surname": "Reed", "relation": "mother", "birth_date": "1980-03-04", "phone": "020 7946 0123"}
UNBORN = {"birth_date": None, "due_date": "2009-06-20", "sex": "U", "surname": ""}
LOOKS = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children, adult=ANN, **more):
    contact = door.log(children=list(children) or [child_fields("Mia")], adults=[adult], **more)
    return contact, door.referrals(contact), adult_named(door, contact).number


def standing(door, number):
    with door.database.read() as session:
        return adult_rows.standing(session, number)


def household(door, referral):
    with door.database.read() as session:
        return adult_rows.of_persons(session, [door.fresh(referral).person_id])


@pytest.mark.parametrize(
    ("field", "typed", "old", "new"),
    [
        ("forename", "Ann", "An", "Ann"),
        ("surname", "Reid", "Reed", "Reid"),
        ("birth-date", "4 3 1981", "1980-03-04", "1981-03-04"),
        ("phone", "", "020 7946 0123", ""),
        ("language", "Polish", "", "Polish"),
        ("interpreter", "yes", "no", "yes"),
        ("risk", "A large dog.", "", "A large dog."),
        ("relation", "Carer", "mother", "carer"),
        ("parental responsibility", "no", "", "no"),
        ("lives there", "yes", "", "yes"),
    ],
)
def test_each_detail_is_put_right_and_what_stood_there_stays(door, field, typed, old, new):
    _, (mia,), number = logged(door)
    corrections.adult(door, number, field, typed)
    row = corrections.kept(door)[0]
    assert (row.old, row.new, row.reason, row.made_by, row.made_at, row.adult_id) == (
        old,
        new,
        "The school spelt it.",
        MANAGER.username,
        door.now,
        number,
    )
    with door.database.read() as session:
        first, last = rows.everything(session, NamedAdult)
    assert (first.forename, first.named_by, last.first_id, last.named_by) == (
        "An",
        OFFICER.username,
        number,
        MANAGER.username,
    )
    ((line,), held) = household(door, mia), standing(door, number)
    assert (line.adult.id, held.adult.id, len(held.relations)) == (last.id, last.id, 1)


def test_what_one_child_has_is_corrected_for_that_child_alone(door):
    _, (mia, leo), number = logged(door, child_fields("Mia"), child_fields("Leo", sex="M"))
    corrections.adult(door, number, "relation", "step-parent", of=leo.ref)
    corrections.adult(door, number, "lives there", "no", of=leo.ref)
    assert [household(door, one)[0].relation.relation for one in (mia, leo)] == ["mother", "step-parent"]
    assert [household(door, one)[0].relation.lives_there for one in (mia, leo)] == [None, False]
    assert (person(door, mia.person_id).mother, person(door, leo.person_id).mother) == ("An Reed", "")
    corrections.adult(door, number, "relation", "", of=leo.ref)
    assert household(door, leo) == []
    with pytest.raises(InvalidInput, match="nothing to this child"):
        corrections.adult(door, number, "lives there", "yes", of=leo.ref)
    with pytest.raises(InvalidInput, match="nothing to any child"):
        corrections.adult(door, number, "relation", "", of=mia.ref)
    with pytest.raises(InvalidInput, match="No child of this contact"):
        corrections.adult(door, number, "relation", "father")


def test_who_was_named_by_mistake_stands_in_no_household_and_in_the_history(door):
    contact, (baby,), number = logged(door, child_fields("", **UNBORN))
    corrections.adult(door, number, "mistake", "")
    assert (household(door, baby), child_name(person(door, baby.person_id))) == ([], "Unborn child, due 20 Jun 2009")
    assert [one.field for one in corrections.kept(door)] == ["adult_mistake", "mother", "mother_birth_date"]
    assert corrections.kept(door)[0].old == "An Reed"
    with door.database.read() as session:
        assert (len(rows.everything(session, NamedAdult)), list(adult_rows.of_contact(session, contact.id))) == (2, [])
    with pytest.raises(Refused, match="named by mistake"):
        corrections.adult(door, number, "phone", "1")


def test_the_mother_names_the_unborn_child_and_an_unsent_letter_as_she_is_right(door):
    contact, (baby,), number = logged(door, child_fields("", **UNBORN))
    door.hand_over_letters()
    door.decide(baby)
    followed = corrections.adult(door, number, "forename", "Ann")
    assert [(one.kind, one.rewritten) for one in followed.letters] == [("outcome", True)]
    assert "Unborn baby of Ann Reed" in door.letters(contact, "outcome")[-1].text
    assert child_name(person(door, baby.person_id)) == "Unborn baby of Ann Reed, due 20 Jun 2009"
    assert door.fresh(baby).named_as == "Unborn baby of Ann Reed, due 20 Jun 2009"
    kinds = [event.summary for event in door.events(baby) if event.kind == EventKind.DETAIL_CORRECTED]
    assert kinds == [
        "Corrected, adult’s first names: The school spelt it.",
        "Corrected, mother’s name: The school spelt it.",
    ]


def test_a_letter_that_has_left_stays_and_a_corrected_one_is_offered(door):
    _, (baby,), number = logged(door, child_fields("", **UNBORN))
    door.decide(baby)
    door.hand_over_letters()
    assert [one.rewritten for one in corrections.adult(door, number, "forename", "Ann").letters] == [False]
    assert {one.correction_id for one in corrections.offers(door)} == {corrections.kept(door)[0].id}


def test_matches_are_judged_again_by_the_mother_and_nobody_is_joined(door):
    _, (baby,), _ = logged(door, child_fields("", **UNBORN), adult=ANN | {"forename": "Ann"})
    other = {"birth_date": None, "due_date": "2009-06-25", "sex": "U"}
    _, (born_later,), number = logged(door, child_fields("", "", **other), adult=ANN | {"forename": "Zoe"})
    assert matching.proposals(door, born_later) == []
    assert corrections.adult(door, number, "forename", "Ann").judged.opened == (baby.person_id,)
    assert [other.id for _, other in matching.proposals(door, born_later)] == [baby.person_id]
    assert corrections.adult(door, number, "mistake", "").judged.closed == (baby.person_id,)
    assert matching.proposals(door, born_later) == []


def test_a_record_follows_the_contact_that_gave_the_mother_and_no_other(door):
    logged(door, child_fields("Mia"))
    _, (again,), second = logged(door, child_fields("Mia"), adult=ANN | {"forename": "Anna"})
    assert person(door, again.person_id).mother == "An Reed"
    corrections.adult(door, second, "surname", "Reid")
    assert person(door, again.person_id).mother == "An Reed"
    with door.database.read() as session:
        assert [one.mother for one in rows.everything(session, NamedChild)] == ["An Reed", "Anna Reed", "Anna Reid"]


def test_what_a_contact_had_filled_in_is_filled_anew_and_goes_with_it(door):
    door.log(children=[child_fields("Mia")])
    _, (again,), number = logged(door)
    corrections.adult(door, number, "forename", "Ann")
    assert person(door, again.person_id).mother == "Ann Reed"
    with door.database.read() as session:
        fills = [
            (one.value, one.taken_back_at) for one in rows.everything(session, FilledField) if one.field == "mother"
        ]
    assert fills == [("An Reed", door.now), ("Ann Reed", None)]
    assert person(door, split(door, again).from_id).mother == ""


def test_what_a_person_has_corrected_on_the_record_stays(door):
    _, (mia,), number = logged(door)
    corrections.child(door, mia, "mother", "Anna Reed")
    followed = corrections.adult(door, number, "forename", "Ann")
    assert followed.notes == (f"{mia.ref}: the mother on the child’s record stays as it is",)
    assert person(door, mia.person_id).mother == "Anna Reed"
    corrections.adult(door, number, "birth date", "5 3 1980")
    assert person(door, mia.person_id).mother_birth_date == born("1980-03-05")


def test_who_becomes_the_mother_is_the_mother_on_the_record(door):
    _, (mia,), number = logged(door, adult=ANN | {"relation": "father"})
    corrections.adult(door, number, "relation", "mother")
    assert person(door, mia.person_id).mother == "An Reed"
    corrections.adult(door, number, "relation", "carer")
    assert person(door, mia.person_id).mother == ""


@pytest.mark.parametrize(
    ("field", "typed", "problem"),
    [
        ("nonsense", "1", "There is no detail"),
        ("school", "Park Lane", "There is no detail"),
        ("relation", "neighbour", "There is no relation neighbour"),
        ("birth date", "31 2 1980", "This is not a date"),
        ("interpreter", "perhaps", "bool"),
        ("forename", "An", "already"),
    ],
)
def test_what_can_not_be_so_is_refused(door, field, typed, problem):
    _, _, number = logged(door)
    with pytest.raises(InvalidInput, match=problem):
        corrections.adult(door, number, field, typed)


def test_an_adult_of_whom_nothing_would_be_known_is_no_correction(door):
    _, _, number = logged(door, adult={"forename": "Ann", "relation": "carer"})
    with pytest.raises(InvalidInput, match="Nothing tells who this adult is"):
        corrections.adult(door, number, "forename", "")


def test_an_officer_corrects_what_they_logged_until_it_is_decided(door):
    _, (mia,), number = logged(door)
    corrections.adult(door, number, "phone", "020 7946 0000", by=OFFICER)
    door.decide(mia)
    with pytest.raises(NotAllowed, match="for a manager"):
        corrections.adult(door, number, "phone", "020 7946 0001", by=OFFICER)
    corrections.adult(door, number, "phone", "020 7946 0001")


def test_an_officer_corrects_an_adult_whom_they_added_to_what_somebody_else_logged(door):
    with door.acting(MANAGER) as act:
        contact = logging_contact.log_contact(
            act, inputs.parse(logging_contact.ContactInput, contact_fields("Mia", received_at=door.now))
        )
    with door.acting(OFFICER) as act:
        adults.add(act, id_of(contact), adults.AdultInput(**ANN))
    number = adult_named(door, contact).number
    corrections.adult(door, number, "phone", "020 7946 0000", by=OFFICER)
    (mia,) = door.referrals(contact)
    with pytest.raises(NotAllowed, match="for a manager"):
        corrections.child(door, mia, "forename", "Maya", by=OFFICER)


def test_the_second_of_two_at_once_is_told_and_a_second_click_does_nothing(door):
    _, _, number = logged(door)
    for _ in range(2):
        corrections.adult(door, number, "phone", "1", was="020 7946 0123", token="the same form")
    assert len(corrections.kept(door)) == 1
    with pytest.raises(Stale, match="It reads now: 1"):
        corrections.adult(door, number, "phone", "2", was="020 7946 0123")


def test_a_restricted_child_of_the_contact_shuts_the_adult_too(door):
    _, (mia, _), number = logged(door, child_fields("Mia"), child_fields("Leo", sex="M"))
    shut_out.restrict(door, mia)
    with pytest.raises(NotAllowed):
        corrections.adult(door, number, "phone", "1", by=OFFICER)


def test_an_adult_who_is_the_protected_referrer_is_corrected_only_by_who_may_see_one(door):
    protected = {"referrer_name": "An Reed", "identity_protected": True, "source_code": "1A"}
    _, _, number = logged(door, **protected)
    corrections.adult(door, number, "forename", "Ann")
    with pytest.raises(NotAllowed, match="protected"):
        corrections.adult(door, number, "phone", "1", by=OFFICER)


def test_nobody_is_corrected_under_a_number_that_nobody_has(door):
    with pytest.raises(NotFound):
        corrections.adult(door, 2**40, "phone", "1")


def test_the_adult_named_last_stays_the_last_whoever_is_corrected(door):
    _, _, first = logged(door)
    _, (again,), _ = logged(door, adult=ANN | {"phone": "020 7946 9999"})
    corrections.adult(door, first, "phone", "020 7946 0000")
    assert [one.adult.phone for one in household(door, again)] == ["020 7946 9999", "020 7946 0000"]
