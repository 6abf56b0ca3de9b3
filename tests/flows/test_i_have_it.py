"""Promise: "I have it" holds the ladder of danger for ten minutes at most; without a note the next rung goes then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from rules.errors import NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries.alerts import alert_rows
from storage.sessions import Conflict
from storage.tables import Alert, AlertTakenOn, ClockDoubt, id_of
from support import danger, rows
from support.danger import alerts_to, take_on
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
SOCIAL_WORKER = person_in(Role.SOCIAL_WORKER)
TEN_PAST = "2009-03-10 10:10"


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """Mia was logged in danger at ten; nobody has said a word."""
    door = open_door("2009-03-10 10:00")
    door.log("Mia", immediate_danger=True)
    return door


def alert_of(door: FrontDoor) -> Alert:
    with door.database.read() as session:
        (alert,) = [one for one in rows.everything(session, Alert) if one.kind == "immediate danger"]
    return alert


def wait_until(door: FrontDoor, moment: str) -> None:
    """Time passes with the sweep running."""
    door.watch_for(hours=(london(moment) - door.now) / timedelta(hours=1))


def rungs_taken(door: FrontDoor) -> list[tuple[str, str]]:
    """The minute and the role of every rung that went, in order."""
    with door.database.read() as session:
        taken = alert_rows.rungs(session, f"alert:{alert_of(door).id}")
    return [(f"{row.taken_at.astimezone(london(TEN_PAST).tzinfo):%H:%M}", row.role) for row in taken]


def test_what_comes_in_those_ten_minutes_waits_and_goes_at_their_end_and_the_rest_keeps_its_distance(
    door: FrontDoor,
) -> None:
    wait_until(door, "2009-03-10 10:12")
    alert = take_on(door, alert_of(door))
    assert alert.held_until == alert.next_at == london("2009-03-10 10:22")
    wait_until(door, "2009-03-10 10:21")
    assert rungs_taken(door) == [("10:00", "duty manager")]
    wait_until(door, "2009-03-10 10:53")
    went = rungs_taken(door)
    assert ("10:22", "service manager") in went
    assert ("10:22", "duty manager") in went
    assert ("10:52", "head of service") in went


def test_it_is_a_fact_with_an_event_that_names_who_has_it_until_when(door: FrontDoor) -> None:
    wait_until(door, TEN_PAST)
    take_on(door, alert_of(door), by=OFFICER)
    with door.database.read() as session:
        (fact,) = rows.everything(session, AlertTakenOn)
        events = rows.everything(session, rows.tables.Event)
    assert (fact.username, fact.name) == (OFFICER.username, OFFICER.name)
    assert (fact.taken_at, fact.until) == (london(TEN_PAST), london("2009-03-10 10:20"))
    assert "Alert taken on by Screening Officer until 10:20" in [event.summary for event in events]


def test_a_note_makes_it_an_acknowledgement(door: FrontDoor) -> None:
    wait_until(door, TEN_PAST)
    take_on(door, alert_of(door))
    wait_until(door, "2009-03-10 10:14")
    alert = door.acknowledge(alert_of(door), note="Police are at the house.")
    assert alert.held_until == london("2009-03-10 10:44")
    wait_until(door, "2009-03-10 10:43")
    assert rungs_taken(door) == [("10:00", "duty manager")]


def test_two_clicks_with_one_form_hold_once(door: FrontDoor) -> None:
    for _ in range(2):
        take_on(door, alert_of(door), request_id="one-form")
    with door.database.read() as session:
        assert len(rows.everything(session, AlertTakenOn)) == 1


@pytest.mark.parametrize("by", [MANAGER, OFFICER])
def test_while_somebody_has_it_nobody_takes_it(door: FrontDoor, by) -> None:
    take_on(door, alert_of(door), by=TEAM_MANAGER)
    wait_until(door, "2009-03-10 10:09")
    with pytest.raises(Refused, match="Team Manager has it until 10:10"):
        take_on(door, alert_of(door), by=by)


def test_the_same_person_never_has_it_twice(door: FrontDoor) -> None:
    take_on(door, alert_of(door))
    wait_until(door, "2009-03-10 10:11")
    with pytest.raises(Refused, match="a note acknowledges it"):
        take_on(door, alert_of(door))


def test_another_takes_it_once_the_rung_that_waited_has_gone(door: FrontDoor) -> None:
    take_on(door, alert_of(door))
    wait_until(door, "2009-03-10 10:11")
    alert = take_on(door, alert_of(door), by=OFFICER)
    assert alert.held_until == london("2009-03-10 10:21")


def test_a_press_before_the_sweep_came_takes_the_rung_that_waited_first(door: FrontDoor) -> None:
    take_on(door, alert_of(door))
    door.move_to("2009-03-10 10:10")
    take_on(door, alert_of(door), by=OFFICER)
    assert ("10:10", "service manager") in rungs_taken(door)
    assert alerts_to(door, Role.SERVICE_MANAGER)


def test_while_the_clock_is_in_doubt_no_rung_goes_and_nobody_takes_it_after_another(door: FrontDoor) -> None:
    take_on(door, alert_of(door))
    door.move_to("2009-03-10 10:10")
    with door.database.write() as session:
        told = {"because": "It jumped.", "boot": "b", "machine": "m", "last_event_id": 0}
        session.add(ClockDoubt(began_at=door.now, trusted_at=door.now, **told))
    with pytest.raises(Refused, match="told before anybody else takes it"):
        take_on(door, alert_of(door), by=OFFICER)


def test_acknowledged_it_needs_nobody_who_has_it(door: FrontDoor) -> None:
    door.acknowledge(alert_of(door))
    with pytest.raises(Refused, match="acknowledged; the ladder waits until 10:30"):
        take_on(door, alert_of(door), by=OFFICER)


def test_a_closed_alert_and_one_of_another_kind_are_not_taken_so(door: FrontDoor) -> None:
    with door.database.read() as session:
        contact = rows.everything(session, rows.tables.Contact)[0]
    late = door.log("Noah", received="2009-03-09 09:00")
    with pytest.raises(Refused, match="Acknowledge this one with a note"):
        take_on(door, door.alert_of(door.referrals(late)[0]))
    alert = alert_of(door)
    danger.withdraw(door, contact)
    with pytest.raises(Refused, match="closed already"):
        take_on(door, alert)


def test_a_social_worker_does_not_take_it(door: FrontDoor) -> None:
    with pytest.raises(NotAllowed):
        take_on(door, alert_of(door), by=SOCIAL_WORKER)


def test_the_database_keeps_one_person_to_one_hold_of_an_alert(door: FrontDoor) -> None:
    take_on(door, alert_of(door))
    row = {"username": MANAGER.username, "name": "x", "taken_at": door.now, "until": door.now}
    again = AlertTakenOn(alert_id=id_of(alert_of(door)), **row)
    with pytest.raises(Conflict), door.database.write() as session:
        session.add(again)
