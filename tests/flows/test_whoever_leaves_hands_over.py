"""Promise: ending somebody's sign-in is never refused, acts at once, and leaves nothing with whoever has left."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from pathway.engine.actors import Actor
from pathway.engine.casework import caseloads
from pathway.engine.staff import account_changes, held, team_changes
from pathway.engine.staff.held import HandedOver
from rules.errors import InvalidInput
from rules.vocabulary import EventKind, Role
from storage.queries import clock_rows
from storage.queries.casework import allocation_list_rows
from storage.queries.staff import staff_rows
from storage.tables import Alert, Notice, Referral, Team, Worker, id_of
from support import danger, hands, rows
from support.front_door import MANAGER, TEAM_MANAGER, FrontDoor, person_in

Door = Callable[..., FrontDoor]
ADMINISTRATOR = person_in(Role.ADMINISTRATOR)
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
TUESDAY = "2009-03-10 09:00"


class Place(NamedTuple):
    """Sam holds Mia and Leo, Ruth nobody; each has a team, and each team a manager."""

    door: FrontDoor
    mia: Referral
    leo: Referral
    sam: Worker
    sam_signs: Actor
    ruth: Worker
    ruth_signs: Actor
    assessment: Team
    court: Team
    ana: Actor
    carl: Actor

    def leaves(self, who: Actor, to: dict[str, str] | None = None, token: str | None = None) -> HandedOver:
        with self.door.acting(ADMINISTRATOR, token=token) as act:
            user = staff_rows.user(act.session, who.username)
            return account_changes.leave(act, id_of(user), to or {})

    def told(self, alert: Alert) -> list[str]:
        with self.door.database.read() as session:
            return sorted(one.recipient_name for one in rows.everything(session, Notice) if one.alert_id == alert.id)

    def listed(self) -> list[str]:
        with self.door.database.read() as session:
            return [line.referral.ref for line in allocation_list_rows.waiting(session, offset=0, limit=99)[0]]


@pytest.fixture
def place(open_door: Door) -> Place:
    door = open_door(TUESDAY)
    assessment, court = hands.add_team(door), hands.add_team(door, "Court team")
    sam, sam_signs = hands.social_worker(door, "Sam Okoro", team=assessment)
    ruth, ruth_signs = hands.social_worker(door, "Ruth Ames", team=court)
    mia, leo = (door.allocate(one, sam) for one in hands.awaiting(door, "Mia", "Leo"))
    ana, carl = (
        hands.person(door, name, Role.TEAM_MANAGER, team=team)
        for name, team in (("Ana Assess", assessment), ("Carl Court", court))
    )
    return Place(door, mia, leo, sam, sam_signs, ruth, ruth_signs, assessment, court, ana, carl)


def test_children_given_to_nobody_wait_on_the_allocation_list_and_the_team_manager_is_told(place: Place) -> None:
    done = place.leaves(place.sam_signs)
    assert (done.listed, done.given) == ([place.mia.ref, place.leo.ref], {})
    assert sorted(place.listed()) == sorted([place.mia.ref, place.leo.ref])
    for child in (place.mia, place.leo):
        found = place.door.fresh(child)
        assert (found.state, found.worker_id, found.team_id) == ("awaiting allocation", None, place.assessment.id)
        assert "Sam Okoro has left: back on the allocation list" in [one.summary for one in place.door.events(child)]
    alert = place.door.alert(f"left:{place.sam.id}")
    assert alert.headline == "Sam Okoro has left: 2 children wait for another worker"
    assert place.told(alert) == ["Ana Assess"]
    with place.door.database.read() as session:
        assert staff_rows.active_worker(session, place.sam.id) is None
        assert [worker.name for worker, *_ in staff_rows.workers(session)] == ["Ruth Ames"]
        assert caseloads.load_of(session, place.sam, now=place.door.now).children == 0
        assert held.by_who_left(session) == ""


def test_a_worker_is_owed_anew_and_the_first_allocation_stays_as_it_was(place: Place) -> None:
    def owed() -> list[tuple[int, str, str]]:
        with place.door.database.read() as session:
            clocks = clock_rows.of_referral(session, id_of(place.mia))
        return sorted((one.round, one.state, one.started_on) for one in clocks if one.duty == "allocation")

    place.door.move_to("2009-03-12 09:00")
    place.leaves(place.sam_signs)
    assert owed() == [(1, "stopped", "accepted"), (2, "running", "worker left")]
    place.door.allocate(place.mia, place.ruth)
    assert owed() == [(1, "stopped", "accepted"), (2, "stopped", "worker left")]


def test_the_alert_closes_with_the_last_child_who_has_a_worker_again(place: Place) -> None:
    place.leaves(place.sam_signs)
    place.door.allocate(place.mia, place.ruth)
    assert place.door.alert(f"left:{place.sam.id}") is not None
    place.door.allocate(place.leo, place.ruth)
    assert place.door.alert(f"left:{place.sam.id}") is None


def test_a_child_given_to_somebody_is_theirs_at_once_even_beyond_the_limit(place: Place) -> None:
    with place.door.database.write() as session:
        session.get_one(Worker, place.ruth.id).full_time_equivalent = 0.07
    place.door.allocate(hands.awaiting(place.door, "Ada")[0], place.ruth)
    done = place.leaves(place.sam_signs, {f"child:{place.mia.ref}": f"worker:{place.ruth.id}"})
    assert (done.given, done.listed) == ({place.mia.ref: "Ruth Ames"}, [place.leo.ref])
    found = place.door.fresh(place.mia)
    assert (found.state, found.worker_id, found.team_id) == ("allocated", place.ruth.id, place.court.id)
    said = [event.summary for event in place.door.events(place.mia)]
    assert "Transferred from Sam Okoro, who has left, to Ruth Ames" in said
    assert "Caseload limit overridden: Sam Okoro has left." in said
    assert place.door.alert(f"worker:{place.ruth.id}") is not None


@pytest.mark.parametrize("chosen", ["worker:4711", "user:4711", "worker:x", "nonsense", "worker:1"])
def test_whom_nobody_can_be_given_to_is_no_reason_to_refuse(place: Place, chosen: str) -> None:
    assert place.leaves(place.sam_signs, {"": chosen}).listed == [place.mia.ref, place.leo.ref]


def test_repeating_it_changes_nothing(place: Place) -> None:
    place.leaves(place.sam_signs, token="click")
    before = len(place.door.events(place.mia))
    assert place.leaves(place.sam_signs, token="click") == HandedOver()
    assert place.leaves(place.sam_signs) == HandedOver()
    assert len(place.door.events(place.mia)) == before


def test_a_transfer_from_who_leaves_ends_and_the_child_waits_on_the_list(place: Place) -> None:
    hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    place.leaves(place.sam_signs)
    assert hands.open_transfer(place.door, place.mia) is None
    assert place.mia.ref in place.listed()


def test_a_transfer_to_who_leaves_waits_for_a_worker_whom_the_team_manager_names(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.ruth_signs)
    assert transfer.taken_by == "ruth.ames"
    place.leaves(place.ruth_signs)
    found = hands.open_transfer(place.door, place.mia)
    assert (found.to_worker_id, found.to_team_id, found.taken_at) == (None, place.court.id, None)
    assert place.door.fresh(place.mia).worker_id == place.sam.id
    assert place.told(place.door.alert(f"left:{place.ruth.id}")) == ["Carl Court"]
    cora, _ = hands.social_worker(place.door, "Cora Vale", team=place.court)
    hands.accept(place.door, found, by=place.carl, worker_id=cora.id)
    assert place.door.fresh(place.mia).worker_id == place.sam.id
    hands.accept(place.door, found, by=place.sam_signs)
    assert place.door.fresh(place.mia).worker_id == cora.id
    assert place.door.alert(f"left:{place.ruth.id}") is None


def test_a_transfer_to_who_leaves_is_given_to_another_worker(place: Place) -> None:
    hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    cora, signs = hands.social_worker(place.door, "Cora Vale", team=place.assessment)
    place.leaves(place.ruth_signs, {f"transfer:{place.mia.ref}": f"worker:{cora.id}"})
    found = hands.open_transfer(place.door, place.mia)
    assert (found.to_worker_id, found.to_team_id) == (cora.id, place.assessment.id)
    hands.accept(place.door, found, by=signs)
    assert place.door.fresh(place.mia).worker_id == cora.id


def test_an_alert_goes_to_the_rest_of_the_role_and_what_the_leaver_said_holds_it_no_more(place: Place) -> None:
    hands.person(place.door, "Dana Duty", Role.DUTY_MANAGER)
    place.door.log("Ada", immediate_danger=True)
    (alert,) = _of_danger(place)
    place.door.acknowledge(alert, by=MANAGER)
    place.leaves(MANAGER)
    (alert,) = _of_danger(place)
    assert alert.held_until is None
    assert place.told(alert).count("Dana Duty") == 2
    place.door.watch_for(hours=0.3)
    assert place.told(alert).count("Dana Duty") == 3


def test_who_had_an_alert_holds_it_no_more(place: Place) -> None:
    place.door.log("Ada", immediate_danger=True)
    (alert,) = _of_danger(place)
    dana = hands.person(place.door, "Dana Duty", Role.DUTY_MANAGER)
    assert danger.take_on(place.door, alert, by=dana).held_until is not None
    place.leaves(dana)
    assert _of_danger(place)[0].held_until is None


def test_an_alert_of_which_nobody_is_left_who_was_told_climbs_at_once(place: Place) -> None:
    place.leaves(place.sam_signs)
    alert = place.door.alert(f"left:{place.sam.id}")
    assert SERVICE_MANAGER.name not in place.told(alert)
    for one in (TEAM_MANAGER, place.carl, place.ana):
        place.leaves(one)
    assert SERVICE_MANAGER.name in place.told(alert)


def test_an_alert_is_given_to_somebody(place: Place) -> None:
    place.door.log("Ada", immediate_danger=True)
    (alert,) = _of_danger(place)
    with place.door.database.read() as session:
        carl = staff_rows.user(session, "carl.court")
    place.leaves(MANAGER, {f"alert:{alert.id}": f"user:{carl.id}"})
    assert "Carl Court" in place.told(alert)


def test_the_last_administrator_leaves_and_the_service_manager_hears_how_to_make_another(place: Place) -> None:
    with place.door.database.read() as session:
        administrators = list(staff_rows.holders(session, Role.ADMINISTRATOR))
    for one in administrators:
        place.leaves(Actor(username=one.username, name=one.name, roles=frozenset({Role.ADMINISTRATOR})))
    alert = place.door.alert("no administrator")
    assert "pathway user change" in alert.next_step
    assert SERVICE_MANAGER.name in place.told(alert)


def test_who_leaves_as_a_worker_alone_goes_on_signing_in(place: Place) -> None:
    with place.door.acting(ADMINISTRATOR) as act:
        done = team_changes.let_go(act, id_of(place.sam), {"": f"worker:{place.ruth.id}"})
    assert done.given == {place.mia.ref: "Ruth Ames", place.leo.ref: "Ruth Ames"}
    with place.door.database.read() as session:
        assert staff_rows.user(session, "sam.okoro").active


def test_a_restricted_child_who_waits_is_told_to_whoever_may_open_it_as_well(place: Place) -> None:
    hands.restrict(place.door, place.mia, by=SERVICE_MANAGER)
    place.leaves(place.sam_signs)
    assert place.told(place.door.alert(f"left:{place.sam.id}")) == ["Ana Assess", SERVICE_MANAGER.name]


def test_where_the_only_person_who_may_open_a_record_leaves_a_role_that_may_decide_opens_it(place: Place) -> None:
    hands.restrict(place.door, place.mia, by=SERVICE_MANAGER)
    place.leaves(SERVICE_MANAGER)
    said = [event.summary for event in place.door.events(place.mia) if event.kind == EventKind.RESTRICTED]
    assert said[-1].startswith("Restricted record opened to every ")


def _of_danger(place: Place) -> list[Alert]:
    with place.door.database.read() as session:
        found = rows.everything(session, Alert)
    return [one for one in found if one.closed_at is None and one.kind == "immediate danger"]


def test_who_has_left_is_offered_nowhere_even_where_their_worker_was_not_let_go(place: Place) -> None:
    # As an earlier version left it: the sign-in has ended, and the worker still holds children.
    with place.door.database.write() as session:
        user = staff_rows.user(session, "sam.okoro")
        assert user is not None
        user.active = False
    with place.door.database.read() as session:
        assert [worker.name for worker, *_ in staff_rows.workers(session)] == ["Ruth Ames"]
        assert staff_rows.workers_called(session, "Sam Okoro") == []
        assert staff_rows.active_worker(session, place.sam.id) is None
        assert staff_rows.worker_of_user(session, "sam.okoro") is None
        assert held.by_who_left(session) != ""
    with pytest.raises(InvalidInput, match="no such active worker"):
        place.door.allocate(hands.awaiting(place.door, "Ada")[0], place.sam)
