"""Why it was late: asked of whoever decides or writes after the due moment, in danger only afterwards."""

from __future__ import annotations

import pytest

from pathway.engine import inputs, why_late
from pathway.engine.post import handing_over
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.messages import Delivery
from rules.vocabulary import EventKind, Role
from storage.tables import Event, Letter, WhyLate, id_of
from support import late, rows
from support.front_door import MANAGER, OFFICER, london, person_in

READER = person_in(Role.AUDITOR)


@pytest.fixture
def door(open_door):
    return open_door("2009-03-04 09:00")


def answers(door):
    with door.database.read() as session:
        return [(one.reason, one.words, one.told_by) for one in rows.everything(session, WhyLate)]


def question(door, referral):
    with door.database.read() as session:
        return why_late.is_asked(session, door.fresh(referral), now=door.now)


def answer(door, referral, by=MANAGER, **said):
    with door.acting(by) as act:
        why_late.answer(act, id_of(referral), inputs.parse(why_late.LateInput, said))


def test_nobody_is_asked_while_there_is_time(door):
    (child,) = door.referrals(door.log("Mia"))
    assert question(door, door.screen(child)) is None
    late.decided(door, child)
    assert not answers(door)


def test_whoever_decides_after_the_due_moment_must_say_why(door):
    (child,) = late.late_child(door)
    assert question(door, child).titles == ["Decision within 24 hours"]
    with pytest.raises(Refused, match="Say why it is late: choose a reason from the list"):
        late.decided(door, child)
    late.decided(door, child, late_reason="staff-away", late_words="Two were ill.")
    assert answers(door) == [("staff-away", "Two were ill.", MANAGER.username)]


def test_what_is_missing_of_a_late_decision_is_said_all_at_once(door):
    (child,) = late.late_child(door)
    with pytest.raises(Refused) as refused:
        late.decided(door, child, reasons="")
    assert len(refused.value.reasons) == 2


def test_another_reason_than_those_in_the_list_needs_words(door):
    (child,) = late.late_child(door)
    with pytest.raises(Refused, match="Say in words why it is late"):
        late.decided(door, child, late_reason="other")
    late.decided(door, child, late_reason="other", late_words="The office was flooded.")
    assert answers(door)[0][1] == "The office was flooded."


def test_it_stands_in_the_history_of_the_child(door):
    (child,) = late.late_child(door)
    late.decided(door, child, late_reason="staff-away")
    with door.database.read() as session:
        (told,) = [one for one in rows.everything(session, Event) if one.kind == EventKind.WHY_LATE]
    assert told.referral_id == child.id
    assert told.summary == "Why late (Decision within 24 hours): Too few staff: leave, sickness or a vacancy"


def test_after_the_second_due_moment_one_answer_is_for_both(door):
    (child,) = door.referrals(door.log("Mia"))
    door.screen(child)
    door.move_to("2009-03-06 10:00")
    assert question(door, child).titles == ["Decision within 24 hours", "Written feedback within 48 hours"]
    late.decided(door, child, late_reason="more-complex")
    assert [reason for reason, *_ in answers(door)] == ["more-complex", "more-complex"]


def test_a_brother_or_sister_begins_with_what_was_said_of_the_first(door):
    first, second = late.late_child(door, "Mia", "Leo")
    late.decided(door, first, late_reason="staff-away", late_words="Two were ill.")
    with door.database.read() as session:
        said = why_late.said(session, second.contact_id)
    assert (said.late_reason, said.late_words) == ("staff-away", "Two were ill.")


def test_immediate_danger_is_not_held_up_and_the_question_stays_open(door):
    child = late.decided_in_danger(door)
    assert not answers(door)
    with door.database.read() as session:
        assert why_late.open_of(session, door.fresh(child)).titles == ["Decision within 1 hour in immediate danger"]
    answer(door, child, late_reason="referrer-not-reached")
    with door.database.read() as session:
        assert why_late.open_of(session, door.fresh(child)) is None


def test_an_answer_is_never_changed_and_another_one_stands_beside_it(door):
    child = late.decided_in_danger(door)
    answer(door, child, late_reason="staff-away")
    answer(door, child, late_reason="more-complex")
    assert [reason for reason, *_ in answers(door)] == ["staff-away", "more-complex"]


def test_where_nothing_was_late_there_is_no_reason_to_give(door):
    child = door.decide(*door.referrals(door.log("Mia")))
    with pytest.raises(Refused, match="Nothing about this child was done late"):
        answer(door, child, late_reason="staff-away")


def test_a_reason_that_the_book_does_not_know_is_named_with_those_that_it_does(door):
    child = late.decided_in_danger(door)
    with pytest.raises(InvalidInput) as refused:
        answer(door, child, late_reason="lazy")
    (fault,) = refused.value.faults
    assert (fault.place, "staff-away" in fault.remedy) == ("late_reason", True)


def test_somebody_who_only_reads_says_nothing(door):
    child = late.decided_in_danger(door)
    with pytest.raises(NotAllowed):
        answer(door, child, by=READER, late_reason="staff-away")


def posted(door, letter, at, **said):
    typed = {"delivery": Delivery.POST, "handed_over_at": london(at)} | said
    with door.acting(OFFICER) as act:
        handing_over.record_handover(act, id_of(letter), inputs.parse(handing_over.HandoverInput, typed))


@pytest.fixture
def letter(door):
    child = door.decide(
        *door.referrals(door.log("Mia", referrer_email="", referrer_address="3 High Road, London, N17 6AA"))
    )
    door.move_to("2009-03-09 09:00")
    with door.database.read() as session:
        return next(
            one
            for one in rows.everything(session, Letter)
            if one.contact_id == child.contact_id and one.kind == "outcome"
        )


def test_whoever_records_that_a_letter_left_late_must_say_why(door, letter):
    with pytest.raises(InvalidInput) as refused:
        posted(door, letter, "2009-03-08 12:00")
    (fault,) = refused.value.faults
    assert (fault.place, fault.problem) == ("late_reason", "It is late: written feedback within 48 hours")
    posted(door, letter, "2009-03-08 12:00", late_reason="system-or-post")
    assert [reason for reason, *_ in answers(door)] == ["system-or-post"]


def test_a_letter_that_left_in_time_and_is_recorded_late_asks_nothing(door, letter):
    posted(door, letter, "2009-03-05 12:00")
    assert not answers(door)
