"""One act: somebody, at one moment, in one transaction, with one token."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM, SystemName
from pathway.engine.decisions import deciding, decision_input
from rules.errors import NotAllowed, Stale
from rules.vocabulary import Action, EventKind
from storage.tables import Event, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.rows import everything
from support.whole import contents

Door = Callable[..., FrontDoor]
DATA = decision_input.DecisionInput(outcome="no-further-action", level_of_need="1", reasons="Threshold not met.")


@pytest.fixture
def door(open_sqlite_door: Door) -> FrontDoor:
    return open_sqlite_door("2009-03-10 09:00")


def decide_all(door: FrontDoor, children: list[int], token: str) -> None:
    with door.acting(MANAGER, token=token) as act:
        for child in children:
            deciding.decide(act, child, DATA)


def test_a_family_is_decided_under_one_act_and_a_second_click_decides_nobody(door: FrontDoor) -> None:
    contact = door.log("Mia", "Leo")
    children = [id_of(door.screen(child)) for child in door.referrals(contact)]
    decide_all(door, children, "one form")
    assert [child.state for child in door.referrals(contact)] == ["decided", "decided"]
    assert len(door.letters(contact, "outcome")) == 1
    once = contents(door.database)
    decide_all(door, children, "one form")
    assert contents(door.database) == once


def test_the_first_event_of_an_act_bears_its_token_and_no_other(door: FrontDoor) -> None:
    contact = door.log("Mia")
    with door.acting(OFFICER, token="one form") as act:
        for summary in ("one", "two"):
            act.note(EventKind.CHECKED, summary, about=contact)
        assert not act.repeated
    with door.database.read() as session:
        noted = [(event.summary, event.request_id) for event in everything(session, Event)[-2:]]
    assert noted == [("one", "one form"), ("two", None)]


def test_what_the_product_does_by_itself_in_an_act_is_part_of_it(door: FrontDoor) -> None:
    contact = door.log("Mia")
    with door.acting(OFFICER, token="one form") as act:
        act.by_itself.hold(id_of(contact))
        event = act.by_itself.note(EventKind.CHECKED, "by itself", about=contact)
        assert (event.actor, event.request_id) == (SYSTEM.username, "one form")
        assert [held.id for held in act.contacts] == [contact.id]
        assert not act.repeated


def test_a_contact_that_is_locked_twice_is_held_once(door: FrontDoor) -> None:
    (referral,) = door.referrals(door.log("Mia"))
    with door.acting(OFFICER) as act:
        act.lock(id_of(referral))
        act.hold(referral.contact_id)
        assert [held.id for held in act.contacts] == [referral.contact_id]


def test_what_the_sweep_holds_is_followed_and_what_somebody_else_holds_is_left(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    contact = door.log("Mia")
    with door.acting(SYSTEM) as act:
        assert act.hold_unless_taken(id_of(contact)) is not None
        assert [held.id for held in act.contacts] == [contact.id]
        if door.database.dialect == "postgresql":  # SQLite lets one writer in at a time
            with door.acting(OFFICER) as other:
                assert other.hold_unless_taken(id_of(contact)) is None
                assert list(other.contacts) == []


def test_a_page_that_is_out_of_date_is_refused_and_one_without_a_version_is_not_asked(door: FrontDoor) -> None:
    (referral,) = door.referrals(door.log("Mia"))
    with door.acting(OFFICER) as act:
        assert act.lock(id_of(referral)) is not None
        assert act.lock(id_of(referral), referral.version) is not None
        with pytest.raises(Stale):
            act.lock(id_of(referral), referral.version - 1)


def test_the_rulebook_says_what_an_actor_may(door: FrontDoor) -> None:
    with door.acting(OFFICER) as act:
        assert act.may(Action.SCREEN)
        with pytest.raises(NotAllowed, match="It is for: duty manager"):
            act.require(Action.DECIDE)


def test_the_product_acts_under_a_name_of_the_list(door: FrontDoor) -> None:
    with door.database.read() as session, pytest.raises(ValueError, match="is not a valid SystemName"):
        Act.of_system(session, SystemName("nobody"), now=door.now)
