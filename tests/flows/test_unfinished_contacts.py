"""A contact that was begun and not logged: seen by all, told once, and never discarded by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine.drafts import unfinished_contacts
from pathway.engine.inputs import ReasonInput
from rules.errors import NotAllowed, NotFound
from rules.vocabulary import EventKind, Role
from storage.queries import next_due_rows
from storage.tables import Alert, Draft, Event
from support import notices, rows
from support.front_door import MANAGER, OFFICER, FrontDoor, london, person_in
from support.unfinished import begin

Door = Callable[..., FrontDoor]
THURSDAY = "2009-03-26 10:00"
DUTY = Role.DUTY_MANAGER
WORDS = ReasonInput(reason="It was logged by Ann already.")


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """A Thursday morning."""
    return open_door(THURSDAY)


def listed(door: FrontDoor, by=MANAGER):
    with door.acting(by) as act:
        return unfinished_contacts.listed(act.session, by, act.book, now=act.now)


def at(door: FrontDoor, moment: str) -> None:
    door.move_to(moment)
    door.sweep()


def told(door: FrontDoor):
    return [one.headline for one in notices.told(door, DUTY) if "nfinished contact" in one.headline]


def test_it_stands_on_the_list_half_an_hour_after_its_last_change_without_its_content(door):
    begin(door)
    door.move_to("2009-03-26 10:29")
    assert listed(door) == []
    begin(door, "Two bruises, seen today")
    door.move_to("2009-03-26 10:58")
    assert listed(door) == []
    door.move_to("2009-03-26 10:59")
    (line,) = listed(door)
    assert (line.name, line.opens) == (OFFICER.name, False)
    assert [one.opens for one in listed(door, OFFICER)] == [True]


def test_the_duty_manager_is_told_after_two_hours_exactly_once(door):
    begin(door)
    with door.database.read() as session:
        due = next_due_rows.next_attention(session, after=door.now)
    assert due == london("2009-03-26 12:00")
    at(door, "2009-03-26 11:59")
    assert told(door) == []
    for moment in ("2009-03-26 12:00", "2009-03-26 12:01", "2009-03-27 12:00"):
        at(door, moment)
    assert told(door) == ["Unfinished contact of Screening Officer, begun Thu 26 Mar 2009 10:00"]
    begin(door, "He goes on")
    at(door, "2009-03-30 18:00")
    assert len(told(door)) == 1
    assert [one.opens for one in listed(door)] == [True]


def test_with_immediate_danger_it_is_told_after_two_minutes_at_once_and_once_more_if_it_was_told_without(door):
    begin(door)
    at(door, "2009-03-26 12:00")
    begin(door, immediate_danger="yes")
    at(door, "2009-03-26 12:01")
    assert len(told(door)) == 1
    at(door, "2009-03-26 12:02")
    assert told(door)[1].startswith("Immediate danger: unfinished contact of")
    assert [line.draft.in_danger for line in listed(door)] == [True]
    urgent = [one for one in door.messages(DUTY) if "Immediate danger" in one.subject]
    assert len(urgent) == 1
    assert "/unfinished/1" in notices.text(urgent[0])


def test_nothing_discards_it_by_itself_and_whoever_left_leaves_it_on_the_list(door):
    begin(door)
    door.leave(OFFICER)
    at(door, "2009-06-26 10:00")
    assert [(line.name, line.opens) for line in listed(door)] == [(OFFICER.name, True)]


def test_it_opens_to_whoever_decides_once_it_is_told_and_to_nobody_else(door):
    draft = begin(door)
    assert refusal(door, MANAGER, draft)
    door.move_to("2009-03-26 12:00")
    assert not refusal(door, MANAGER, draft)
    assert refusal(door, person_in(Role.TEAM_MANAGER), draft)
    assert not refusal(door, OFFICER, draft)


def refusal(door, by, draft):
    with door.acting(by) as act:
        try:
            unfinished_contacts.opened(act.session, by, act.book, draft.id, now=act.now)
        except NotAllowed as error:
            return str(error)
    return ""


def test_it_is_discarded_with_a_reason_that_stands_in_the_history_and_the_alert_closes(door):
    draft = begin(door)
    with door.acting(MANAGER) as act, pytest.raises(NotAllowed):
        unfinished_contacts.discard(act, draft.id, WORDS)
    at(door, "2009-03-26 12:00")
    with door.acting(MANAGER) as act:
        unfinished_contacts.discard(act, draft.id, WORDS)
    with door.acting(MANAGER) as act, pytest.raises(NotFound):
        unfinished_contacts.discard(act, draft.id, WORDS)
    with door.database.read() as session:
        (event,) = (one for one in rows.everything(session, Event) if one.kind == EventKind.DRAFT_DISCARDED)
        (alert,) = rows.everything(session, Alert)
        (left,) = rows.everything(session, Draft)
    assert (event.actor, left.fields) == (MANAGER.username, "{}")
    assert WORDS.reason in event.details
    assert OFFICER.username in event.details
    assert alert.closed_because == f"Discarded by {MANAGER.name}: {WORDS.reason}"
    assert listed(door) == []
