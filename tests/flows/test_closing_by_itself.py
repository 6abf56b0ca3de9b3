"""Promise: what was not accepted closes by itself when its letter has gone and nothing else is owed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine.actors import SYSTEM
from pathway.engine.casework import closing
from rules.vocabulary import AlertKind, EventKind, NotApplicable
from storage.queries import record_rows
from storage.tables import Alert, Contact, Event, Referral, id_of
from support import danger, referring_onward
from support.front_door import TEAM_MANAGER, FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def logged(open_door: Door, *names: str, **more: object) -> tuple[FrontDoor, Contact, list[Referral]]:
    door = open_door(TUESDAY)
    contact = door.log(*names or ("Mia",), **more)
    door.hand_over_letters()
    return door, contact, list(door.referrals(contact))


def closing_event(door: FrontDoor, referral: Referral) -> Event:
    (event,) = [event for event in door.events(referral) if event.kind == EventKind.CLOSED]
    return event


@pytest.mark.parametrize("outcome", ["no-further-action", "information-and-advice"])
def test_it_closes_when_the_mail_server_has_accepted_the_letter_and_the_history_says_who_and_why(
    open_door: Door, outcome: str
) -> None:
    door, _, (mia,) = logged(open_door)
    door.decide(mia, outcome)
    assert door.fresh(mia).state == "decided"
    door.hand_over_letters()
    assert (door.fresh(mia).state, door.fresh(mia).closed_at) == ("closed", door.now)
    event = closing_event(door, mia)
    assert event.actor == SYSTEM.username
    assert event.summary.startswith("Closed by itself: decided as")
    assert event.summary.endswith("the referrer has been told, and nothing else is owed.")


def test_it_closes_when_the_letter_is_recorded_as_posted(open_door: Door) -> None:
    door, contact, (mia,) = logged(open_door, referrer_email="", referrer_address="1 School Lane, N1 1AA")
    door.decide(mia)
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    door.move_to("2009-03-10 15:00")
    door.post(door.letters(contact)[-1], "2009-03-10 14:00")
    assert door.fresh(mia).state == "closed"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"source_code": "9", "referrer_name": "", "referrer_email": ""}, "anonymous"),
        ({"source_code": "1A", "unsafe_to_contact": True}, "unsafe to contact"),
    ],
)
def test_where_no_letter_is_owed_it_closes_with_the_decision(
    open_door: Door, more: dict[str, object], why: str
) -> None:
    door, _, (mia,) = logged(open_door, **more)
    door.decide(mia)
    assert door.fresh(mia).state == "closed"
    assert f"no letter is owed to the referrer ({why})" in closing_event(door, mia).summary


def test_a_sibling_that_is_still_undecided_holds_it_open_until_the_letter_has_gone(open_door: Door) -> None:
    door, _, (mia, leo) = logged(open_door, "Mia", "Leo")
    door.decide(mia)
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    door.decide(leo, "assessment")
    door.hand_over_letters()
    assert (door.fresh(mia).state, door.fresh(leo).state) == ("closed", "awaiting allocation")


def test_an_accepted_child_never_closes_by_itself(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    door.allocate(door.decide(mia, "assessment"), door.add_worker())
    door.watch_for(hours=60)
    assert door.fresh(mia).state == "allocated"


def test_while_checks_are_owed_after_an_urgent_decision_it_stays_open_and_closes_when_they_are_recorded(
    open_door: Door,
) -> None:
    door, _, (mia,) = logged(open_door, immediate_danger=True)
    danger.decide_at_once(door, mia, "no-further-action")
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    door.screen(mia)
    assert door.fresh(mia).state == "closed"


def test_while_new_information_is_not_acknowledged_it_stays_open(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    worker = referring_onward.worker_who_signs_in(door)
    door.decide(mia, "already-open", worker_id=worker.id)
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    acknowledged = []
    for alert in new_information(door, mia):
        acknowledged.append(door.fresh(mia).state)
        door.acknowledge(alert, by=referring_onward.SOCIAL_WORKER if "social worker" in alert.ladder else TEAM_MANAGER)
    assert acknowledged == ["decided"] * len(acknowledged) != []
    assert door.fresh(mia).state == "closed"


def test_calling_it_twice_closes_once(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    door.decide(mia)
    door.hand_over_letters()
    version = door.fresh(mia).version
    assert close_when_done(door, mia) is False
    assert door.fresh(mia).version == version
    assert closing_event(door, mia)


def test_an_undecided_referral_is_left_alone(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    assert close_when_done(door, mia) is False
    assert door.fresh(mia).state == "received"


def test_the_clock_of_closing_stops_and_nothing_runs_on(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    door.decide(mia)
    door.move_to("2009-03-10 12:00")
    door.hand_over_letters()
    clock = door.clock(mia, "closing")
    assert (clock.state, clock.stopped_at, clock.breached_at) == ("stopped", london("2009-03-10 12:00"), None)


def test_a_referral_that_goes_on_after_all_need_not_be_closed(open_door: Door) -> None:
    door, _, (mia,) = logged(open_door)
    door.decide(mia)
    with door.acting(SYSTEM) as act:
        referral = act.session.get_one(Referral, id_of(mia))
        reason = NotApplicable.CORRECTED
        closing.need_not_be_closed(act, referral, reason=reason)
    assert door.clock(mia, "closing").not_applicable_because == "decision corrected"


def close_when_done(door: FrontDoor, referral: Referral) -> bool:
    with door.acting(SYSTEM) as act:
        return closing.close_when_done(act, act.session.get_one(Referral, id_of(referral)))


def new_information(door: FrontDoor, referral: Referral) -> list[Alert]:
    with door.database.read() as session:
        found = record_rows.open_alerts(session, id_of(referral))
        return [alert for alert in found if alert.kind == AlertKind.NEW_INFORMATION]
