"""A detail is corrected: old and new stay with the reason, and letters, matches and figures follow."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notifications.outbox import recording
from pathway.engine import inputs
from pathway.engine.letters import parents
from pathway.engine.post import handing_over
from rules.errors import InvalidInput, NotAllowed, Stale
from rules.messages import MessageKind, MessageState
from rules.vocabulary import EventKind
from storage.queries.children import person_rows
from storage.tables import Alert
from support import corrections, letter_forms, matching, outbox, referring_onward, rows
from support.corrections import born
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    return open_door("2009-03-10 09:00")


def test_the_old_and_the_new_value_stay_with_the_reason_who_and_when(door):
    (mia,) = door.referrals(door.log("Mia"))
    corrections.child(door, mia, "birth_date", "9 3 2004", was=str(corrections.person(door, mia).birth_date))
    (row,) = corrections.kept(door)
    assert (row.field, row.new, row.reason, row.made_by, row.made_at) == (
        "birth_date",
        "2004-03-09",
        "The school spelt it.",
        MANAGER.username,
        door.now,
    )
    assert corrections.person(door, mia).birth_date == born("2004-03-09")
    event = next(one for one in door.events(mia) if one.kind == EventKind.DETAIL_CORRECTED)
    assert event.summary == "Corrected, birth date: The school spelt it."


def test_an_unsent_letter_is_written_anew_with_the_name_that_the_referrer_had_said(door):
    contact = door.log("Mai")
    (mia,) = door.referrals(contact)
    door.hand_over_letters()
    door.decide(mia)
    followed = corrections.child(door, mia, "forename", "Mia", taken_wrong=True)
    assert [(one.kind, one.rewritten) for one in followed.letters] == [("outcome", True)]
    first, second = door.letters(contact, "outcome")
    assert ("Mai" in first.text, "Mia" in second.text, "Mai" in second.text) == (True, True, False)
    door.hand_over_letters()
    assert [message.state for message in door.messages("ada@school.example.org", "outcome")] == [
        "cancelled",
        "handed over",
    ]
    assert door.fresh(mia).feedback_at == door.now


def test_a_letter_uses_only_the_name_that_this_referrer_gave(door):
    contact = door.log("Mai")
    (mia,) = door.referrals(contact)
    door.decide(mia)
    followed = corrections.child(door, mia, "forename", "Mia")
    assert followed.letters == ()
    assert corrections.person(door, mia).forename == "Mia"
    assert (door.fresh(mia).named_as, len(door.letters(contact, "outcome"))) == ("Mai Harlow", 1)


def test_a_letter_that_has_left_never_changes_and_a_corrected_one_is_offered_once(door):
    contact = door.log("Mai")
    (mia,) = door.referrals(contact)
    door.decide(mia)
    door.hand_over_letters()
    (letter,) = door.letters(contact, "outcome")
    followed = corrections.child(door, mia, "forename", "Mia", taken_wrong=True)
    assert [(one.letter_id, one.rewritten) for one in followed.letters] == [(letter.id, False)]
    corrections.child(door, mia, "surname", "Harlowe", taken_wrong=True)
    assert door.letters(contact, "outcome") == [letter]
    (offer,) = corrections.offers(door)
    corrections.write_letter(door, offer)
    written = door.letters(contact)[-1]
    assert (written.kind, "Mia Harlowe" in written.text) == ("corrected outcome", True)
    assert corrections.offers(door)[0].new_letter_id == written.id
    door.hand_over_letters()
    assert len(door.messages("ada@school.example.org", "corrected outcome")) == 1


def test_a_corrected_address_sends_what_waits_there_instead(door):
    contact = door.log("Mia", referrer_email="")
    (mia,) = door.referrals(contact)
    door.decide(mia)
    corrections.contact(door, contact, "email", "ada@new-school.example.org")
    door.hand_over_letters()
    assert door.handed_over("ada@new-school.example.org")[0].kind == "outcome"


def test_matches_are_judged_again_and_a_person_is_asked(door):
    one = matching.child(door, "Mia", surname="Okafor", birth_date="2004-03-09")
    other = matching.child(door, "Zoe", surname="Smith", birth_date="2001-11-20")
    assert matching.proposals(door, other) == []
    for field, value in (("forename", "Mia"), ("surname", "Okafor")):
        corrections.child(door, other, field, value)
    corrections.child(door, other, "birth_date", "2004-03-09")
    assert [match.other_person_id for match, _ in matching.proposals(door, other)] == [one.person_id]
    assert one.person_id != door.fresh(other).person_id
    corrections.child(door, other, "birth_date", "2001-11-20")
    corrections.child(door, other, "surname", "Smith")
    corrections.child(door, other, "forename", "Zoe")
    assert matching.proposals(door, other) == []


def test_a_referral_that_no_longer_fits_its_record_is_a_query(door):
    named = child_fields("Mia", birth_date="2004-03-09", nhs_number="9434765919")
    door.referrals(door.log(children=[named]))
    (again,) = door.referrals(door.log(children=[named]))
    followed = corrections.child(door, again, "birth_date", "2006-05-01", taken_wrong=True)
    assert followed.judged.doubted == (again.ref,)


def test_an_officer_corrects_what_they_logged_until_it_is_decided(door):
    contact = door.log("Mia")
    (mia,) = door.referrals(contact)
    corrections.child(door, mia, "school", "Park Lane", by=OFFICER)
    corrections.contact(door, contact, "phone", "020 7946 0000", by=OFFICER)
    (others,) = door.referrals(door.log("Leo", by=MANAGER))
    with pytest.raises(NotAllowed, match="what you logged yourself"):
        corrections.child(door, others, "school", "Park Lane", by=OFFICER)
    door.decide(mia)
    for correct, subject in ((corrections.child, mia), (corrections.contact, contact)):
        with pytest.raises(NotAllowed, match="what you logged yourself"):
            correct(door, subject, "address" if subject is mia else "agency", "1 High Street", by=OFFICER)
    corrections.child(door, mia, "address", "1 High Street")


def test_the_second_of_two_at_once_is_told(door):
    contact = door.log("Mia")
    corrections.contact(door, contact, "agency", "Park View School", was="Park Lane School")
    with pytest.raises(Stale, match="It reads now: Park View School"):
        corrections.contact(door, contact, "agency", "Hill School", was="Park Lane School")


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("birth_date", "31 2 2004", "This is not a date"),
        ("birth_date", "1 1 2030", "lies in the future"),
        ("due_date", "1 6 2009", "born or due, not both"),
        ("sex", "X", "There is no code X"),
        ("forename", "Mia", "already"),
        ("nonsense", "1", "There is no detail"),
        ("agency", "Park", "There is no detail"),
    ],
)
def test_what_is_wrong_is_read_as_the_log_form_reads_it(door, field, value, problem):
    (mia,) = door.referrals(door.log(children=[child_fields("Mia", birth_date="2004-03-09")]))
    with pytest.raises(InvalidInput, match=problem):
        corrections.child(door, mia, field, value)


def test_a_number_of_another_child_is_kept_apart(door):
    door.log(children=[child_fields("Zoe", surname="Smith", birth_date="2001-11-20", nhs_number="9434765919")])
    (mia,) = door.referrals(door.log(children=[child_fields("Mia", birth_date="2004-03-09")]))
    followed = corrections.child(door, mia, "nhs_number", "943 476 5919")
    found = corrections.person(door, mia)
    assert (found.nhs_number, found.nhs_number_unverified, len(followed.notes)) == (None, "943 476 5919", 1)
    assert corrections.child(door, mia, "nhs_number", "").old == "943 476 5919"


def test_a_protected_referrer_is_corrected_only_by_who_may_see_one(door):
    contact = door.log("Mia", identity_protected=True)
    with pytest.raises(NotAllowed, match="protected"):
        corrections.contact(door, contact, "name", "Ada Smith", by=OFFICER)
    corrections.contact(door, contact, "name", "Ada Smith")
    assert not any("Ada Smith" in event.summary for event in door.events(door.referrals(contact)[0]))


def test_a_name_given_and_taken_back_is_found_by_its_keys(door):
    (mia,) = door.referrals(door.log(children=[child_fields("Mia", surname="Okafor", birth_date="2004-03-09")]))
    for name in ("Harlow", "Okafor", "Harlow"):
        corrections.child(door, mia, "surname", name)
    with door.database.read() as session:
        assert len(person_rows.keys_of(session, door.fresh(mia).person_id)) > 1


def onward_messages(door):
    return [row for row in door.messages() if row.kind == MessageKind.ONWARD]


def test_a_receiver_who_was_not_written_to_yet_reads_what_is_right(door):
    (mai,) = door.referrals(door.log("Mai"))
    referring_onward.refer_onward(door, mai)
    followed = corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    assert [(one.ref, one.receiver, one.rewritten) for one in followed.onward] == [(mai.ref, "Early help hub", True)]
    stopped, anew = onward_messages(door)
    assert (stopped.state, anew.state) == (MessageState.CANCELLED, MessageState.QUEUED)
    assert b"Mia Harlow" in anew.content
    (line,) = referring_onward.waiting(door)
    assert line.message.id == anew.id


def test_a_receiver_who_has_been_written_to_is_to_be_told_by_hand(door):
    (mai,) = door.referrals(door.log("Mai"))
    referring_onward.refer_onward(door, mai)
    door.hand_over_letters()
    followed = corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    assert [one.rewritten for one in followed.onward] == [False]
    assert len(onward_messages(door)) == 1
    assert "to be told by hand" in door.events(mai)[-1].summary


def alert_closed(door, sent):
    with door.database.read() as session:
        (alert,) = [one for one in rows.everything(session, Alert) if one.subject_key == f"onward:{sent.id}"]
    return alert.closed_because


def refuse(door, message):
    with door.database.write() as session:
        row = recording.record_answer(session, message.id, outbox.UNKNOWN, now=door.now)
        handing_over.settle_message(session, row, outbox.UNKNOWN, now=door.now)


def test_what_a_mail_server_refused_is_never_sent_again_as_it_was(door):
    (mai,) = door.referrals(door.log("Mai"))
    sent = referring_onward.refer_onward(door, mai)
    refuse(door, onward_messages(door)[0])
    followed = corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    assert [one.rewritten for one in followed.onward] == [True]
    assert [row.state for row in onward_messages(door)] == [MessageState.CANCELLED, MessageState.QUEUED]
    assert alert_closed(door, sent) == "It is written anew, as a detail was corrected."


def test_the_alert_about_what_was_written_anew_and_refused_closes_with_the_answer(door):
    (mai,) = door.referrals(door.log("Mai"))
    sent = referring_onward.refer_onward(door, mai)
    corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    refuse(door, onward_messages(door)[1])
    referring_onward.answer(door, sent, "accepted")
    assert alert_closed(door, sent) == "Early help hub has accepted."


def test_a_receiver_without_an_address_is_told_by_whoever_sent_the_child_there(door):
    (mai,) = door.referrals(door.log("Mai"))
    referring_onward.refer_onward(door, mai, receiver_email="")
    followed = corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    assert [one.rewritten for one in followed.onward] == [False]


def test_a_letter_to_parents_and_one_in_the_print_queue_follow_as_well(door):
    contact = door.log("Mai", referrer_email="", referrer_address="1 High Street, N17 6AA")
    (mai,) = door.referrals(contact)
    door.decide(mai)
    with door.acting(MANAGER) as act:
        parents.write(act, mai.id, inputs.parse(parents.ParentsInput, letter_forms.TO_PARENTS))
    followed = corrections.child(door, mai, "forename", "Mia", taken_wrong=True)
    assert {(one.kind, one.rewritten) for one in followed.letters} == {("outcome", True), ("parents", True)}


def test_a_detail_that_no_receiver_reads_writes_to_none(door):
    (mia,) = door.referrals(door.log("Mia"))
    referring_onward.refer_onward(door, mia)
    assert corrections.child(door, mia, "sex", "M").onward == ()
