"""Promise: a child moves to another worker when both sides have accepted, with a handover note; until then it stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from pathway.engine.actors import Actor
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import EventKind, Role
from storage.queries import referral_rows
from storage.tables import Allocation, Referral, Team, Worker, id_of
from support import hands
from support.front_door import MANAGER, TEAM_MANAGER, FrontDoor
from support.listening import statements

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


class Place(NamedTuple):
    """Mia is held by Sam of the assessment team; Ruth is of the court team; each team has its manager."""

    door: FrontDoor
    mia: Referral
    sam: Worker
    sam_signs: Actor
    ruth: Worker
    ruth_signs: Actor
    assessment: Team
    court: Team
    assessment_manager: Actor
    court_manager: Actor

    @property
    def holder(self) -> int | None:
        return self.door.fresh(self.mia).worker_id


@pytest.fixture
def place(open_door: Door) -> Place:
    door = open_door(TUESDAY)
    assessment, court = hands.add_team(door), hands.add_team(door, "Court team")
    sam, sam_signs = hands.social_worker(door, "Sam Okoro", team=assessment, full_time_equivalent=0.2)
    ruth, ruth_signs = hands.social_worker(door, "Ruth Ames", team=court, full_time_equivalent=0.2)
    (mia,) = hands.awaiting(door, "Mia")
    door.allocate(mia, sam)
    managers = [
        hands.person(door, name, Role.TEAM_MANAGER, team=team)
        for name, team in (("Ana Assess", assessment), ("Carl Court", court))
    ]
    return Place(door, mia, sam, sam_signs, ruth, ruth_signs, assessment, court, *managers)


def fill(door: FrontDoor, worker: Worker, children: int) -> list[Referral]:
    found = hands.awaiting(door, *(f"Child {worker.id} {number}" for number in range(children)))
    return [door.allocate(one, worker) for one in found]


def allocations(place: Place) -> list[Allocation]:
    with place.door.database.read() as session:
        return list(referral_rows.allocations(session, id_of(place.mia)))


def test_until_both_sides_have_accepted_the_first_worker_holds_the_child(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    assert (transfer.given_by, transfer.taken_at) == ("sam.okoro", None)
    assert place.holder == place.sam.id
    hands.accept(place.door, transfer, by=place.ruth_signs)
    assert place.holder == place.ruth.id


def test_when_it_is_complete_allocation_team_and_history_say_so(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    place.door.move_to("2009-03-11 10:00")
    hands.accept(place.door, transfer, by=place.court_manager)
    first, second = allocations(place)
    assert (first.ended_at, second.ended_at) == (place.door.now, None)
    assert (second.worker_id, second.discussed_by, second.agreed) == (
        place.ruth.id,
        "Carl Court",
        transfer.handover_note,
    )
    referral = place.door.fresh(place.mia)
    assert (referral.state, referral.team_id) == ("allocated", place.court.id)
    said = [event.summary for event in place.door.events(place.mia) if event.kind == EventKind.TRANSFERRED]
    assert said == ["Transferred from Sam Okoro to Ruth Ames"]
    assert hands.open_transfer(place.door, place.mia) is None


def test_the_taking_side_may_propose_and_the_giving_side_accepts(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.ruth_signs)
    assert (transfer.given_at, transfer.taken_by) == (None, "ruth.ames")
    hands.accept(place.door, transfer, by=place.assessment_manager)
    assert place.holder == place.ruth.id


def test_a_transfer_to_a_team_is_complete_only_when_its_manager_names_the_worker(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.court, by=place.sam_signs)
    with pytest.raises(InvalidInput, match="worker_id: Nobody is chosen"):
        hands.accept(place.door, transfer, by=place.court_manager)
    with pytest.raises(InvalidInput, match="no such worker in the team"):
        hands.accept(place.door, transfer, by=place.court_manager, worker_id=place.sam.id)
    with pytest.raises(NotAllowed):
        hands.accept(place.door, transfer, by=place.ruth_signs, worker_id=place.ruth.id)
    assert place.holder == place.sam.id
    hands.accept(place.door, transfer, by=place.court_manager, worker_id=place.ruth.id)
    assert place.holder == place.ruth.id


def test_one_person_does_not_accept_for_both_sides(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=TEAM_MANAGER)  # manages every team
    with pytest.raises(Refused, match="somebody of the other side"):
        hands.accept(place.door, transfer, by=TEAM_MANAGER)
    with pytest.raises(NotAllowed, match="waits for the other side"):
        hands.accept(place.door, transfer, by=place.sam_signs)
    assert place.holder == place.sam.id


@pytest.mark.parametrize("who", ["court_manager", "ruth_signs"])
def test_somebody_of_neither_side_has_no_say(place: Place, who: str) -> None:
    _, other = hands.social_worker(place.door, "Olu Third", team=place.assessment)
    in_team, _ = hands.social_worker(place.door, "Nia Fourth", team=place.assessment)
    with pytest.raises(NotAllowed):
        hands.propose(place.door, place.mia, in_team, by=other)
    transfer = hands.propose(place.door, place.mia, in_team, by=place.sam_signs)
    with pytest.raises(NotAllowed):
        hands.accept(place.door, transfer, by=getattr(place, who))
    with pytest.raises(NotAllowed):
        hands.refuse(place.door, transfer, by=getattr(place, who))
    with pytest.raises(NotAllowed):
        hands.propose(place.door, place.mia, place.ruth, by=MANAGER)


# SQLite has one writer, who locks everything: there is no order in which rows could be locked.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_rows_are_locked_in_one_order_whichever_way_a_child_moves(place: Place) -> None:
    there = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    in_order = [("contact", place.mia.contact_id), ("worker", place.sam.id), ("worker", place.ruth.id)]
    assert locked_by(place, lambda: hands.accept(place.door, there, by=place.ruth_signs)) == in_order
    back = hands.propose(place.door, place.mia, place.sam, by=place.ruth_signs)
    assert locked_by(place, lambda: hands.accept(place.door, back, by=place.sam_signs)) == in_order


def locked_by(place: Place, act: Callable[[], object]) -> list[tuple[str, int]]:
    """Which rows a step locks, each when it does so first."""
    with statements(place.door.database) as found:
        act()
    locks = [(words.split("FROM ")[1].split()[0], given) for words, given in found if "FOR UPDATE" in words]
    return list(dict.fromkeys((table, number) for table, given in locks for number in given.values()))


def test_a_refusal_leaves_the_child_where_it_was_and_another_transfer_can_follow(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    hands.refuse(place.door, transfer, by=place.ruth_signs, reason="I am away in April.")
    assert place.holder == place.sam.id
    assert "Transfer refused: I am away in April." in [event.summary for event in place.door.events(place.mia)]
    with pytest.raises(Refused, match="has ended: I am away in April"):
        hands.accept(place.door, transfer, by=place.ruth_signs)
    hands.propose(place.door, place.mia, place.court, by=place.sam_signs)


def test_only_one_transfer_of_a_child_waits_at_a_time(place: Place) -> None:
    hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    with pytest.raises(Refused, match="waits already"):
        hands.propose(place.door, place.mia, place.court, by=place.sam_signs)


def test_a_second_click_proposes_once(place: Place) -> None:
    first = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs, request_id="one-form")
    again = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs, request_id="one-form")
    assert first.id == again.id


def test_the_caseload_rule_holds_when_it_is_accepted(place: Place) -> None:
    fill(place.door, place.ruth, 3)  # her limit
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    with pytest.raises(Refused, match="Ruth Ames would hold 4 open children"):
        hands.accept(place.door, transfer, by=place.ruth_signs)
    with pytest.raises(NotAllowed):
        hands.accept(place.door, transfer, by=place.ruth_signs, override_reason="I can manage.")
    assert place.holder == place.sam.id
    hands.accept(place.door, transfer, by=place.court_manager, override_reason="Two close on Friday.")
    assert place.holder == place.ruth.id
    assert place.door.alert(f"worker:{place.ruth.id}") is not None
    assert allocations(place)[-1].override_reason == "Two close on Friday."


def test_the_caseload_of_the_worker_who_gives_is_counted_again(place: Place) -> None:
    fill(place.door, place.sam, 2)
    (over,) = hands.awaiting(place.door, "One More")
    place.door.allocate(over, place.sam, override_reason="Knows the family.")
    assert place.door.alert(f"worker:{place.sam.id}") is not None
    hands.accept(place.door, hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs), by=place.ruth_signs)
    assert place.door.alert(f"worker:{place.sam.id}") is None


@pytest.mark.parametrize("to", ["nobody", "self", "gone"])
def test_an_odd_transfer_is_refused_at_its_field(place: Place, to: str) -> None:
    more: dict[str, object] = {"nobody": {"to_worker_id": ""}, "self": {}, "gone": {"to_worker_id": 999}}[to]
    with pytest.raises(InvalidInput, match="to_worker_id"):
        hands.propose(place.door, place.mia, place.sam, by=place.sam_signs, **more)


def test_a_transfer_needs_a_handover_note(place: Place) -> None:
    with pytest.raises(InvalidInput, match="handover_note: This is needed"):
        hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs, handover_note=" ")


def test_only_an_allocated_child_is_transferred(place: Place) -> None:
    (leo,) = hands.awaiting(place.door, "Leo")
    with pytest.raises(Refused, match="Only an allocated child"):
        hands.propose(place.door, leo, place.ruth, by=TEAM_MANAGER)


def test_closing_ends_the_transfer_that_waits(place: Place) -> None:
    transfer = hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs)
    place.door.hand_over_letters()
    place.door.close(place.mia)
    assert hands.open_transfer(place.door, place.mia) is None
    with pytest.raises(Refused, match="The referral was closed"):
        hands.accept(place.door, transfer, by=place.ruth_signs)


def test_the_clocks_of_the_child_run_on(place: Place) -> None:
    before = place.door.clock(place.mia, "initial_assessment")
    hands.accept(place.door, hands.propose(place.door, place.mia, place.ruth, by=place.sam_signs), by=place.ruth_signs)
    assert place.door.clock(place.mia, "initial_assessment") == before
