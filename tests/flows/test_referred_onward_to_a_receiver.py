"""Early help and passed on: the receiver is named, gets the child in writing, and stays on a list until it accepts."""

from __future__ import annotations

import pytest

from notifications.answers import Answer
from notifications.letters.letters import RECEIVER_MAY_LEARN
from pathway.engine.post import handing_over
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries import referral_rows
from storage.tables import Contact, Message, id_of
from support.front_door import TEAM_MANAGER, london
from support.referring_onward import HUB, answer, handed_over, refer_onward, waiting
from support.second_thoughts import correct, set_aside

THURSDAY = "2009-03-26 10:00"
MONDAY_AT_CLOSE = "2009-03-30 17:00"
HUBS = HUB["receiver_email"]
GONE = Answer(accepted=False, final=True, code=550, text="no such mailbox")


@pytest.fixture
def door(open_door):
    return open_door(THURSDAY)


@pytest.fixture
def mia(door):
    (referral,) = door.referrals(door.log("Mia"))
    return referral


@pytest.mark.parametrize("outcome", ["early-help", "passed-on"])
def test_it_is_refused_where_nobody_is_named_to_receive_the_child(door, mia, outcome):
    with pytest.raises(Refused, match="Name who receives the child"):
        door.decide(mia, outcome, receiver=" ")


def test_an_address_that_can_not_be_written_to_is_refused(door, mia):
    with pytest.raises(InvalidInput, match="not an e-mail address"):
        refer_onward(door, mia, receiver_email="hub at example")
    assert door.fresh(mia).state == "awaiting decision"


@pytest.mark.parametrize("outcome", ["early-help", "passed-on"])
def test_the_child_is_sent_to_the_receiver_and_stays_on_the_list(door, mia, outcome):
    found = refer_onward(door, mia, outcome)
    (line,) = waiting(door)
    assert (line.onward.id, line.referral.ref, line.onward.receiver) == (found.id, mia.ref, "Early help hub")
    assert (line.due_at, line.message.recipient_address) == (london(MONDAY_AT_CLOSE), HUBS)
    assert door.fresh(mia).state == "decided"


def test_the_clock_on_the_receivers_answer_stands_in_the_book(door, mia):
    refer_onward(door, mia)
    clock = door.clock(mia, "onward")
    assert (clock.state, clock.started_at, clock.due_at) == ("running", london(THURSDAY), london(MONDAY_AT_CLOSE))


def test_the_receiver_is_told_what_it_needs(door, mia):
    refer_onward(door, mia, reasons="The school can lead.")
    (message,) = door.messages(HUBS)
    text = " ".join(message.content.decode().split())
    needed = (mia.ref, "Mia Harlow", "6 May 2004", "no food at home", "The school can lead", "020 7946 0100")
    assert [words for words in needed if words not in text] == []
    assert "accept by Monday 30 March 2009 at 17:00" in text.replace("you accept", "accept")
    assert [name for name in ("Mia", "Harlow") if name in message.subject] == []


@pytest.mark.parametrize(
    ("more", "named"),
    [({}, True), ({"identity_protected": True}, False), ({"source_code": "1B"}, False)],
)
def test_only_a_professional_referrer_whose_identity_is_shared_is_named(door, more, named):
    (mia,) = door.referrals(door.log("Mia", **more))
    refer_onward(door, mia)
    assert ("Ada Ferreira" in door.messages(HUBS)[0].content.decode()) is named


def test_what_a_receiver_may_learn_holds_no_other_child_and_no_check():
    assert not set(RECEIVER_MAY_LEARN) & {"children", "siblings", "checks", "earlier", "referrer_email"}


def test_without_an_address_nothing_is_sent_and_the_history_says_so(door, mia):
    refer_onward(door, mia, receiver_email="")
    (line,) = waiting(door)
    assert line.message is None
    assert [event.summary for event in door.events(mia) if event.kind == "sent onward"] == [
        "Referred onward to Early help hub, to be sent by hand: no e-mail"
    ]


