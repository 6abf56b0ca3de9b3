"""Possible matches: proposed from what is alike, confirmed or declined by an officer with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pathway.engine.children import matches
from rules.errors import NotAllowed, NotFound, Refused
from rules.vocabulary import EventKind, Role
from storage.tables import MatchKey
from support import matching, rows
from support.front_door import OFFICER, FrontDoor, child_fields, person_in

HOME = "28 Muswell Hill Broadway, London N17 9UD"
VALID, SLIPPED, UPN = "943 476 5919", "943 476 5918", "H801200001001"


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-10 09:00")


ALIKE: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("spelling", {"forename": "Folasade"}, {"forename": "Folasdae"}),
    ("sound", {"surname": "Okafor"}, {"surname": "Ocaffour"}),
    ("order", {"forename": "Karim", "surname": "Hussain"}, {"forename": "Hussain", "surname": "Karim"}),
    ("double surname", {"surname": "Dent-Harlow"}, {"surname": "Harlow"}),
    ("diacritics", {"forename": "Zoë", "surname": "Żak"}, {"forename": "Zoe", "surname": "Zak", "sex": "U"}),
    ("short form", {"forename": "Elizabeth"}, {"forename": "Liz"}),
    ("transliteration", {"forename": "Mohammed"}, {"forename": "Muhamad"}),
    ("day and month swapped", {"birth_date": "2004-03-09"}, {"birth_date": "2004-09-03"}),
    ("near birth date", {"birth_date": "2004-03-09"}, {"birth_date": "2004-03-12"}),
    ("year mistyped", {"birth_date": "2004-03-09"}, {"birth_date": "2005-03-09"}),
    ("no birth date", {}, {"birth_date": ""}),
    ("address", {"address": HOME}, {"birth_date": "2001-11-20", "address": "28 muswell hill broadway N179UD"}),
    ("NHS number a slip away", {"nhs_number": VALID}, {"nhs_number": SLIPPED, "surname": "Dent"}),
    ("pupil number", {"upn": UPN}, {"upn": UPN.lower(), "surname": "Dent", "birth_date": "2001-11-20"}),
    ("unborn", {"forename": "Unborn", "birth_date": "", "due_date": "2009-03-01", "address": HOME},
     {"birth_date": "2009-02-20", "address": HOME}),
]  # fmt: skip


@pytest.mark.parametrize(("_what", "first", "second"), ALIKE, ids=[what for what, _, _ in ALIKE])
def test_a_match_is_proposed_from(door, _what, first, second):
    older = matching.child(door, **{"forename": "Mia"} | first)
    newer = matching.child(door, **{"forename": "Mia"} | second)
    ((match, other),) = matching.proposals(door, newer)
    assert (other.id, match.person_id) == (older.person_id, newer.person_id)
    assert match.reason
    assert matching.proposals(door, older)[0][0].id == match.id


@pytest.mark.parametrize(
    "second",
    [
        {"birth_date": "2001-11-20"},
        {"forename": "Tyrell"},
        {"forename": "Kwame", "surname": "Okafor", "address": HOME},
    ],
    ids=["a namesake", "a birthday and a surname", "only a birthday"],
)
def test_what_agrees_by_chance_is_not_proposed(door, second):
    matching.child(door, "Mia", address="3 High Road, London N10 6RR")
    assert matching.proposals(door, matching.child(door, **{"forename": "Mia"} | second)) == []


def test_brothers_and_sisters_of_one_contact_are_not_proposed_to_each_other(door):
    contact = door.log(children=[child_fields("Ann", address=HOME), child_fields("Ava", address=HOME)])
    assert matching.proposals(door, door.referrals(contact)[0]) == []


def test_a_child_that_is_completed_is_found_by_what_was_added(door):
    mia = matching.child(door, "Mia")
    matching.child(door, "Mia", upn=UPN, address=HOME)
    maya = matching.child(door, "Maya", "Dent", birth_date="2001-11-20", upn=UPN)
    assert matching.proposals(door, maya)[0][1].id == mia.person_id


def test_a_child_brings_few_keys(door):
    matching.child(door, "Mia", address=HOME, nhs_number=VALID)
    with door.database.read() as session:
        assert len(session.exec(rows.select(MatchKey)).all()) == 2


@pytest.mark.parametrize(
    ("same", "words"), [(True, "is the same child as child"), (False, "is another child than child")]
)
def test_an_officer_confirms_or_declines_with_a_reason_that_stands_in_both_histories(door, same, words):
    liz, elizabeth = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    match = matching.settle(door, matching.proposal(door, liz), same=same, reason="The health visitor knows her.")
    assert (match.same_child, match.settled_by, match.settled_at) == (same, OFFICER.username, door.now)
    for referral in (liz, elizabeth):
        event = door.events(referral)[-1]
        assert event.kind == EventKind.MATCH_SETTLED
        assert words in event.summary
        assert event.summary.endswith("The health visitor knows her.")
        assert matching.proposals(door, referral) == []


def test_confirming_joins_nobody(door):
    liz, elizabeth = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    matching.settle(door, matching.proposal(door, liz), same=True)
    assert door.fresh(liz).person_id != door.fresh(elizabeth).person_id


def test_a_match_is_settled_once(door):
    liz, _ = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    match = matching.settle(door, matching.proposal(door, liz), same=True)
    with pytest.raises(Refused, match=r"confirmed already, by screening\.officer: Rang the school"):
        matching.settle(door, match, same=False)


def test_a_second_click_changes_nothing(door):
    liz, _ = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    match = matching.proposal(door, liz)
    for _ in range(2):
        with door.acting(OFFICER, token="one form") as act:
            data = matches.MatchInput(same_child=True, reason="Known.")
            matches.settle(act, match.id, data)
    assert [event.kind for event in door.events(liz)].count(EventKind.MATCH_SETTLED) == 1


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_those_who_only_read_settle_no_match(door, role):
    liz, _ = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    with pytest.raises(NotAllowed, match="settle match"):
        matching.settle(door, matching.proposal(door, liz), same=True, by=person_in(role))


def test_there_is_no_match_of_that_number(door):
    with door.acting(OFFICER) as act, pytest.raises(NotFound, match="no possible match 7"):
        matches.settle(act, 7, matches.MatchInput(same_child=True, reason="x"))


def test_a_settled_pair_is_not_proposed_again_when_the_child_comes_back(door):
    liz, _ = matching.child(door, "Liz"), matching.child(door, "Elizabeth")
    matching.settle(door, matching.proposal(door, liz), same=False)
    assert matching.proposals(door, matching.child(door, "Liz")) == []
    assert matching.person(door, liz.person_id).birth_date == date(2004, 5, 6)
