"""Promise: for ten minutes a decision can be changed or undone before what it leads to leaves the building."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.engine import following
from pathway.engine.actors import SYSTEM
from pathway.engine.letters import grace as waiting
from pathway.engine.post import handing_over, outbox_commands
from pathway.engine.watch import grace_ends
from rules.errors import Refused
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.tables import Clock, Contact, Referral, id_of
from support import (
    corrections,
    danger,
    grace,
    notify_server,
    notifying,
    printed_letters,
    referring_onward,
    second_thoughts,
)
from support.front_door import OFFICER, FrontDoor, london

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
ANONYMOUS = {"source_code": "9", "referrer_name": "", "referrer_email": ""}
QUEUED, GONE, STOPPED = MessageState.QUEUED, MessageState.HANDED_OVER, MessageState.CANCELLED


@pytest.fixture
def door(open_door: Door) -> FrontDoor:
    door = open_door(TUESDAY)
    grace.give(door)
    return door


def logged(door: FrontDoor, *names: str, **more: object) -> tuple[Contact, list[Referral]]:
    contact = door.log(*names or ("Mia",), **more)
    door.hand_over_letters()
    return contact, list(door.referrals(contact))


# -- what waits ------------------------------------------------------------------------------------------------


def test_the_message_with_the_letter_waits_ten_minutes_and_then_goes_by_itself(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    grace.work(door)
    assert grace.outcomes(door, contact) == [QUEUED]
    grace.pass_by(door, 9.9)
    grace.work(door)
    assert grace.outcomes(door, contact) == [QUEUED]
    grace.pass_by(door, 0.1)
    grace.work(door)
    assert grace.outcomes(door, contact) == [GONE]


def test_feedback_is_given_when_the_letter_is_handed_over_and_not_before(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    door.decide(mia, "assessment")
    grace.pass_by(door, 5)
    grace.work(door)
    assert door.fresh(mia).feedback_at is None
    grace.pass_by(door, 6)
    grace.work(door)
    assert (door.fresh(mia).feedback_at, door.clock(mia, "feedback").stopped_at) == (door.now, door.now)


def test_a_family_goes_in_one_letter_whose_grace_counts_from_the_last_decision(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo")
    door.decide(mia)
    grace.pass_by(door, 15)
    grace.work(door)
    door.decide(leo)
    grace.pass_by(door, 9)
    grace.work(door)
    assert grace.outcomes(door, contact) == [QUEUED]
    grace.pass_by(door, 1)
    grace.work(door)
    assert (grace.outcomes(door, contact), door.fresh(mia).state, door.fresh(leo).state) == ([GONE], "closed", "closed")


def test_closing_by_itself_waits_as_long_where_there_is_no_letter(door: FrontDoor) -> None:
    _, (mia,) = logged(door, **ANONYMOUS)
    door.decide(mia)
    grace.pass_by(door, 9.9)
    grace.work(door)
    assert door.fresh(mia).state == "decided"
    grace.pass_by(door, 0.1)
    grace.work(door)
    assert (door.fresh(mia).state, door.fresh(mia).grace_until) == ("closed", None)


def test_the_end_of_the_grace_is_taken_once_however_often_the_sweep_runs(door: FrontDoor) -> None:
    _, (mia,) = logged(door, **ANONYMOUS)
    door.decide(mia)
    grace.pass_by(door, 60)
    for _ in range(3):
        grace.work(door)
    assert [event.kind for event in door.events(mia)].count("closed") == 1


def test_the_letter_onward_to_a_receiver_waits_as_long(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    referring_onward.refer_onward(door, mia)
    grace.pass_by(door, 9.9)
    grace.work(door)
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [QUEUED]
    grace.pass_by(door, 0.1)
    grace.work(door)
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [GONE]


def test_the_email_to_the_receiving_team_waits_as_long(door: FrontDoor) -> None:
    worker = referring_onward.worker_who_signs_in(door)
    _, (mia,) = logged(door)
    door.decide(mia, "already-open", worker_id=worker.id)
    grace.pass_by(door, 9.9)
    grace.work(door)
    assert door.messages(Role.SOCIAL_WORKER) == []
    grace.pass_by(door, 0.1)
    grace.work(door)
    assert [one.kind for one in door.messages(Role.SOCIAL_WORKER)] == ["new information"]


def test_no_sheet_is_printed_within_the_grace(door: FrontDoor) -> None:
    letter = printed_letters.letter(door)
    assert printed_letters.waiting(door) == []
    with pytest.raises(Refused, match="not in your print queue"):
        printed_letters.print_all(door, letter)
    grace.pass_by(door, 10)
    grace.work(door)
    assert printed_letters.waiting(door) == [letter.id]


@pytest.mark.needs("pdf")
def test_gov_uk_notify_gets_no_sheet_within_the_grace(door: FrontDoor) -> None:
    letter = printed_letters.letter(door)
    assert notifying.put_letters(door) == 0
    grace.pass_by(door, 10)
    grace.work(door)
    with notify_server.running() as (service, _):
        assert notifying.put_letters(door) == 1
        notifying.send(door, service)
    assert grace.message_of(door, letter).state == GONE


# -- what does not wait ----------------------------------------------------------------------------------------


def test_immediate_danger_never_waits(door: FrontDoor) -> None:
    contact, (mia,) = logged(door, immediate_danger=True)
    referring_onward.refer_onward(door, mia)
    grace.work(door)
    assert (grace.outcomes(door, contact), door.fresh(mia).grace_until) == ([GONE], None)
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [GONE]


def test_what_waits_goes_at_once_when_the_contact_comes_into_danger(door: FrontDoor) -> None:
    _, (mia, leo) = logged(door, "Mia", "Leo")
    referring_onward.refer_onward(door, mia)
    grace.pass_by(door, 1)
    danger.mark(door, _contact_of(door, leo))
    door.hand_over_letters()
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [GONE]
    assert not grace.of(door, mia).is_open


def test_the_receiving_team_is_told_at_once_when_the_contact_comes_into_danger(door: FrontDoor) -> None:
    worker = referring_onward.worker_who_signs_in(door)
    _, (mia, leo) = logged(door, "Mia", "Leo")
    door.decide(mia, "already-open", worker_id=worker.id)
    grace.pass_by(door, 1)
    danger.mark(door, _contact_of(door, leo))
    door.sweep()
    assert [one.kind for one in door.messages(Role.SOCIAL_WORKER)] == ["new information"]


def test_a_decision_with_a_letter_that_nobody_claimed_is_not_undone_in_danger(door: FrontDoor) -> None:
    _, (mia, leo) = logged(door, "Mia", "Leo", referrer_email="", referrer_address=printed_letters.HOME)
    door.decide(mia)
    danger.mark(door, _contact_of(door, leo))
    door.decide(leo)
    for child in (mia, leo):
        with pytest.raises(Refused, match="Undoing is past"):
            grace.undo(door, child)
    assert "immediate danger" in grace.of(door, mia).past


def _contact_of(door: FrontDoor, referral: Referral) -> Contact:
    with door.database.read() as session:
        return session.get_one(Contact, referral.contact_id)


@pytest.mark.parametrize(
    ("decided_at", "waits"),
    [
        # Due at 9:00 on Thursday; somebody is warned at 21:00 on Wednesday and at 5:00 on Thursday.
        ("2009-03-11 20:34", True),
        ("2009-03-11 20:35", False),
        ("2009-03-11 20:59", False),
        ("2009-03-11 21:01", True),
        ("2009-03-12 04:34", True),
        ("2009-03-12 04:35", False),
        ("2009-03-12 08:34", True),
        ("2009-03-12 08:35", False),
        ("2009-03-12 08:59", False),
        ("2009-03-12 09:00", False),
        ("2009-03-14 09:00", False),
    ],
)
def test_there_is_no_grace_where_feedback_is_overdue_or_due_or_on_a_rung_within_grace_and_a_quarter_of_an_hour(
    door: FrontDoor, decided_at: str, waits: bool
) -> None:
    contact, (mia,) = logged(door)
    door.screen(mia)
    door.move_to(decided_at)
    door.sweep()
    door.decide(mia)
    assert grace.outcomes(door, contact) == [QUEUED]
    door.hand_over_letters()
    assert grace.outcomes(door, contact) == [QUEUED if waits else GONE]
    assert grace.of(door, mia).is_open is waits


def test_a_letter_that_the_sweep_writes_goes_at_once(door: FrontDoor) -> None:
    contact, (mia, leo) = logged(door, "Mia", "Leo")
    door.screen(leo)
    door.decide(mia)
    door.move_to("2009-03-11 21:00")
    door.sweep()
    (part,) = door.letters(contact, "part outcome")
    assert (part.waits_until, grace.message_of(door, part).next_attempt_at) == (None, door.now)


def test_a_corrected_letter_goes_at_once(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    grace.pass_by(door, 11)
    grace.work(door)
    second_thoughts.correct(door, mia, "no-further-action")
    grace.work(door)
    assert grace.outcomes(door, contact) == [GONE, GONE]
    assert "no grace" in grace.of(door, mia).past or door.fresh(mia).state == "closed"


def test_an_acknowledgement_goes_at_once(door: FrontDoor) -> None:
    contact = door.log("Mia")
    door.hand_over_letters()
    (letter,) = door.letters(contact)
    assert grace.message_of(door, letter).state == GONE


def test_without_a_grace_all_goes_as_it_did_before_there_was_one(open_door: Door) -> None:
    door = open_door(TUESDAY)
    grace.give(door, 0)
    contact, (mia,) = logged(door)
    door.decide(mia)
    door.hand_over_letters()
    assert (grace.outcomes(door, contact), door.fresh(mia).state) == ([GONE], "closed")
    assert (door.letters(contact)[-1].waits_until, grace.undone(door, mia)) == (None, [])


def test_what_waits_goes_at_once_when_the_feedback_comes_nearer(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia)
    with door.database.write() as session:
        clock = session.get_one(Clock, door.clock(mia, "feedback").id)
        clock.started_at = london("2009-03-08 09:20")
    with door.acting(OFFICER) as act:
        act.hold(id_of(contact))
    door.hand_over_letters()
    assert grace.outcomes(door, contact) == [GONE]


def test_nobody_sends_a_letter_by_hand_from_the_outbox_within_the_grace(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia)
    message = grace.message_of(door, door.letters(contact)[-1])
    with pytest.raises(Refused, match="can still be undone"), door.acting(OFFICER) as act:
        outbox_commands.retry(act, id_of(message))


def test_nor_the_letter_to_a_receiver(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    referring_onward.refer_onward(door, mia)
    (message,) = door.messages("hub@earlyhelp.example.org")
    with pytest.raises(Refused, match="can still be undone"), door.acting(OFFICER) as act:
        outbox_commands.retry(act, id_of(message))
    grace.pass_by(door, 10)
    with door.acting(OFFICER) as act:
        assert outbox_commands.retry(act, id_of(message)).next_attempt_at == door.now


def test_a_letter_that_goes_on_to_an_address_found_waits_for_the_rest(door: FrontDoor) -> None:
    contact, (mia,) = logged(door, referrer_email="", referrer_address=printed_letters.HOME)
    door.decide(mia)
    grace.pass_by(door, 3)
    with door.acting(OFFICER) as act:
        letter = door.letters(contact, "outcome")[0]
        until = waiting.rest_of(act, letter)
    assert until == london("2009-03-10 09:10")


def test_a_letter_given_by_hand_within_the_grace_is_recorded_and_undoing_is_past(door: FrontDoor) -> None:
    contact, (mia,) = logged(door, referrer_email="", referrer_address=printed_letters.HOME)
    door.decide(mia)
    grace.pass_by(door, 2)
    typed = {"delivery": "by hand", "handed_over_at": door.now}
    door.give(handing_over.record_handover, door.letters(contact)[-1], (handing_over.HandoverInput, typed), by=OFFICER)
    assert "has left" in grace.of(door, mia).past
    with pytest.raises(Refused, match="Undoing is past"):
        grace.undo(door, mia)


def test_a_letter_written_anew_as_a_detail_was_corrected_waits_for_the_rest_of_the_grace(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia)
    grace.pass_by(door, 4)
    corrections.contact(door, contact, "referrer_name", "Ada Ferrera")
    first, second = door.letters(contact, "outcome")
    assert (first.waits_until, second.waits_until) == (london("2009-03-10 09:10"),) * 2
    assert grace.message_of(door, second).next_attempt_at == london("2009-03-10 09:10")
    assert grace.of(door, mia).is_open


def _killed_before_the_commit(door: FrontDoor, contact_id: int) -> None:
    with following.acting(door.database, SYSTEM, now=door.now) as act:
        act.hold(contact_id)
        grace_ends._end(act, contact_id)
        following.follow_all(act)
        raise KeyboardInterrupt


def test_what_a_sweep_that_was_killed_had_not_committed_is_due_still(door: FrontDoor) -> None:
    _, (mia,) = logged(door, **ANONYMOUS)
    door.decide(mia)
    grace.pass_by(door, 10)
    with pytest.raises(KeyboardInterrupt):
        _killed_before_the_commit(door, mia.contact_id)
    assert (door.fresh(mia).state, door.fresh(mia).grace_until) == ("decided", door.now)
    grace.work(door)
    assert door.fresh(mia).state == "closed"


# -- change ----------------------------------------------------------------------------------------------------


def test_change_puts_a_new_decision_beside_the_old_and_one_letter_goes(door: FrontDoor) -> None:
    contact, (mia,) = logged(door)
    door.decide(mia, "assessment")
    grace.pass_by(door, 4)
    second_thoughts.correct(door, mia, "no-further-action")
    grace.pass_by(door, 9.9)
    grace.work(door)
    assert grace.outcomes(door, contact) == [STOPPED, QUEUED]
    grace.pass_by(door, 0.1)
    grace.work(door)
    assert grace.outcomes(door, contact) == [STOPPED, GONE]
    assert "No further action" in door.letters(contact)[-1].text


def test_change_stops_the_letter_to_the_receiver(door: FrontDoor) -> None:
    _, (mia,) = logged(door)
    referring_onward.refer_onward(door, mia)
    second_thoughts.correct(door, mia, "assessment")
    grace.pass_by(door, 20)
    grace.work(door)
    assert [one.state for one in door.messages("hub@earlyhelp.example.org")] == [STOPPED]


def test_the_settings_of_the_council_hold_for_the_next_decision(door: FrontDoor) -> None:
    grace.give(door, 30)
    contact, (mia,) = logged(door)
    door.decide(mia)
    grace.pass_by(door, 29)
    grace.work(door)
    assert grace.outcomes(door, contact) == [QUEUED]
