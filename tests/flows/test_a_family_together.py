"""Several children of one contact decided, and allocated, under one act: all of it is recorded, or nothing."""

from __future__ import annotations

import pytest

from pathway.engine import inputs
from pathway.engine.casework import allocating_together
from pathway.engine.casework.allocating import AllocationInput
from pathway.engine.decisions import deciding_together
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.together import OfChild, SeveralRefused
from rules.errors import Refused, Stale
from storage.queries.children import match_rows
from storage.tables import Contact, id_of
from support import hands
from support.front_door import MANAGER, TEAM_MANAGER, child_fields

ADDRESS = "28 Muswell Hill Broadway, London N17 9UD"


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def screened(door, *names, **more):
    return [door.screen(one) for one in door.referrals(door.log(*names, **more))]


def of(referral, data):
    return OfChild(ref=referral.ref, referral_id=id_of(referral), version=referral.version, data=data)


def decision(referral, outcome="information-and-advice", **more):
    typed = {"outcome": outcome, "level_of_need": "3", "primary_need": "N1", "reasons": "Seen by the school."} | more
    return of(referral, inputs.parse(DecisionInput, typed))


def decide(door, *wanted):
    with door.acting(MANAGER) as act:
        deciding_together.decide(act, wanted)


def allocate(door, *given, **more):
    typed = {"discussed_at": door.now, "discussed_by": "Tara", "agreed": "First visit tomorrow."} | more
    wanted = [of(one, inputs.parse(AllocationInput, {"worker_id": worker.id} | typed)) for one, worker in given]
    with door.acting(TEAM_MANAGER) as act:
        allocating_together.allocate(act, wanted)


def states(door, family):
    return [door.fresh(one).state for one in family]


def outcome_letters(door, family):
    with door.database.read() as session:
        return door.letters(session.get_one(Contact, family[0].contact_id), "outcome")


def test_a_family_decided_at_once_gets_one_letter_at_once(door):
    family = screened(door, "Mia", "Leo", "Ida")
    decide(door, *map(decision, family))
    assert states(door, family) == ["decided"] * 3
    (letter,) = outcome_letters(door, family)
    assert all(name in letter.text for name in ("Mia", "Leo", "Ida"))


def test_one_child_refused_decides_nobody_and_writes_nothing(door):
    family = screened(door, "Mia", "Leo", "Ida")
    with pytest.raises(SeveralRefused) as refused:
        decide(door, decision(family[0]), decision(family[1], level_of_need=""), decision(family[2]))
    assert {ref: type(error) for ref, error in refused.value.errors.items()} == {family[1].ref: Refused}
    assert states(door, family) == ["awaiting decision"] * 3
    assert outcome_letters(door, family) == []


def test_a_child_whom_somebody_else_decided_meanwhile_is_stale_and_the_others_wait(door):
    family = screened(door, "Mia", "Leo")
    wanted = list(map(decision, family))
    door.decide(family[1])
    with pytest.raises(SeveralRefused) as refused:
        decide(door, *wanted)
    assert type(refused.value.errors[family[1].ref]) is Stale
    assert states(door, family) == ["awaiting decision", "decided"]


def test_an_answer_about_one_child_does_not_make_the_page_of_a_sibling_stale(door):
    known = {"surname": "Ashdown", "address": ADDRESS}
    door.log(children=[child_fields("Tom", birth_date="2004-05-06", **known)])
    children = [child_fields("Thomas", birth_date="2004-05-06", **known), child_fields("Zoe", surname="Other")]
    thomas, zoe = screened(door, children=children)
    with door.database.read() as session:
        (number,) = match_rows.to_be_answered(session, thomas.person_id)
    answers = [{"match_id": number, "answer": "same", "note": "The school says so."}]
    decide(door, decision(thomas, matches=answers), decision(zoe))
    assert states(door, [thomas, zoe]) == ["decided"] * 2
    with door.database.read() as session:
        assert match_rows.get(session, number).same_child


def test_in_danger_a_family_is_decided_before_its_checks_which_stay_owed(door):
    family = door.referrals(door.log("Mia", "Leo", immediate_danger=True))
    decide(door, *(decision(one, "strategy-discussion") for one in family))
    assert states(door, family) == ["awaiting allocation"] * 2
    assert all(door.clock(one, "checks").stopped_at is None for one in family)


def test_the_children_before_count_in_the_caseload_and_one_too_many_holds_back_all(door):
    family = hands.awaiting(door, "Mia", "Leo")
    sam = door.add_worker(full_time_equivalent=0.1)
    with pytest.raises(SeveralRefused, match="would hold 2 open children; the limit is 1"):
        allocate(door, *((one, sam) for one in family))
    assert states(door, family) == ["awaiting allocation"] * 2


def test_each_child_of_a_family_goes_to_the_worker_named(door):
    family = hands.awaiting(door, "Mia", "Leo", "Ida")
    sam, kim = door.add_worker(), door.add_worker("Kim Ray")
    allocate(door, (family[0], kim), (family[1], sam), (family[2], kim))
    assert [door.fresh(one).worker_id for one in family] == [kim.id, sam.id, kim.id]
