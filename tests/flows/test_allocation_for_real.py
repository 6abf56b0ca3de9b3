"""Promise: a team without a named worker counts as unallocated, and its clock goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import EventKind
from storage.queries.casework import allocation_list_rows
from storage.queries.casework.allocation_list_rows import Waiting
from storage.tables import Team
from support import hands
from support.front_door import MANAGER, OFFICER, FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door(TUESDAY)


def waiting(door: FrontDoor, team_id: int | None = None) -> list[Waiting]:
    with door.database.read() as session:
        return list(allocation_list_rows.waiting(session, team_id=team_id, offset=0, limit=50)[0])


def refs(lines: list[Waiting]) -> list[str]:
    return [line.referral.ref for line in lines]


def test_a_child_given_to_a_team_stays_unallocated_and_its_clock_goes_on(door: FrontDoor) -> None:
    (mia,) = hands.awaiting(door, "Mia")
    before = door.clock(mia, "allocation")
    given = hands.give(door, mia, hands.add_team(door), note="Tess looks for somebody.")
    assert (given.state, given.worker_id) == ("awaiting allocation", None)
    assert door.clock(mia, "allocation") == before
    said = next(event for event in door.events(mia) if event.kind == EventKind.GIVEN_TO_TEAM)
    assert said.summary == (
        "Given to Assessment team, without a worker yet: still unallocated. Tess looks for somebody."
    )


def test_it_is_late_after_one_working_day_whatever_team_has_it(door: FrontDoor) -> None:
    (mia,) = hands.awaiting(door, "Mia")
    hands.give(door, mia, hands.add_team(door))
    door.move_to("2009-03-11 17:00")
    door.sweep()
    assert door.alert_of(mia, "allocation").due_at == london("2009-03-11 17:00")


def test_allocating_stops_the_clock_and_the_child_has_the_workers_team(door: FrontDoor) -> None:
    (mia,) = hands.awaiting(door, "Mia")
    hands.give(door, mia, hands.add_team(door, "Duty team"))
    worker = door.add_worker()
    assert door.allocate(mia, worker).team_id == worker.team_id
    assert door.clock(mia, "allocation").state == "stopped"
    assert waiting(door) == []


def test_another_team_can_have_it_but_the_same_team_not_twice(door: FrontDoor) -> None:
    (mia,) = hands.awaiting(door, "Mia")
    first, second = hands.add_team(door), hands.add_team(door, "Court team")
    hands.give(door, mia, first)
    with pytest.raises(Refused, match="Assessment team has this child already"):
        hands.give(door, mia, first)
    assert hands.give(door, mia, second).team_id == second.id


@pytest.mark.parametrize("by", [OFFICER, MANAGER])
def test_only_those_who_allocate_give_to_teams(door: FrontDoor, by: object) -> None:
    (mia,) = hands.awaiting(door, "Mia")
    with pytest.raises(NotAllowed):
        hands.give(door, mia, hands.add_team(door), by=by)


def test_only_a_child_who_waits_is_given_to_a_team_that_there_is(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    team = hands.add_team(door)
    with pytest.raises(Refused, match="this referral is received"):
        hands.give(door, mia, team)
    door.decide(mia, "assessment")
    with pytest.raises(InvalidInput, match="team_id: There is no such team"):
        hands.give(door, mia, Team(id=99, name="Nobody's"))


def test_the_list_goes_danger_first_then_by_team_and_what_is_overdue(door: FrontDoor) -> None:
    team = hands.add_team(door)
    (late,) = hands.awaiting(door, "Late")
    door.move_to("2009-03-11 09:00")
    (calm,) = hands.awaiting(door, "Calm")
    (danger,) = hands.awaiting(door, "Danger", immediate_danger=True)
    (unplaced,) = hands.awaiting(door, "Unplaced")
    for one in (calm, late, danger):
        hands.give(door, one, team)
    assert refs(waiting(door)) == [danger.ref, unplaced.ref, late.ref, calm.ref]
    assert [line.team for line in waiting(door)] == ["Assessment team", "", "Assessment team", "Assessment team"]
    assert refs(waiting(door, team.id)) == [danger.ref, late.ref, calm.ref]


def test_siblings_are_allocated_one_by_one(door: FrontDoor) -> None:
    mia, leo = hands.awaiting(door, "Mia", "Leo")
    door.allocate(mia, door.add_worker())
    assert (door.fresh(mia).state, door.fresh(leo).state) == ("allocated", "awaiting allocation")
    assert refs(waiting(door)) == [leo.ref]


def test_what_is_accepted_at_once_is_allocated_within_two_hours_or_managers_hear_of_it(door: FrontDoor) -> None:
    (mia,) = door.referrals(door.log("Mia"))
    door.decide(mia, "strategy-discussion")
    urgent = door.clock(mia, "urgent_allocation")
    assert urgent.due_at - urgent.started_at == timedelta(hours=2)
    (noah,) = hands.awaiting(door, "Noah")
    assert not door.rounds(noah, "urgent_allocation")
    door.allocate(mia, door.add_worker())
    assert door.clock(mia, "urgent_allocation").state == "stopped"
