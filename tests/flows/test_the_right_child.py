"""A child is filed under another nowhere: where the record is not sure, a person is asked."""

from __future__ import annotations

import pytest

from pathway.engine.children import checking_joins
from pathway.engine.decisions import deciding, decision_input
from rules.errors import InvalidInput, Refused
from storage.queries.children import match_rows
from storage.tables import FilledField, NamedChild, Person, ProposedMatch, Query, Referral
from support import matching, rows
from support.front_door import MANAGER, child_fields

NUMBER = "943 476 5919"
ELLA = child_fields("Ella", "Brown", birth_date="2005-02-01", nhs_number=NUMBER)
JACK = child_fields(
    "Jack", "Osei", birth_date="2008-04-03", sex="M", nhs_number=NUMBER, address="9 Station Road, London N22 7AA"
)


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def logged(door, *children):
    return door.referrals(door.log(children=list(children)))


def persons(door):
    with door.database.read() as session:
        return rows.everything(session, Person)


def everything(door, table):
    with door.database.read() as session:
        return rows.everything(session, table)


def test_a_wrong_number_files_no_child_under_another(door):
    (ella,) = logged(door, ELLA)
    before = persons(door)[0].model_dump()
    (jack,) = logged(door, JACK)
    first, second = persons(door)
    assert first.model_dump() == before
    assert (second.forename, second.nhs_number, second.nhs_number_unverified) == ("Jack", None, NUMBER)
    assert door.fresh(jack).re_referral_of_id is None
    ((match, other),) = matching.proposals(door, jack)
    assert match.reason == "Same NHS number, but another first name, surname, birth date"
    assert other.id == door.fresh(ella).person_id
    assert any("on another child’s record" in query.problem for query in everything(door, Query))


def test_the_right_child_comes_back_though_another_bears_the_number_by_mistake(door):
    (ella,), _ = logged(door, ELLA), logged(door, JACK)
    (again,), (jack_again,) = logged(door, ELLA), logged(door, JACK)
    assert (again.person_id, len(persons(door))) == (ella.person_id, 2)
    assert jack_again.person_id != ella.person_id


def test_two_of_one_contact_with_one_number_are_two_with_a_query(door):
    ivy, max_ = logged(
        door,
        child_fields("Ivy", "Larkin", birth_date="2005-02-01", nhs_number=NUMBER),
        child_fields("Max", "Larkin", birth_date="2008-04-03", nhs_number=NUMBER, sex="M"),
    )
    assert ivy.person_id != max_.person_id
    assert [(one.nhs_number, one.nhs_number_unverified) for one in persons(door)] == [(None, NUMBER)] * 2
    assert sum("more than one child of this contact" in query.problem for query in everything(door, Query)) == 2
    assert everything(door, ProposedMatch) == []


@pytest.mark.parametrize("name", ["Unknown", "Baby", "Male Child", "Twin 1", "?", "XXXX", "N/A"])
def test_a_name_that_is_none_joins_nobody(door, name):
    for address in ("1 High Road, London N17 9AA", "9 Station Road, London N22 7AA"):
        logged(door, child_fields(name, "Smith", birth_date="2000-01-01", address=address))
    assert len(persons(door)) == 2


def test_a_second_first_name_alone_is_proposed(door):
    logged(door, child_fields("Muhammad Yusuf", "Qureshi"))
    (yusuf,) = logged(door, child_fields("Yusuf", "Qureshi"))
    ((match, _),) = matching.proposals(door, yusuf)
    assert match.reason == "One of two first names; same surname; same birth date"


def test_a_join_says_by_what_and_what_it_filled(door):
    logged(door, child_fields("Mia", "Harlow"))
    (again,) = logged(door, child_fields("Mia", "Harlow", address="3 High Street, N17 6AA", school="Park Lane"))
    (joined,) = [event for event in door.events(again) if event.kind == "child joined"]
    assert joined.summary == "Joined to the child on record: same full name; same birth date; same sex"
    filled = {one.field: (one.value, one.rule, one.referral_id) for one in everything(door, FilledField)}
    assert filled == {
        "address": ("3 High Street, N17 6AA", "2.b2", again.id),
        "school": ("Park Lane", "2.b2", again.id),
    }


def test_a_proposal_fills_nothing(door):
    logged(door, child_fields("Mia", "Harlow"))
    logged(door, child_fields("Mya", "Harlow", address="3 High Street, N17 6AA"))
    assert (everything(door, FilledField), persons(door)[0].address) == ([], "")


