"""Promise: allocation is discussed first and within a safe caseload, or somebody above hears (plan action 2.1.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.tables import Referral, Worker
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def accepted(door: FrontDoor, *forenames: str) -> list[Referral]:
    found = door.referrals(door.log(*forenames))
    return [door.decide(referral, "assessment") for referral in found]


def full_caseload(door: FrontDoor, worker: Worker, children: int) -> list[Referral]:
    names = [f"Held {number}" for number in range(children)]
    return [door.allocate(referral, worker) for referral in accepted(door, *names)]


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    return open_door(TUESDAY)


def test_the_child_that_goes_over_the_limit_is_refused(door: FrontDoor) -> None:
    worker = door.add_worker(full_time_equivalent=0.2)  # a limit of three children
    full_caseload(door, worker, 3)
    (one_more,) = accepted(door, "Mia")
    with pytest.raises(Refused, match="Sam Okoro"):
        door.allocate(one_more, worker)
    assert door.fresh(one_more).state == "awaiting allocation"


def test_children_are_counted_and_not_families_or_referrals(door: FrontDoor) -> None:
    worker = door.add_worker(full_time_equivalent=0.2)
    full_caseload(door, worker, 3)
    (again,) = accepted(door, "Held 0")  # a second referral of a child whom the worker holds already
    assert door.allocate(again, worker).state == "allocated"


def test_an_override_with_a_reason_takes_effect_and_climbs_its_own_ladder(door: FrontDoor) -> None:
    worker = door.add_worker(full_time_equivalent=0.2)
    full_caseload(door, worker, 3)
    (one_more,) = accepted(door, "Mia")
    assert door.allocate(one_more, worker, override_reason="Knows the family; a case closes on Friday.").state == (
        "allocated"
    )
    assert door.alert(f"worker:{worker.id}") is not None
    door.sweep()
    assert len(door.messages(Role.TEAM_MANAGER, kind="alert")) == 1
    door.watch_for(hours=24)
    caseload = [m for m in door.messages(Role.SERVICE_MANAGER, kind="alert") if "aseload" in m.subject]
    assert len(caseload) == 1
    door.watch_for(hours=48)
    assert [m for m in door.messages(Role.HEAD_OF_SERVICE, kind="alert") if "aseload" in m.subject]


def test_the_alert_closes_when_the_caseload_falls(door: FrontDoor) -> None:
    worker = door.add_worker(full_time_equivalent=0.2)
    first, *_ = full_caseload(door, worker, 3)
    (one_more,) = accepted(door, "Mia")
    door.allocate(one_more, worker, override_reason="Knows the family.")
    door.sweep()
    door.hand_over_letters()
    door.close(first)
    assert door.alert(f"worker:{worker.id}") is None
    door.watch_for(hours=0.1)
    assert len(door.messages(Role.TEAM_MANAGER, kind="alert closed")) == 1


@pytest.mark.parametrize("lacking", [{"agreed": " "}, {"discussed_by": ""}, {"discussed_at": None}])
def test_allocation_needs_a_recorded_discussion_when_by_whom_and_what_was_agreed(
    door: FrontDoor, lacking: dict[str, object]
) -> None:
    (referral,) = accepted(door, "Mia")
    with pytest.raises(Refused, match="Record the discussion with the worker first"):
        door.allocate(referral, door.add_worker(), **lacking)


def test_a_discussion_in_the_future_is_refused(door: FrontDoor) -> None:
    (referral,) = accepted(door, "Mia")
    later = "2009-03-11T09:00:00+00:00"
    with pytest.raises(InvalidInput, match="discussed_at"):
        door.allocate(referral, door.add_worker(), discussed_at=later)


@pytest.mark.parametrize("by", [OFFICER, MANAGER])
def test_only_those_who_allocate_may_allocate(door: FrontDoor, by: object) -> None:
    (referral,) = accepted(door, "Mia")
    with pytest.raises(NotAllowed, match="team manager"):
        door.allocate(referral, door.add_worker(), by=by)


def test_an_accepted_child_whom_nobody_allocates_is_escalated(door: FrontDoor) -> None:
    (referral,) = accepted(door, "Mia")
    door.watch_for(hours=36)  # one working day: due at the close of Wednesday
    assert door.alert_of(referral, "allocation")
    assert [m for m in door.messages(Role.TEAM_MANAGER, kind="alert") if "llocation" in m.subject]


def test_twins_of_one_name_and_birth_date_typed_twice_are_one_child(door: FrontDoor) -> None:
    with pytest.raises(InvalidInput, match="same child"):
        door.log(children=[child_fields("Mia"), child_fields("Mia")])
