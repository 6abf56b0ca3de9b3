"""Promise: a letter that bounces is owed again, in a round of its own, and what is not sure is shown to a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest

from pathway.engine import inputs
from pathway.engine.post import returned_mail_outcomes
from pathway.reports import timeliness
from pathway.wiring import collecting_mail
from rules.errors import NotAllowed, Refused
from rules.messages import BounceKind, MessageState, Settlement
from rules.vocabulary import ClockState, Role
from storage.queries.letters import letter_rows
from storage.tables import Letter, id_of
from support import bounced
from support.front_door import MANAGER, OFFICER, FrontDoor, person_in
from support.imap import Mailbox, running

Door = Callable[..., FrontDoor]


@pytest.fixture
def told(open_door: Door) -> tuple[FrontDoor, Letter]:
    """A school that was told the outcome by e-mail, an hour ago."""
    door = open_door("2009-03-26 10:00")
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    door.hand_over_letters()
    door.move_to("2009-03-26 11:00")
    (letter,) = door.letters(contact, "outcome")
    return door, letter


def referral_of(door, letter):
    with door.database.read() as session:
        return letter_rows.referrals_named(session, id_of(letter))[0]


def settled(door, content):
    line = bounced.line(door, bounced.take(door, content))
    return line.settlement.how if line.settlement else None


def rounds(door, letter):
    return [clock.state for clock in door.rounds(referral_of(door, letter), "feedback")]


def test_a_report_in_the_drop_folder_begins_a_new_round_and_alerts(told, tmp_path):
    door, letter = told
    bounced.drop(tmp_path, bounced.report(door, bounced.message_of(door, letter)))
    assert bounced.collect(door, tmp_path).recorded == 1
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]
    assert door.alert(f"letter:{letter.id}") is not None
    assert (tmp_path / "done/1.eml").exists()


def test_figures_judge_the_first_letter_that_did_not_come_back(told):
    door, letter = told
    bounced.take(door, bounced.report(door, bounced.message_of(door, letter)))
    door.move_to("2009-03-30 10:00")
    with door.database.read() as session:
        week = {"start": door.now.date() - timedelta(days=7), "end": door.now.date()}
        told_in_writing = timeliness.measure(session, **week, as_at=door.now).total.told
    assert (told_in_writing.met, told_in_writing.missed) == (0, 1)


def test_the_new_round_begins_when_the_report_was_written(told):
    door, letter = told
    content = bounced.report(door, bounced.message_of(door, letter))
    door.move_to("2009-03-26 15:00")
    bounced.take(door, content)
    assert door.clock(referral_of(door, letter), "feedback").started_at == door.now - timedelta(hours=4)


def test_a_report_from_the_future_counts_from_now(told):
    door, letter = told
    later = door.now + timedelta(days=3)
    bounced.take(door, bounced.report(door, bounced.message_of(door, letter), at=later))
    assert door.clock(referral_of(door, letter), "feedback").started_at == door.now


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_report_that_is_no_failure_is_kept_without_effect(told, action):
    door, letter = told
    content = bounced.report(door, bounced.message_of(door, letter), action=action, status="2.0.0")
    assert settled(door, content) == Settlement.WITHOUT_EFFECT
    assert rounds(door, letter) == [ClockState.STOPPED]


def test_an_out_of_office_reply_has_no_effect(told):
    door, letter = told
    assert settled(door, bounced.away(door, bounced.message_of(door, letter))) == Settlement.WITHOUT_EFFECT
    assert rounds(door, letter) == [ClockState.STOPPED]
    assert door.alert("bounces") is None


FORGED = [
    {"recipient": "somebody.else@example.org"},
    {"message_id": "<unknown@council.example.org>"},
    {"message_id": ""},
]


@pytest.mark.parametrize("changes", FORGED, ids=str)
def test_a_report_that_does_not_fit_in_both_waits_for_a_person(told, changes):
    door, letter = told
    assert settled(door, bounced.report(door, bounced.message_of(door, letter), **changes)) is None
    assert rounds(door, letter) == [ClockState.STOPPED]
    assert door.alert("bounces") is not None


def test_the_recipient_fits_however_it_is_spelled(told):
    door, letter = told
    content = bounced.report(door, bounced.message_of(door, letter), recipient="ADA@School.Example.ORG")
    assert settled(door, content) == Settlement.LETTER_RETURNED


def test_a_person_who_writes_is_shown_to_a_person(told):
    door, _ = told
    line = bounced.line(door, bounced.take(door, bounced.person(door)))
    assert (line.bounce.kind, line.bounce.sender) == (BounceKind.UNKNOWN, "ada@school.example.org")
    assert line.bounce.excerpt == "Who is the social worker?"
    assert line.settlement is None


def test_a_report_that_is_collected_twice_counts_once(told, tmp_path):
    """Killed between recording it and saying that it is done: it is offered again."""
    door, letter = told
    content = bounced.report(door, bounced.message_of(door, letter))
    bounced.take(door, content)
    bounced.drop(tmp_path, content)
    assert bounced.collect(door, tmp_path).recorded == 0
    assert len(bounced.lines(door, waiting=False)) == 1
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]
    assert (tmp_path / "done/1.eml").exists()


def test_a_second_report_about_the_same_letter_begins_no_second_round(told):
    door, letter = told
    message = bounced.message_of(door, letter)
    bounced.take(door, bounced.report(door, message))
    assert settled(door, bounced.report(door, message, number=2)) == Settlement.WITHOUT_EFFECT
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]


def test_a_report_about_a_letter_that_was_posted_since_begins_no_round(told):
    door, letter = told
    content = bounced.report(door, bounced.message_of(door, letter))
    door.came_back(letter, "2009-03-26 11:00")
    door.move_to("2009-03-26 12:00")
    door.post(letter, "2009-03-26 12:00")
    assert settled(door, content) == Settlement.WITHOUT_EFFECT
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.STOPPED]


def test_a_report_from_before_the_letter_left_waits_for_a_person(told):
    door, letter = told
    yesterday = door.now - timedelta(days=1)
    assert settled(door, bounced.report(door, bounced.message_of(door, letter), at=yesterday)) is None


def test_a_report_about_a_message_that_is_just_being_sent_is_left_for_the_next_round(told, tmp_path):
    door, letter = told
    message = bounced.message_of(door, letter)
    bounced.drop(tmp_path, bounced.report(door, message))
    set_state(door, message, MessageState.SENDING)
    assert bounced.collect(door, tmp_path).left == 1
    set_state(door, message, MessageState.HANDED_OVER)
    assert bounced.collect(door, tmp_path).recorded == 1


def set_state(door, message, state):
    with door.database.write() as session:
        session.get_one(type(message), message.id).state = state


def test_a_bounced_alert_to_staff_is_told_to_the_system_owner(told):
    door, _ = told
    door.log("Urgent", immediate_danger=True)
    door.hand_over_letters()
    (alert, *_) = door.handed_over(Role.DUTY_MANAGER)
    assert settled(door, bounced.report(door, alert)) == Settlement.ALERTED
    assert door.alert(f"address:{alert.recipient_address}") is not None


def sent_onward(door):
    """The e-mail that told a receiver about a child, which a mail server has taken."""
    (referral,) = door.referrals(door.log("Noah"))
    door.decide(referral, "early-help", receiver_email="hub@help.example.org")
    door.hand_over_letters()
    return door.messages("hub@help.example.org")[0]


def test_a_bounced_referral_to_a_receiver_is_told_to_a_manager(told):
    door, _ = told
    message = sent_onward(door)
    assert settled(door, bounced.report(door, message)) == Settlement.ALERTED
    assert door.alert(message.dedup_key) is not None


# --- what a person settles


@pytest.fixture
def waiting(told):
    door, letter = told
    unmatched = bounced.report(door, bounced.message_of(door, letter), message_id="<other@example.org>")
    return door, letter, bounced.take(door, unmatched)


def match(door, bounce, letter, by=OFFICER):
    data = returned_mail_outcomes.BouncedLetterInput(letter_id=id_of(letter), note="Same address")
    with door.acting(by, token="one") as act:
        return returned_mail_outcomes.match(act, id_of(bounce), data)


def dismiss(door, bounce, by=OFFICER):
    with door.acting(by) as act:
        data = inputs.ReasonInput(reason="An advertisement")
        return returned_mail_outcomes.dismiss(act, id_of(bounce), data)


def test_a_person_matches_it_to_a_letter_which_so_came_back(waiting):
    door, letter, bounce = waiting
    match(door, bounce, letter)
    match(door, bounce, letter)  # the second click does nothing
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]
    assert bounced.line(door, bounce).settlement.settled_by == OFFICER.username
    assert door.alert("bounces") is None


def test_a_person_dismisses_it_with_a_note(waiting):
    door, letter, bounce = waiting
    dismiss(door, bounce)
    assert bounced.line(door, bounce).settlement.note == "An advertisement"
    assert rounds(door, letter) == [ClockState.STOPPED]
    assert door.alert("bounces") is None


def test_what_is_settled_is_not_settled_again(waiting):
    door, letter, bounce = waiting
    dismiss(door, bounce)
    with pytest.raises(Refused, match="settled already"):
        dismiss(door, bounce)
    with pytest.raises(Refused, match="settled already"):
        match(door, bounce, letter)


def test_a_letter_that_came_back_already_is_not_matched(waiting):
    door, letter, bounce = waiting
    door.came_back(letter, "2009-03-26 11:00")
    with pytest.raises(Refused, match="not on its way"):
        match(door, bounce, letter)


def test_only_whoever_may_record_letters_settles(waiting):
    door, letter, bounce = waiting
    auditor = person_in(Role.AUDITOR)
    with pytest.raises(NotAllowed):
        dismiss(door, bounce, by=auditor)
    with pytest.raises(NotAllowed):
        match(door, bounce, letter, by=auditor)


# --- collecting


def test_a_mailbox_is_collected_and_its_mail_moved(told):
    door, letter = told
    mailbox = Mailbox()
    mailbox.put(bounced.report(door, bounced.message_of(door, letter)).replace(b"\n", b"\r\n"))
    with running(mailbox) as port:
        url = f"imap://{quote(mailbox.username)}:{quote(mailbox.secret)}@127.0.0.1:{port}/INBOX"
        assert collecting_mail.collect(door.database, url, clock=lambda: door.now).recorded == 1
    assert len(mailbox.contents("Done")) == 1
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]


def test_what_names_no_message_of_ours_stays_in_the_mailbox_marked_as_seen_and_is_recorded_once(told):
    door, letter = told
    mailbox = Mailbox()
    mailbox.put(bounced.report(door, bounced.message_of(door, letter), message_id="<of@another.example>"))
    mailbox.put(bounced.person(door))
    with running(mailbox) as port:
        url = f"imap://{quote(mailbox.username)}:{quote(mailbox.secret)}@127.0.0.1:{port}/INBOX"
        found = [collecting_mail.collect(door.database, url, clock=lambda: door.now).recorded for _ in range(2)]
    assert found == [2, 0]
    assert len(mailbox.contents()) == 2
    assert all(mail.flags == {"PathwaySeen"} for mail in mailbox.folders["INBOX"])
    assert "Done" not in mailbox.folders


def collector(door, folder):
    return collecting_mail.Collector(
        database=door.database, setting=str(folder), clock=lambda: door.now, wake_dispatcher=lambda: None
    )


def test_a_source_that_cannot_be_read_is_one_alert_which_closes_when_it_can(told, tmp_path):
    door, _ = told
    rounds_of = collector(door, tmp_path / "mail")
    for _ in range(3):
        rounds_of.run()
    assert "There is no folder" in door.alert("returned mail").next_step
    (tmp_path / "mail").mkdir()
    rounds_of.run()
    assert door.alert("returned mail") is None


def test_a_stumble_is_no_alert(told, tmp_path):
    door, _ = told
    collector(door, tmp_path / "mail").run()
    assert door.alert("returned mail") is None


def test_an_alert_of_a_process_that_ended_is_closed_by_the_next(told, tmp_path):
    door, _ = told
    first = collector(door, tmp_path / "mail")
    first.run()
    first.run()
    (tmp_path / "mail").mkdir()
    collector(door, tmp_path / "mail").run()
    assert door.alert("returned mail") is None


def test_one_that_cannot_be_recorded_holds_up_no_other(told, tmp_path):
    door, letter = told
    bounced.drop(tmp_path, bounced.report(door, bounced.message_of(door, letter)), "2.eml")
    (tmp_path / "1.eml").mkdir()
    with pytest.raises(collecting_mail.CannotCollect):
        bounced.collect(door, tmp_path)
    assert rounds(door, letter) == [ClockState.STOPPED, ClockState.RUNNING]


def test_the_history_says_who_matched_it(waiting):
    door, letter, bounce = waiting
    match(door, bounce, letter, by=MANAGER)
    events = door.events(referral_of(door, letter))
    assert [event.actor for event in events if event.kind == "letter returned"] == [MANAGER.username]