def test_how_each_contact_named_the_child_is_kept(door):
    for school in ("Park Lane", "Rowan"):
        logged(door, child_fields("Mia", "Harlow", school=school))
    assert [one.school for one in everything(door, NamedChild)] == ["Park Lane", "Rowan"]
    assert len(persons(door)) == 1


def test_twins_of_one_household_are_not_joined_by_number_and_date_alone(door):
    logged(door, child_fields("Mia", nhs_number=NUMBER), child_fields("Leo", sex="M"))
    (nameless,) = logged(door, child_fields("", nhs_number=NUMBER))
    assert nameless.person_id not in {persons(door)[0].id, persons(door)[1].id}


def test_a_child_of_the_household_comes_back_by_name_and_date(door):
    mia, leo = logged(door, child_fields("Mia"), child_fields("Leo", sex="U"))
    again = logged(door, child_fields("Leo", sex="U"), child_fields("Mia"))
    assert [one.person_id for one in again] == [leo.person_id, mia.person_id]


def answers(door, referral, answer, note="The school knows both."):
    with door.database.read() as session:
        numbers = match_rows.to_be_answered(session, door.fresh(referral).person_id)
    return [{"match_id": number, "answer": answer, "note": note} for number in numbers]


@pytest.fixture
def alike(door):
    (mia,), (mya,) = logged(door, child_fields("Mia", "Harlow")), logged(door, child_fields("Mya", "Harlow"))
    return mia, mya


def test_the_decision_asks_whether_it_is_the_same_child(door, alike):
    door.screen(alike[1])
    with pytest.raises(Refused, match="Say of each possible match whether it is this child"):
        door.decide(alike[1], matches=[])
    with pytest.raises(InvalidInput, match="This is needed"):
        door.decide(alike[1], matches=answers(door, alike[1], "same", note=" "))
    with pytest.raises(InvalidInput, match="This is no answer"):
        door.decide(alike[1], matches=answers(door, alike[1], "perhaps"))


@pytest.mark.parametrize(("answer", "same"), [("same", True), ("another", False)])
def test_its_answer_settles_the_match(door, alike, answer, same):
    door.decide(alike[1], matches=answers(door, alike[1], answer))
    (match,) = everything(door, ProposedMatch)
    assert (match.same_child, match.settled_by, match.note) == (same, MANAGER.username, "The school knows both.")
    assert "match settled" in {event.kind for event in door.events(alike[0])}


def test_what_cant_be_told_yet_stays_open_with_the_reason_in_the_history(door, alike):
    door.decide(alike[1], matches=answers(door, alike[1], "open"))
    (match,) = everything(door, ProposedMatch)
    assert match.settled_at is None
    (left,) = [event for event in door.events(alike[1]) if event.kind == "match left open"]
    assert left.summary == "It can't be told yet whether this is Mia Harlow: The school knows both."


def test_immediate_danger_waits_for_no_answer(door, alike):
    (urgent,) = door.referrals(door.log(children=[child_fields("Myah", "Harlow")], immediate_danger=True))
    assert answers(door, urgent, "open") != []
    typed = {"outcome": "strategy-discussion", "level_of_need": "1", "primary_need": "N1", "reasons": "At once."}
    door.give(deciding.decide, urgent, (decision_input.DecisionInput, typed), by=MANAGER)
    assert door.fresh(urgent).outcome == "strategy-discussion"


def doubts(door, referral):
    with door.database.read() as session:
        return list(checking_joins.doubts(session, door.fresh(referral).person_id))


def test_records_that_the_rule_joins_hold_together(door):
    (mia,), _ = logged(door, child_fields("Mia")), logged(door, child_fields("Mia"))
    assert doubts(door, mia) == []


def test_a_record_that_was_joined_by_less_is_listed_and_what_was_merged_by_hand_is_trusted(door):
    (ella,), (jack,), (third,) = logged(door, ELLA), logged(door, JACK), logged(door, child_fields("Elle", "Brown"))
    matching.merge(door, ella, third)
    with door.database.write() as session:  # as version 0.1.0 joined by an equal number alone
        session.get_one(Referral, jack.id).person_id = ella.person_id
    (doubt,) = doubts(door, ella)
    assert (doubt.referral.ref, doubt.named) == (jack.ref, "Jack Osei")
    assert doubt.against == ("another first name", "another birth date")


def test_what_was_logged_before_is_judged_by_the_name_alone(door):
    (ella,), (jack,) = logged(door, ELLA), logged(door, JACK)
    with door.database.write() as session:
        session.get_one(Referral, jack.id).person_id = ella.person_id
        assert (
            checking_joins.by_name(session.get_one(Referral, jack.id), session.get_one(Person, ella.person_id)).forename
            == "Jack"
        )
