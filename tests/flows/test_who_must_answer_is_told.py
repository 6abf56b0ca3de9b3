"""Where a correction or a decision waits for somebody's word, whoever may give it is told, until it is given."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine.corrections import second_person
from pathway.engine.information import standing_decisions
from rules.vocabulary import AlertKind, Role
from storage.tables import Alert, Notice
from support import added, corrections, hands, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, person_in
from support.second_thoughts import SERVICE_MANAGER


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-10 09:00")


def alerts(door):
    with door.database.read() as session:
        return [row for row in rows.everything(session, Alert) if row.kind == AlertKind.ANSWER_NEEDED]


def told(door):
    with door.database.read() as session:
        numbers = {row.id for row in alerts(door)}
        return [row.recipient_name for row in rows.everything(session, Notice) if row.alert_id in numbers]


@pytest.mark.parametrize("word", [corrections.confirm, corrections.refuse])
def test_a_correction_that_waits_is_told_until_a_second_person_has_answered(door, word):
    corrections.waiting(door)
    (alert,) = alerts(door)
    assert alert.headline.endswith("would make late in time, and waits for a second person")
    assert "Late" not in alert.headline  # the child's name
    assert told(door) == [SERVICE_MANAGER.name]  # the duty manager asked, and may not answer
    word(door)
    (alert,) = alerts(door)
    assert alert.closed_because == f"Answered by {SERVICE_MANAGER.name}."


def test_nobody_answers_for_hours_and_the_service_manager_is_told(door):
    corrections.waiting(door, by=OFFICER)
    assert told(door) == [MANAGER.name]
    door.frozen.tick(delta=4 * 60 * 60 + 1)
    door.sweep()
    assert told(door) == [MANAGER.name, SERVICE_MANAGER.name]


def test_whoever_asked_is_told_on_no_later_rung_either(door):
    corrections.waiting(door, by=SERVICE_MANAGER)
    door.frozen.tick(delta=4 * 60 * 60 + 1)
    door.sweep()
    assert told(door) == [MANAGER.name]


def test_of_a_restricted_record_who_may_open_it_is_told_of_a_correction_that_waits(door):
    contact, named = corrections.late(door), person_in(Role.AUDITOR)
    (late,) = door.referrals(contact)
    hands.restrict(door, late, SERVICE_MANAGER, usernames=(named.username,))
    corrections.waiting(door, contact, by=SERVICE_MANAGER)
    assert told(door) == [MANAGER.name, named.name]


def test_a_decision_after_which_something_was_added_is_told_until_somebody_says_whether_it_stands(door):
    question = added.question(door)
    (alert,) = alerts(door)
    assert alert.headline.endswith("something was added after the decision; does it stand?")
    assert told(door) == [MANAGER.name]
    with door.acting(MANAGER) as act:
        standing_decisions.answer(act, question, standing_decisions.StandsInput(stands=True, reason="Nothing new."))
    assert alerts(door)[0].closed_because == f"Answered by {MANAGER.name}."


def test_of_a_restricted_record_who_may_open_it_is_told_as_well(door):
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia)
    hands.restrict(door, mia, by=SERVICE_MANAGER)
    with door.database.read() as session:
        contact = session.get_one(corrections.Contact, mia.contact_id)
    added.add(door, contact, by=SERVICE_MANAGER)
    assert SERVICE_MANAGER.name in told(door)


def test_the_same_answer_again_closes_nothing_else(door):
    corrections.waiting(door)
    number = corrections.kept(door)[-1].id
    for _ in range(2):
        with door.acting(SERVICE_MANAGER, token="once") as act:
            second_person.refuse(act, number, corrections.WHY)
    assert [alert.closed_at is not None for alert in alerts(door)] == [True]


def test_one_alert_a_child_stands_until_the_last_question_about_it_is_answered(door):
    first = added.question(door)
    with door.database.read() as session:
        contact = session.get_one(corrections.Contact, added.questions_contact(door))
    added.add(door, contact, text="Her uncle came back.")
    for question, closed in ((first, [False]), (first + 1, [True])):
        with door.acting(MANAGER) as act:
            standing_decisions.answer(act, question, standing_decisions.StandsInput(stands=True, reason="Nothing new."))
        assert [alert.closed_at is not None for alert in alerts(door)] == closed
