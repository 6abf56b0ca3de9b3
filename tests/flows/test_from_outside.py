"""Promise: what a professional sends by the form is received at that moment, with the address confirmed or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notifications.answers import Answer
from pathway.engine.intake import outside_limits
from pathway.engine.intake.from_outside import OPEN_FOR, SentAndChanged
from pathway.engine.post import handing_over
from pathway.engine.referrers.confirming_address import Confirmation
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.tables import Message, OutsideTry, id_of
from support import bounced, danger, links, no_way_to_write, rows, shut_out
from support import sent_from_outside as outside
from support.front_door import MANAGER, OFFICER, FrontDoor, london, person_in

Door = Callable[..., FrontDoor]
NIGHT = "2009-03-10 23:30"
NAMES = ("Mia", "Harlow", "Ada", "Ferreira", "Park Lane", "food")


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    """A Tuesday night: nobody is at the desk."""
    return open_door(NIGHT)


def events(door: FrontDoor, referral, kind: str) -> list[str]:
    return [event.summary for event in door.events(referral) if event.kind == kind]


# -- a contact like any other --------------------------------------------------------------------------------------


def test_its_clocks_run_from_the_moment_it_was_sent_as_those_of_any_contact(door):
    sent, logged = outside.send(door, "Mia", "Maya"), door.log("Noah", "Nell", referrer_email="", received_at=door.now)
    assert sent.received_at == sent.recorded_at == door.now
    for mine, theirs in zip(door.referrals(sent), door.referrals(logged), strict=True):
        kinds = ("decision", "feedback")
        assert [door.clock(mine, kind).due_at for kind in kinds] == [door.clock(theirs, kind).due_at for kind in kinds]
        assert door.clock(mine).due_at == london("2009-03-11 23:30")
        assert mine.state == "received"
    assert (sent.channel, sent.recorded_by, sent.referrer_kind) == ("online form", "online form", "professional")


def test_immediate_danger_wakes_the_emergency_duty_team_at_once(door):
    contact = outside.send(door, "Mia", immediate_danger=True)
    assert len(danger.alerts_to(door, Role.EMERGENCY_DUTY_TEAM)) == 1
    assert door.clock(door.referrals(contact)[0], "danger").due_at == london("2009-03-11 00:30")


def test_a_known_child_is_joined_by_the_rule_and_a_re_referral_is_seen(door):
    (known,) = door.referrals(door.log("Mia"))
    (again,) = door.referrals(outside.send(door, "Mia"))
    assert door.fresh(again).person_id == door.fresh(known).person_id


# -- the receipt ---------------------------------------------------------------------------------------------------


def test_the_receipt_goes_to_the_typed_address_and_names_nobody(door):
    contact = outside.send(door)
    message = outside.receipt(door, contact)
    told = links.everything_in(message).replace(outside.ADA, "")
    assert [word for word in NAMES if word.casefold() in told.casefold()] == []
    assert (message.recipient_address, message.recipient_name) == (outside.ADA, "")
    assert contact.ref in links.body_of(message)
    assert contact.ref not in message.subject
    assert "2009" not in message.subject


def test_over_a_way_that_is_not_secure_the_receipt_holds_no_reference(door):
    links.few_secure(door, "gov.uk")
    contact = outside.send(door)
    assert contact.ref[3:] not in links.everything_in(outside.receipt(door, contact))


def test_until_the_address_is_confirmed_nothing_else_goes_there(door):
    contact = outside.send(door)
    for referral in door.referrals(contact):
        door.decide(referral)
    assert [message.kind for message in door.messages(outside.ADA)] == ["receipt"]
    (letter,) = door.letters(contact)
    assert (letter.kind, letter.delivery, letter.recipient_address) == ("outcome", "post", "")
    assert door.fresh_contact(contact).referrer_email == ""
    assert door.clock(door.referrals(contact)[0], "feedback").state == "running"


def test_a_receipt_that_is_refused_alerts_nobody_and_the_contact_says_so(door):
    contact = outside.send(door)
    message = outside.receipt(door, contact)
    with door.database.write() as session:
        refused = Answer(accepted=False, final=True, code=550, text="No such user here")
        handing_over.settle_message(session, session.get_one(Message, id_of(message)), refused, now=door.now)
    assert "No such user here" in outside.outside(door, contact).receipt_failed
    assert door.messages(Role.SYSTEM_OWNER) == []


def test_a_receipt_that_comes_back_is_settled_by_itself(door):
    contact = outside.send(door)
    door.hand_over_letters()
    bounce = bounced.take(door, bounced.report(door, outside.receipt(door, contact), said="550 No such user"))
    assert bounced.line(door, bounce).settlement.how == "without effect"
    assert "No such user" in outside.outside(door, contact).receipt_failed


# -- confirming ----------------------------------------------------------------------------------------------------


def test_the_link_and_the_surname_confirm_the_address_and_the_acknowledgement_goes(door):
    contact = outside.send(door)
    assert outside.confirm(door, outside.link_in(outside.receipt(door, contact))) is Confirmation.CONFIRMED
    assert door.fresh_contact(contact).referrer_email == outside.ADA
    assert [message.kind for message in door.messages(outside.ADA)] == ["receipt", "acknowledgement"]
    assert events(door, door.referrals(contact)[0], "address confirmed")


def test_a_letter_that_waited_goes_when_the_address_is_confirmed_and_meets_its_duty(door):
    contact = outside.send(door)
    (referral,) = door.referrals(contact)
    door.decide(referral)
    outside.confirm(door, outside.link_in(outside.receipt(door, contact)))
    assert [message.kind for message in door.messages(outside.ADA)] == ["receipt", "outcome"]
    door.hand_over_letters()
    assert door.clock(referral, "feedback").state == "stopped"


def test_a_second_time_changes_nothing(door):
    contact = outside.send(door)
    token = outside.link_in(outside.receipt(door, contact))
    assert [outside.confirm(door, token) for _ in range(3)] == [Confirmation.CONFIRMED] * 3
    assert len(door.messages(outside.ADA)) == 2


def test_after_fourteen_days_the_link_confirms_nothing(door):
    contact = outside.send(door)
    token = outside.link_in(outside.receipt(door, contact))
    door.move_to("2009-03-24 23:29")
    assert door.now < contact.received_at + OPEN_FOR
    door.move_to("2009-03-24 23:30")
    assert outside.confirm(door, token) is Confirmation.EXPIRED
    assert door.fresh_contact(contact).referrer_email == ""


def test_one_that_was_confirmed_in_time_stays_confirmed(door):
    contact = outside.send(door)
    token = outside.link_in(outside.receipt(door, contact))
    outside.confirm(door, token)
    door.move_to("2009-04-24 23:30")
    assert outside.confirm(door, token) is Confirmation.CONFIRMED


def test_a_stranger_who_got_the_receipt_by_mistake_confirms_nothing_without_the_surname(door):
    token = outside.link_in(outside.receipt(door, contact := outside.send(door)))
    for guess in ("Smith", "", "Mrs", "Ada"):
        assert outside.confirm(door, token, guess) is Confirmation.WRONG
    assert outside.confirm(door, token, "Jones") is Confirmation.WRONG
    assert outside.confirm(door, token, "Ferreira") is Confirmation.THROTTLED
    door.move_to("2009-03-11 00:31")
    assert outside.confirm(door, token, "Ferreira") is Confirmation.CONFIRMED
    assert door.fresh_contact(contact).referrer_email == outside.ADA


def test_made_up_links_are_counted_by_the_network_they_come_from(door):
    token = outside.link_in(outside.receipt(door, outside.send(door)))
    for number in range(outside_limits.MOST_GUESSES_FROM_A_NETWORK):
        assert outside.confirm(door, f"made-up-{number}", network="203.0.113.9") is Confirmation.WRONG
    assert outside.confirm(door, token, network="203.0.113.9") is Confirmation.THROTTLED
    assert outside.confirm(door, token) is Confirmation.CONFIRMED


def test_an_address_that_an_officer_found_is_not_overwritten(door):
    contact = outside.send(door)
    no_way_to_write.find_address(door, contact, email="office@school.example.org")
    outside.confirm(door, outside.link_in(outside.receipt(door, contact)))
    assert door.fresh_contact(contact).referrer_email == "office@school.example.org"


def test_to_whoever_it_is_unsafe_to_write_nothing_goes_when_they_confirm(door):
    contact = outside.send(door)
    no_way_to_write.mark_unsafe(door, contact)
    outside.confirm(door, outside.link_in(outside.receipt(door, contact)))
    assert [message.kind for message in door.messages(outside.ADA)] == ["receipt"]


# -- sent twice, and too often -------------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_contact_and_one_receipt(door):
    first, second = (outside.send(door, token="one", received_at=london(NIGHT)) for _ in range(2))
    assert first.id == second.id
    assert len(door.messages(kind="receipt")) == 1


def test_what_was_changed_after_it_was_sent_is_not_taken_for_the_same(door):
    outside.send(door, token="one")
    with pytest.raises(SentAndChanged):
        outside.send(door, "Mia", "Maya", token="one")


def test_a_token_of_the_councils_own_form_shows_nothing(door):
    door.log("Noah", request_id="guessed")
    with pytest.raises(SentAndChanged):
        outside.send(door, token="guessed")


def test_from_one_network_no_more_is_taken_than_the_limit_until_an_hour_is_over(door):
    for number in range(outside_limits.MOST_FROM_A_NETWORK):
        outside.send(door, referrer_email=f"person{number}@school.example.org")
    with pytest.raises(outside_limits.TooMany, match="call us"):
        outside.send(door, referrer_email="new@school.example.org")
    outside.send(door, network="203.0.113.9")
    door.move_to("2009-03-11 00:31")
    outside.send(door, referrer_email="new@school.example.org")


def test_one_address_gets_no_more_receipts_than_the_limit_wherever_they_come_from(door):
    for number in range(outside_limits.MOST_TO_AN_ADDRESS):
        outside.send(door, network=f"203.0.113.{number}")
    with pytest.raises(outside_limits.TooMany):
        outside.send(door, network="203.0.113.99", referrer_email=outside.ADA.upper())


def test_what_is_counted_holds_no_address_and_is_forgotten_after_a_day(door):
    outside.send(door)
    with door.database.read() as session:
        assert not any(outside.ADA in one.key_sha256 or outside.SCHOOL in one.key_sha256 for one in counted(session))
    door.move_to("2009-03-12 00:00")
    outside.send(door)
    with door.database.read() as session:
        assert len(counted(session)) == 2


def counted(session):
    return rows.everything(session, OutsideTry)


# -- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source_code", "1A"),
        ("source_code", "9"),
        ("source_code", "XX"),
        ("referrer_name", "School office"),
        ("referrer_name", "Mrs"),
        ("referrer_email", "no address"),
        ("referrer_email", "noreply@school.example.org"),
    ],
)
def test_what_is_wrong_names_its_field_and_nothing_is_kept(door, field, value):
    with pytest.raises(InvalidInput) as refused:
        outside.send(door, **{field: value})
    assert field in [fault.place for fault in refused.value.faults]
    assert outside.waiting(door) == []
    assert door.messages() == []


# -- to check in ---------------------------------------------------------------------------------------------------


def test_it_is_to_be_checked_in_until_an_officer_takes_it_over_and_no_clock_moves(door):
    first, second = outside.send(door, "Mia"), outside.send(door, "Noah", immediate_danger=True)
    door.log("Logged")
    assert outside.waiting(door) == [second.ref, first.ref]
    due = door.clock(door.referrals(first)[0]).due_at
    outside.take_over(door, first)
    assert outside.waiting(door) == [second.ref]
    assert door.clock(door.referrals(first)[0]).due_at == due
    assert events(door, door.referrals(first)[0], "checked in")


def test_a_second_officer_is_told_who_has_taken_it_over_and_a_second_click_is_none(door):
    contact = outside.send(door)
    for _ in range(2):
        outside.take_over(door, contact, token="once")
    with pytest.raises(Refused, match="Screening Officer has taken this contact over already"):
        outside.take_over(door, contact, by=MANAGER)


def test_one_whose_screening_has_begun_or_that_was_set_aside_waits_no_more(door):
    (mia, maya) = door.referrals(outside.send(door, "Mia", "Maya"))
    door.screen(mia)
    assert len(outside.waiting(door)) == 1
    door.screen(maya)
    assert outside.waiting(door) == []


def test_only_who_may_screen_takes_over_and_nobody_a_record_that_is_closed(door):
    contact = outside.send(door)
    with pytest.raises(NotAllowed):
        outside.take_over(door, contact, by=person_in(Role.AUDITOR))
    shut_out.restrict(door, door.referrals(contact)[0])
    with pytest.raises(NotAllowed, match="restricted"):
        outside.take_over(door, contact, by=OFFICER)


def test_a_contact_that_did_not_come_from_outside_is_not_taken_over(door):
    with pytest.raises(Refused, match="did not come from outside"):
        outside.take_over(door, door.log())
