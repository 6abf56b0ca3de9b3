"""The outbox: who sees what of it, filters, retry and cancel."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from notifications.answers import Answer
from notifications.outbox import queue, recording
from pathway.engine.children import restricting
from pathway.engine.post import handing_over
from rules.messages import MessageState
from rules.vocabulary import Role
from storage.queries.children import restriction_rows
from storage.tables import Letter, Message
from support.front_door import ACCEPTED, MANAGER, OFFICER, person_in

ADMINISTRATOR = person_in(Role.ADMINISTRATOR)
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
REFUSED = Answer(accepted=False, final=True, code=550, text="5.1.1 No ada@school.example.org", server="mx:25")
BUSY = Answer(accepted=False, final=False, code=450, text="4.2.1 Busy", server="mx:25")
LOST = Answer(accepted=False, final=False, code=None, text="The connection broke", perhaps_taken=True, server="mx:25")


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def answer(door, said):
    """The mail server says this about everything that waits."""
    with door.database.write() as session:
        for claimed in queue.claim(session, now=door.now, lease=timedelta(minutes=5), limit=50, by="test"):
            row = recording.record_answer(session, claimed.id, said, now=door.now)
            handing_over.settle_message(session, row, said, now=door.now)


def logged(desk, **more):
    """The one message of a new contact."""
    contact = desk.door.log("Mia", **more)
    return next(message for message in desk.door.messages() if message.contact_id == contact.id)


def state(desk, message):
    return next(each for each in desk.door.messages() if each.id == message.id).state


def test_an_empty_outbox_says_so(desk):
    assert "Nothing has been written yet." in desk.open("/outbox").words


def test_a_message_stands_with_its_recipient_its_contact_and_its_state(desk):
    message = logged(desk)
    page = desk.open("/outbox")
    assert "ada@school.example.org" in page.words
    assert f"/outbox/{message.id}" in page.links
    assert "1 queued" in page.words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=queued", True),
        ("state=refused", False),
        ("state=nonsense", True),
        ("kind=acknowledgement", True),
        ("kind=outcome", False),
        ("q=ada%40school", True),
        ("q=nobody", False),
        ("long=yes", False),
        ("twice=yes", False),
    ],
)
def test_filters(desk, query, found):
    message = logged(desk)
    assert (f"/outbox/{message.id}" in desk.open(f"/outbox?{query}").links) is found


def test_what_waits_longer_than_an_hour_is_found(desk):
    message = logged(desk)
    desk.door.move_to("2009-03-26 11:01")
    desk.sign_in(MANAGER)
    assert f"/outbox/{message.id}" in desk.open("/outbox?long=yes").links


def test_what_may_have_arrived_twice_is_marked_and_found(desk):
    message = logged(desk)
    answer(desk.door, LOST)
    page = desk.open("/outbox?twice=yes")
    assert f"/outbox/{message.id}" in page.links
    assert "Perhaps twice" in page.words


def test_a_long_outbox_has_pages_that_keep_the_filter(browser):
    browser.sign_in(MANAGER)
    for number in range(26):
        browser.door.log(f"Child {number}")
    page = browser.open("/outbox?state=queued")
    assert "26 messages" in page.words
    (link,) = [link for link in page.links if "after=" in link]
    assert link.startswith("/outbox?state=queued&after=")
    assert [link for link in browser.open(link).links if re.fullmatch(r"/outbox/\d+", link)] == ["/outbox/26"]


def test_each_attempt_stands_with_the_server_and_its_reply(desk):
    message = logged(desk)
    answer(desk.door, BUSY)
    page = desk.open(f"/outbox/{message.id}")
    assert "mx:25" in page.words
    assert "Put off: 450 4.2.1 Busy" in page.words


def test_what_was_refused_is_sent_now(desk):
    message = logged(desk)
    answer(desk.door, REFUSED)
    page = desk.send(desk.open(f"/outbox/{message.id}"), f"/outbox/{message.id}")
    assert "The message will be sent now" in page.words
    assert state(desk, message) == MessageState.QUEUED
    assert desk.woken


def test_what_waits_for_its_next_attempt_is_sent_now(desk):
    message = logged(desk)
    answer(desk.door, BUSY)
    desk.post(f"/outbox/{message.id}/retry", request_id="one")
    assert desk.door.messages()[0].next_attempt_at == desk.door.now


def test_a_second_click_does_nothing(desk):
    message = logged(desk)
    desk.post(f"/outbox/{message.id}/retry", request_id="one")
    desk.post(f"/outbox/{message.id}/retry", request_id="one")
    assert desk.open(f"/letters/{message.letter_id}").words.count("Message to be sent now") == 1


def test_a_letter_that_was_posted_since_is_not_sent(desk):
    message = logged(desk)
    answer(desk.door, REFUSED)
    with desk.door.database.read() as session:
        letter = session.get_one(Letter, message.letter_id)
    desk.door.post(letter, "2009-03-26 10:00")
    page = desk.post(f"/outbox/{message.id}/retry")
    assert (desk.status, state(desk, message)) == (409, MessageState.REFUSED)
    assert "left the building already" in page.words


def test_what_was_handed_over_offers_nothing(desk):
    message = logged(desk)
    answer(desk.door, ACCEPTED)
    assert "Nothing can be done about it from here." in desk.open(f"/outbox/{message.id}").words
    assert "handed over already" in desk.post(f"/outbox/{message.id}/retry").words


def test_a_cancelled_letter_is_on_the_list_of_those_owed(desk):
    message = logged(desk)
    page = desk.post(f"/outbox/{message.id}/cancel", reason="Given by hand", request_id="one")
    assert "the letter is still owed" in page.words
    assert state(desk, message) == MessageState.CANCELLED
    assert f"/letters/{message.letter_id}" in desk.open("/letters?owed=yes").links
    desk.door.hand_over_letters()
    assert state(desk, message) == MessageState.CANCELLED


def test_a_cancellation_needs_its_reason(desk):
    message = logged(desk)
    page = desk.post(f"/outbox/{message.id}/cancel", reason=" ", request_id="one")
    assert desk.status == 422
    assert "There is a problem" in page.words
    assert state(desk, message) == MessageState.QUEUED


def test_retry_and_cancellation_stand_in_the_history(desk):
    message = logged(desk)
    desk.post(f"/outbox/{message.id}/retry", request_id="one")
    desk.post(f"/outbox/{message.id}/cancel", reason="Given by hand", request_id="two")
    words = desk.open(f"/letters/{message.letter_id}").words
    assert "Message to be sent now (acknowledgement) by Duty Manager" in words
    assert "Message cancelled (acknowledgement) by Duty Manager: Given by hand" in words


def test_a_cancelled_referral_to_a_receiver_is_an_alert(desk):
    (referral,) = desk.door.referrals(desk.door.log("Mia"))
    desk.door.decide(referral, "early-help", receiver_email="hub@help.example.org")
    (message,) = desk.door.messages("hub@help.example.org")
    desk.post(f"/outbox/{message.id}/cancel", reason="The wrong hub", request_id="one")
    assert "did not reach the receiver" in desk.door.alert(message.dedup_key).headline
    assert "The wrong hub" in desk.open("/onward").words


# --- who sees what


@pytest.fixture
def alerted(desk):
    """A letter that was refused; an alert to the manager waits."""
    message = logged(desk)
    answer(desk.door, REFUSED)
    desk.door.log("Urgent", immediate_danger=True, referrer_email="", referrer_address="3 High Street")
    return message


def test_an_administrator_sees_no_recipient_of_a_letter(desk, alerted):
    page = desk.sign_in(ADMINISTRATOR).open("/outbox")
    assert "ada@school" not in desk.html
    assert "Ada Ferreira" not in desk.html
    assert "Recipient not shown" in page.words
    assert "duty.manager@council.example.org" in page.words
    assert "550 5.1.1" in page.words
    desk.open(f"/outbox/{alerted.id}")
    assert "ada@school" not in desk.html


def test_an_administrator_finds_no_letter_by_its_recipient(desk, alerted):
    desk.sign_in(ADMINISTRATOR)
    assert "No message matches." in desk.open("/outbox?q=ada").words


def test_an_administrator_sends_a_letter_again_and_cancels_none(desk, alerted):
    desk.sign_in(ADMINISTRATOR).post(f"/outbox/{alerted.id}/retry")
    assert state(desk, alerted) == MessageState.QUEUED
    desk.post(f"/outbox/{alerted.id}/cancel", reason="x")
    assert (desk.status, state(desk, alerted)) == (403, MessageState.QUEUED)


def test_nobody_but_an_administrator_cancels_an_alert(desk, alerted):
    alert = desk.door.messages(Role.DUTY_MANAGER, "alert")[-1]
    desk.post(f"/outbox/{alert.id}/cancel", reason="x")
    assert (desk.status, state(desk, alert)) == (403, MessageState.QUEUED)
    desk.sign_in(ADMINISTRATOR).post(f"/outbox/{alert.id}/cancel", reason="A test message")
    assert state(desk, alert) == MessageState.CANCELLED


def test_a_protected_referrer_is_not_named(desk):
    message = logged(desk, identity_protected=True)
    answer(desk.door, REFUSED)
    page = desk.sign_in(OFFICER).open("/outbox")
    assert "identity is protected" in page.words
    assert "No message matches." in desk.open("/outbox?q=ada").words
    desk.open(f"/outbox/{message.id}")
    assert "ada@school" not in desk.html
    desk.open(f"/letters/{message.letter_id}")
    assert "ada@school" not in desk.html


def test_a_restricted_record_names_nobody_and_does_not_open(desk):
    message = logged(desk)
    restrict(desk.door, message)
    page = desk.sign_in(OFFICER).open("/outbox")
    assert "Restricted record" in page.words
    assert "ada@school" not in desk.html
    desk.open(f"/outbox/{message.id}")
    assert desk.status == 403
    for act in ("retry", "cancel"):
        desk.post(f"/outbox/{message.id}/{act}", reason="x")
        assert desk.status == 403
    assert state(desk, message) == MessageState.QUEUED


def restrict(door, message):
    with door.acting(SERVICE_MANAGER) as act:
        (child,) = restriction_rows.children_of_contact(act.session, message.contact_id)
        data = restricting.RestrictionInput(reason="Own family", usernames=())
        restricting.restrict(act, child, data)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SOCIAL_WORKER])
def test_it_does_not_open_to_whoever_records_no_letters(browser, role):
    browser.sign_in(person_in(role)).open("/outbox")
    assert browser.status == 403


def test_a_message_that_is_not_there_is_not_found(desk):
    desk.open("/outbox/99999999999999999999")
    assert desk.status == 404


def test_a_file_names_nobody_whom_the_page_does_not_name(desk):
    logged(desk, identity_protected=True)
    for person in (OFFICER, ADMINISTRATOR):
        assert "ada@school" not in desk.sign_in(person).client.get("/outbox/export").text
    assert "ada@school" in desk.sign_in(MANAGER).client.get("/outbox/export").text


def test_what_waits_comes_before_all_the_urgent_first_and_then_the_newest(desk):
    first = logged(desk)
    answer(desk.door, ACCEPTED)
    second = logged(desk)
    answer(desk.door, ACCEPTED)
    waiting = logged(desk)
    urgent = logged(desk)
    with desk.door.database.write() as session:
        session.get_one(Message, urgent.id).priority = 0
    links = [int(link.rpartition("/")[2]) for link in desk.open("/outbox").links if re.fullmatch(r"/outbox/\d+", link)]
    assert links == [urgent.id, waiting.id, second.id, first.id]
