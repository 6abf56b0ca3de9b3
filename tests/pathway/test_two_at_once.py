"""Two people at the same moment: nothing is done twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from pathway.engine import inputs
from pathway.engine.decisions import deciding, decision_input
from pathway.engine.intake import logging_contact
from rules.errors import InvalidInput, Refused, Stale
from storage.sessions import Conflict
from storage.tables import Contact, Decision, Letter, Referral, id_of
from support import rows, second_thoughts
from support.front_door import MANAGER, OFFICER, FrontDoor, contact_fields

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
NFA = decision_input.DecisionInput(outcome="no-further-action", level_of_need="1", reasons="Threshold not met.")


def test_two_managers_deciding_two_siblings_at_once_cause_one_letter(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", "Leo")
    both = [door.screen(referral) for referral in door.referrals(contact)]

    def decide(referral: object) -> None:
        door.decide(referral)  # type: ignore[arg-type]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(decide, both))
    with door.database.read() as session:
        kinds = [letter.kind for letter in rows.everything(session, Letter)]
    assert kinds == ["acknowledgement", "outcome"]


def test_two_managers_deciding_one_child_at_once_make_one_decision(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    screened = door.screen(referral)

    def decide(_: int) -> str:
        try:
            with door.acting(MANAGER) as act:
                version = screened.version
                deciding.decide(act, id_of(screened), NFA, version=version)
        except (Stale, Refused):
            return "refused"
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == ["decided", "refused"]
    with door.database.read() as session:
        assert len(rows.everything(session, Decision)) == 1


def test_a_page_opened_before_somebody_elses_change_can_not_overwrite_it(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    opened_with = referral.version
    door.screen(referral)
    with pytest.raises(Stale, match="Somebody else changed"), door.acting(MANAGER) as act:
        deciding.decide(act, id_of(referral), NFA, version=opened_with)


def test_the_second_click_of_a_decision_does_nothing_and_no_harm(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (referral,) = door.referrals(door.log("Mia"))
    version = door.screen(referral).version
    for _ in range(2):
        with door.acting(MANAGER, token="form-7") as act:
            deciding.decide(act, id_of(referral), NFA, version=version)
    with door.database.read() as session:
        assert len(rows.everything(session, Decision)) == 1


def test_the_same_form_sent_twice_at_the_same_moment_makes_one_contact(open_door: Door) -> None:
    door = open_door(TUESDAY)
    data = inputs.parse(logging_contact.ContactInput, contact_fields("Mia", received_at=door.now))

    def log(_: int) -> None:
        try:
            with door.acting(OFFICER, token="form-1") as act:
                logging_contact.log_contact(act, data)
        except Conflict:
            pass  # the page answers with the contact that is there

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(log, range(4)))
    with door.database.read() as session:
        assert len(rows.everything(session, Contact)) == 1


def test_two_who_set_each_others_right_referral_aside_can_not_both_succeed(open_door: Door) -> None:
    door = open_door(TUESDAY)
    (first,), (second,) = door.referrals(door.log("Mia")), door.referrals(door.log("Mia", channel="email"))

    def twice(pair: tuple[Referral, Referral]) -> str:
        try:
            return second_thoughts.twice(door, pair[0], pair[1].ref).state
        except InvalidInput:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(twice, [(first, second), (second, first)])) == ["refused", "set aside"]
