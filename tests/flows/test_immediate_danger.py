"""Promise: a child in immediate danger is told at once, again every quarter of an hour, and decided within the hour."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from pathway.engine import inputs
from pathway.engine.intake import logging_contact
from rules.errors import NotAllowed, Refused
from rules.vocabulary import CheckKind, Role
from storage.queries.alerts import alert_list_rows
from storage.queries.keyset import Wanted
from storage.queries.letters import letter_list_rows
from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import Contact, id_of
from support import danger, rows
from support.danger import alert_of, alerts_to
from support.front_door import MANAGER, OFFICER, FrontDoor, contact_fields, london, person_in

Door = Callable[..., FrontDoor]
MORNING = "2009-03-10 10:00"


def test_a_contact_so_marked_tells_the_duty_manager_in_the_transaction_that_stores_it(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    (message,) = alerts_to(door, Role.DUTY_MANAGER)
    assert (message.created_at, message.priority) == (contact.recorded_at, 0)
    assert not alerts_to(door, Role.SERVICE_MANAGER)


def test_where_the_contact_is_not_stored_nothing_is_told(open_door: Door) -> None:
    door = open_door(MORNING)
    typed = contact_fields("Mia", received_at=door.now, immediate_danger=True)
    with suppress(ZeroDivisionError), door.acting(OFFICER) as act:
        logging_contact.log_contact(act, inputs.parse(logging_contact.ContactInput, typed))
        raise ZeroDivisionError
    assert not door.messages(Role.DUTY_MANAGER)


def test_out_of_hours_the_emergency_duty_team_is_told(open_door: Door) -> None:
    door = open_door("2009-03-14 23:00")
    door.log("Mia", immediate_danger=True)
    assert len(alerts_to(door, Role.EMERGENCY_DUTY_TEAM)) == 1


def test_the_mail_names_the_contact_and_leads_to_it_and_names_no_child(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    (message,) = alerts_to(door, Role.DUTY_MANAGER)
    content = message.content.decode()
    assert message.subject == f"IMMEDIATE DANGER: contact {contact.ref}"
    assert f"/contacts/{contact.ref}" in content
    assert "999" in content
    assert "Mia" not in content
    assert "Harlow" not in content


def test_it_is_told_again_every_15_minutes_until_somebody_acknowledges(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    door.watch_for(hours=0.76)
    assert [m.created_at for m in alerts_to(door, Role.DUTY_MANAGER)] == [
        london(f"2009-03-10 10:{minute}") for minute in ("00", "15", "30", "45")
    ]
    alert = alert_of(door, contact)
    assert alert is not None
    door.acknowledge(alert, note="Police are at the house.")
    door.watch_for(hours=0.2)
    assert len(alerts_to(door, Role.DUTY_MANAGER)) == 4


def test_acknowledged_it_rests_for_30_minutes_and_then_goes_on(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    alert = alert_of(door, contact)
    assert alert is not None
    assert door.acknowledge(alert).held_until == london("2009-03-10 10:30")
    door.watch_for(hours=0.49)
    assert not alerts_to(door, Role.SERVICE_MANAGER)
    door.watch_for(hours=0.02)
    assert len(alerts_to(door, Role.SERVICE_MANAGER)) == 1


def test_its_decision_clock_is_one_hour_from_receipt(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", received="2009-03-10 09:20", immediate_danger=True))
    assert door.clock(mia, "danger").due_at == london("2009-03-10 10:20")
    assert door.clock(mia, "decision").due_at == london("2009-03-11 09:20")


def test_a_contact_received_two_hours_ago_is_late_when_it_is_logged_and_its_alerts_begin_now(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", received="2009-03-10 07:30", immediate_danger=True)
    (mia,) = door.referrals(contact)
    assert door.clock(mia, "danger").breached_at == london("2009-03-10 08:30")
    door.watch_for(hours=0.3)
    assert [m.created_at for m in alerts_to(door, Role.DUTY_MANAGER)] == [
        london("2009-03-10 10:00"),
        london("2009-03-10 10:15"),
    ]


def test_a_contact_without_the_mark_has_no_such_clock_and_no_alert(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia")
    assert not door.rounds(door.referrals(contact)[0], "danger")
    assert alert_of(door, contact) is None


def test_a_mark_set_later_does_the_same_from_then(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", "Leo")
    door.move_to("2009-03-10 14:00")
    danger.mark(door, contact)
    assert [door.clock(one, "danger").due_at for one in door.referrals(contact)] == [london("2009-03-10 15:00")] * 2
    door.watch_for(hours=0.26)
    assert [m.created_at for m in alerts_to(door, Role.DUTY_MANAGER)] == [
        london("2009-03-10 14:00"),
        london("2009-03-10 14:15"),
    ]
    assert "Immediate danger: The father has come back." in [e.summary for e in door.events(door.referrals(contact)[0])]


def test_a_second_click_marks_once(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", "Leo")
    for _ in range(2):
        danger.mark(door, contact, request_id="one-form")
    assert len(alerts_to(door, Role.DUTY_MANAGER)) == 1


def test_a_marked_contact_is_not_marked_again(open_door: Door) -> None:
    door = open_door(MORNING)
    with pytest.raises(Refused, match="marked already"):
        danger.mark(door, door.log("Mia", immediate_danger=True))


def test_a_contact_whose_children_are_all_decided_is_not_marked(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    with pytest.raises(Refused, match="a contact of its own"):
        danger.mark(door, contact)


def test_a_reopened_child_of_a_marked_contact_can_be_marked_anew(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    (mia,) = door.referrals(contact)
    door.decide(mia)
    door.hand_over_letters()
    door.reopen(mia)
    danger.mark(door, contact)
    assert [clock.state for clock in door.rounds(mia, "danger")] == ["stopped", "running"]
    assert alert_of(door, contact)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SOCIAL_WORKER, Role.ADMINISTRATOR])
def test_only_those_whom_the_book_names_mark(open_door: Door, role: Role) -> None:
    door = open_door(MORNING)
    with pytest.raises(NotAllowed, match="mark immediate danger"):
        danger.mark(door, door.log("Mia"), by=person_in(role))


def test_a_manager_withdraws_the_mark_and_the_hour_is_neither_met_nor_missed(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", "Leo", immediate_danger=True)
    door.move_to("2009-03-10 12:00")
    door.sweep()
    danger.withdraw(door, contact)
    for referral in door.referrals(contact):
        clock = door.clock(referral, "danger")
        assert (clock.state, clock.not_applicable_because) == ("not applicable", "withdrawn")
        assert clock.breached_at is None
        assert "immediate danger withdrawn" in danger.kinds_of_history(door, referral)
        assert door.clock(referral, "decision").state == "running"
    assert alert_of(door, contact) is None


def test_a_withdrawn_mark_can_be_set_again(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    danger.withdraw(door, contact)
    danger.mark(door, contact)
    (mia,) = door.referrals(contact)
    assert [clock.state for clock in door.rounds(mia, "danger")] == ["not applicable", "running"]


def test_an_officer_can_not_withdraw_it(open_door: Door) -> None:
    door = open_door(MORNING)
    with pytest.raises(NotAllowed, match="decide"):
        danger.withdraw(door, door.log("Mia", immediate_danger=True), by=OFFICER)


def test_what_is_not_marked_is_not_withdrawn(open_door: Door) -> None:
    door = open_door(MORNING)
    with pytest.raises(Refused, match="not marked"):
        danger.withdraw(door, door.log("Mia"))


def test_the_alert_closes_when_every_child_is_decided(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", "Leo", immediate_danger=True)
    mia, leo = door.referrals(contact)
    danger.decide_at_once(door, mia)
    assert alert_of(door, contact)
    danger.decide_at_once(door, leo)
    assert alert_of(door, contact) is None
    door.sweep()
    assert door.messages(Role.DUTY_MANAGER, "alert closed")


def test_a_decision_within_the_hour_meets_it(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    door.watch_for(hours=0.9)
    danger.decide_at_once(door, mia)
    assert (door.clock(mia, "danger").state, door.clock(mia, "danger").breached_at) == ("stopped", None)


def test_the_decision_goes_first_and_leaves_the_checks_owed_with_a_clock(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    assert danger.decide_at_once(door, mia).state == "awaiting allocation"
    assert door.clock(mia, "checks").due_at == london("2009-03-11 10:00")
    (left,) = [event for event in door.events(mia) if event.kind == "decided before checks"]
    assert "Brothers, sisters" in left.summary


def test_a_child_screened_in_part_owes_the_rest(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    door.screen(mia, kinds=[CheckKind.SIBLINGS])
    danger.decide_at_once(door, mia)
    (left,) = [event for event in door.events(mia) if event.kind == "decided before checks"]
    assert "Brothers, sisters" not in left.summary


def test_a_child_screened_before_owes_nothing(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    door.decide(mia)
    assert not door.rounds(mia, "checks")


def test_owed_checks_are_recorded_after_the_decision_and_the_last_one_stops_their_clock(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    danger.decide_at_once(door, mia)
    door.screen(mia, kinds=[CheckKind.HISTORY, CheckKind.SIBLINGS])
    assert door.clock(mia, "checks").state == "running"
    door.screen(mia, kinds=[CheckKind.ALREADY_OPEN])
    assert (door.clock(mia, "checks").state, door.fresh(mia).state) == ("stopped", "awaiting allocation")
    assert danger.kinds_of_history(door, mia).count("screened") == 1
    with pytest.raises(Refused, match="before the decision"):
        door.screen(mia, kinds=[CheckKind.POLICE])


def test_owed_checks_that_nobody_records_are_late_after_a_day(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    danger.decide_at_once(door, mia)
    door.watch_for(hours=24.5)
    assert door.clock(mia, "checks").breached_at == london("2009-03-11 10:00")
    assert door.alert_of(mia, "checks")


def test_a_referral_is_not_closed_while_its_checks_are_owed(open_door: Door) -> None:
    door = open_door(MORNING)
    (mia,) = door.referrals(door.log("Mia", immediate_danger=True))
    danger.decide_at_once(door, mia, "no-further-action")
    door.hand_over_letters()
    with pytest.raises(Refused, match="still owed: checks"):
        door.close(mia)
    door.screen(mia)
    assert door.fresh(mia).state == "closed"


def test_withdrawn_after_the_decision_the_checks_stay_owed(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    (mia,) = door.referrals(contact)
    danger.decide_at_once(door, mia)
    danger.withdraw(door, contact)
    assert door.clock(mia, "checks").state == "running"


def test_withdrawn_before_the_decision_the_checks_come_first_again(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    danger.withdraw(door, contact)
    with pytest.raises(Refused, match="Only in immediate danger"):
        danger.decide_at_once(door, *door.referrals(contact))


def test_a_siblings_decision_changes_nothing_of_anothers_hour(open_door: Door) -> None:
    door = open_door(MORNING)
    mia, leo = door.referrals(door.log("Mia", "Leo", immediate_danger=True))
    before = door.clock(leo, "danger").model_dump()
    danger.decide_at_once(door, mia)
    assert door.clock(leo, "danger").model_dump() == before


def test_it_heads_every_list(open_door: Door) -> None:
    door = open_door(MORNING)
    old = door.log("Noah", received="2009-03-08 10:00")
    marked = door.log("Mia", immediate_danger=True)
    door.log("Zoe")
    door.sweep()
    with door.database.read() as session:
        screening = referral_list_rows.page(session, ReferralsWanted(), Wanted(size=10)).rows
        alerts, _ = alert_list_rows.lines(session, closed=False, records=True, offset=0, limit=10)
        letters, _ = letter_list_rows.lines(session, owed_only=False, words="", offset=0, limit=10)
    firsts = {line.contact.ref for line in (screening[0], alerts[0], letters[0]) if line.contact}
    assert firsts == {marked.ref}
    assert old.ref in {line.contact.ref for line in alerts if line.contact}


def test_a_danger_that_is_over_no_longer_heads_the_letters(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia", immediate_danger=True)
    door.decide(*door.referrals(contact))
    door.hand_over_letters()
    newest = door.log("Zoe")
    with door.database.read() as session:
        letters, _ = letter_list_rows.lines(session, owed_only=False, words="", offset=0, limit=10)
    assert letters[0].contact.ref == newest.ref


def test_where_nobody_is_duty_manager_the_next_on_the_ladder_is_told_at_once(open_door: Door) -> None:
    door = open_door(MORNING)
    door.leave(MANAGER)
    door.log("Mia", immediate_danger=True)
    assert len(alerts_to(door, Role.SERVICE_MANAGER)) == 1


@pytest.mark.parametrize("book", ["haringey-2009", "working-together-2023", "mash-rag"])
def test_every_shipped_book_has_the_hour_and_the_ladder(open_door: Door, book: str) -> None:
    door = open_door(MORNING, book=book)
    contact = door.log("Mia", immediate_danger=True)
    (mia,) = door.referrals(contact)
    assert door.clock(mia, "danger").due_at == london("2009-03-10 11:00")
    assert alert_of(door, contact)


def test_the_mark_is_on_the_record(open_door: Door) -> None:
    door = open_door(MORNING)
    contact = door.log("Mia")
    danger.mark(door, contact)
    with door.database.read() as session:
        assert session.get_one(Contact, id_of(contact)).immediate_danger
        assert len(rows.everything(session, Contact)) == 1