def test_what_an_outcome_has_no_use_for_is_left_out(door, mia):
    door.decide(mia, "no-further-action", **HUB)
    with door.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(mia))
    assert (decision.receiver, decision.receiver_email) == ("", "")
    assert waiting(door) == []


def test_an_acceptance_takes_the_child_off_the_list_and_meets_the_duty(door, mia):
    found = refer_onward(door, mia)
    door.hand_over_letters()
    assert door.fresh(mia).state == "decided"
    door.move_to("2009-03-27 12:00")
    answer(door, found, "accepted", at="2009-03-27 11:00", note="Ms Cole has it.")
    assert waiting(door) == []
    assert door.clock(mia, "onward").stopped_at == london("2009-03-27 11:00")
    assert door.fresh(mia).state == "closed"
    assert "Early help hub has accepted the child: Ms Cole has it." in [event.summary for event in door.events(mia)]


def test_it_is_not_closed_while_the_referrer_is_owed_a_letter(door, mia):
    answer(door, refer_onward(door, mia), "accepted")
    assert door.fresh(mia).state == "decided"
    door.hand_over_letters()
    assert door.fresh(mia).state == "closed"


def test_it_can_not_be_closed_by_hand_while_the_receiver_has_not_answered(door, mia):
    refer_onward(door, mia)
    door.hand_over_letters()
    with pytest.raises(Refused, match="that the receiver accepts"):
        door.close(mia)


def refused_by_the_receiver(door, mia):
    found = refer_onward(door, mia)
    door.hand_over_letters()
    door.move_to("2009-03-27 12:00")
    answer(door, found, "refused")
    return door.fresh(mia)


def test_a_refusal_brings_the_child_back_to_a_manager(door, mia):
    back = refused_by_the_receiver(door, mia)
    assert (back.state, back.outcome, back.decided_at) == ("awaiting decision", None, None)
    assert waiting(door) == []
    first, second = door.rounds(mia, "decision")
    assert (first.state, second.state, second.due_at) == ("stopped", "running", london("2009-03-28 12:00"))
    onward = door.clock(mia, "onward")
    assert (onward.state, onward.not_applicable_because) == ("not applicable", "refused by the receiver")
    assert door.clock(mia, "closing").state == "not applicable"


def test_after_a_refusal_the_referrer_is_told_again(door, mia):
    refused_by_the_receiver(door, mia)
    door.decide(mia, "assessment", reasons="Nobody else can lead.")
    first, second = letters_about(door, mia)
    assert "Nobody else can lead." not in first.text
    assert "Nobody else can lead." in second.text
    assert len(door.rounds(mia, "feedback")) == 2


def letters_about(door, referral):
    with door.database.read() as session:
        contact = session.get_one(Contact, referral.contact_id)
    return door.letters(contact, "outcome")


def test_a_letter_that_has_not_left_does_not_tell_what_was_refused(door):
    contact = door.log("Mia", referrer_email="", referrer_address="3 High Street")
    (mia,) = door.referrals(contact)
    answer(door, refer_onward(door, mia), "refused")
    door.decide(mia, "assessment")
    old, new = door.letters(contact, "outcome")
    with pytest.raises(Refused, match="cancelled"):
        door.post(old, THURSDAY)
    door.post(new, THURSDAY)
    assert door.fresh(mia).feedback_at == london(THURSDAY)


def test_it_can_be_handed_over_to_somebody_else(door, mia):
    refused_by_the_receiver(door, mia)
    found = refer_onward(door, mia, receiver="The other authority", receiver_email="duty@other.example.org")
    assert [line.onward.receiver for line in waiting(door)] == ["The other authority"]
    assert [clock.state for clock in door.rounds(mia, "onward")] == ["not applicable", "running"]
    answer(door, found, "accepted")
    assert waiting(door) == []


def test_a_refusal_after_the_due_moment_leaves_the_duty_missed(door, mia):
    found = refer_onward(door, mia)
    door.watch_for(hours=24 * 5)
    assert door.alert_of(mia, "onward").headline.startswith("Overdue: receiver accepts")
    answer(door, found, "refused")
    clock = door.clock(mia, "onward")
    assert (clock.state, clock.breached_at) == ("stopped", london(MONDAY_AT_CLOSE))
    assert door.alert(f"clock:{clock.id}") is None


def test_the_managers_are_warned_before_and_told_after_the_due_moment(door, mia):
    refer_onward(door, mia)
    door.watch_for(hours=24 * 6)
    told = [message.subject for message in door.messages(Role.DUTY_MANAGER) if "eceiver" in message.subject]
    assert [subject.split(":")[0] for subject in told] == ["Due soon", "Alert"]
    assert any("receiver" in message.subject for message in door.messages(Role.SERVICE_MANAGER, "alert"))


@pytest.mark.parametrize(
    ("said", "typed", "place"),
    [
        ("refused", {"note": " "}, "note"),
        ("accepted", {"at": "2009-03-26 09:59"}, "answered_at"),
        ("accepted", {"at": "2009-03-26 10:01"}, "answered_at"),
    ],
)
def test_an_odd_answer_is_said_at_its_field(door, mia, said, typed, place):
    found = refer_onward(door, mia)
    with pytest.raises(InvalidInput) as refused:
        answer(door, found, said, **typed)
    assert [fault.place for fault in refused.value.faults] == [place]
    assert len(waiting(door)) == 1


def test_an_answer_is_recorded_once(door, mia):
    found = refer_onward(door, mia)
    answer(door, found, "accepted")
    with pytest.raises(Refused, match="on record already"):
        answer(door, found, "refused")


def test_only_those_whom_the_book_names_record_an_answer(door, mia):
    found = refer_onward(door, mia)
    with pytest.raises(NotAllowed):
        answer(door, found, "accepted", by=TEAM_MANAGER)


def test_a_siblings_answer_changes_nothing_of_the_other(door):
    mia, ben = door.referrals(door.log("Mia", "Ben"))
    first, _ = refer_onward(door, mia), refer_onward(door, ben)
    before = (door.clock(ben, "onward"), door.clock(ben), door.fresh(ben))
    answer(door, first, "refused")
    assert (door.clock(ben, "onward"), door.clock(ben), door.fresh(ben)) == before
    assert [line.referral.id for line in waiting(door)] == [ben.id]


def test_danger_comes_first_and_then_the_oldest_due(door):
    (late,) = door.referrals(door.log("Late"))
    refer_onward(door, late)
    door.move_to("2009-03-26 16:00")
    mia, ben = door.referrals(door.log("Mia", "Ben", immediate_danger=True))
    for referral in (ben, mia):
        refer_onward(door, referral)
    assert [line.referral.id for line in waiting(door)] == [ben.id, mia.id, late.id]


def test_a_message_that_the_receiver_never_got_alerts_a_manager(door, mia):
    found = refer_onward(door, mia)
    with door.database.write() as session:
        message = session.get_one(Message, door.messages(HUBS)[0].id)
        handing_over.settle_message(session, message, GONE, now=door.now)
    alert = door.alert(f"onward:{found.id}")
    assert (alert.referral_id, alert.kind) == (mia.id, "letter")
    assert "Mia" not in alert.headline
    answer(door, found, "accepted")
    assert door.alert(f"onward:{found.id}") is None


def test_the_receiver_stands_on_the_decision(door, mia):
    refer_onward(door, mia)
    with door.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(mia))
    assert (decision.receiver, decision.receiver_email) == (HUB["receiver"], HUBS)
    assert handed_over(door, mia).decision_id == decision.id


def test_a_corrected_decision_takes_the_child_off_the_list(door, mia):
    refer_onward(door, mia)
    correct(door, mia, "no-further-action")
    assert waiting(door) == []
    assert door.clock(mia, "onward").not_applicable_because == "decision corrected"
    correct(door, mia, "passed-on", receiver="The other authority")
    assert [line.onward.receiver for line in waiting(door)] == ["The other authority"]


def test_a_referral_that_is_set_aside_waits_for_nobody(door, mia):
    refer_onward(door, mia)
    set_aside(door, mia)
    assert waiting(door) == []
    assert handed_over(door, mia).note == "Withdrawn: set aside"
