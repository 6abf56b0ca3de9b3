"""Letters as sent, letters owed, and the catcher's mailbox."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from notifications.dispatch import dispatcher
from notifications.smtp import catcher
from notifications.smtp.catcher import Catcher
from notifications.smtp.mailer import MailServer
from pathway.engine.post import handing_over
from storage.clock import utc_now
from storage.queries.letters import letter_list_rows
from storage.tables import Message
from support import rows
from support.front_door import MANAGER

BY_POST = {"referrer_email": "", "referrer_address": "3 High Street"}
LEFT = {"delivery": "post", "handed_over_at": "26 3 2009", "handed_over_at_time": "10:00", "note": "First class"}


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


def letters(desk):
    with desk.door.database.read() as session:
        found, _ = letter_list_rows.lines(session, owed_only=False, words="", offset=0, limit=50)
    return {line.letter.kind: line.letter for line in found}


def decided(desk, **more):
    (referral,) = desk.door.referrals(desk.door.log("Mia", **more))
    desk.door.decide(referral)
    return letters(desk)["outcome"]


def test_a_letter_is_shown_exactly_as_written_with_its_hash(desk):
    letter = decided(desk)
    page = desk.open(f"/letters/{letter.id}")
    assert letter.sha256 in page.words
    assert letter.template_version in page.words
    assert "Queued" in page.words
    desk.door.hand_over_letters()
    assert "Handed over to the mail server" in desk.open(f"/letters/{letter.id}").words


def test_a_letter_without_an_address_for_email_is_owed_until_it_was_posted(desk):
    letter = decided(desk, **BY_POST)
    assert f"/letters/{letter.id}" in desk.open("/letters?owed=yes").links
    page = desk.fill(f"/letters/{letter.id}", **LEFT)
    assert "the letter has left the building" in page.words
    assert "Posted" in page.words
    assert "First class" in page.words
    assert "No letter is owed" in desk.open("/letters?owed=yes").words


def test_posting_meets_the_duty(desk):
    letter = decided(desk, **BY_POST)
    desk.fill(f"/letters/{letter.id}", **LEFT)
    ref = desk.open(f"/letters/{letter.id}").words.split("About ")[1].split()[0]
    assert "Written feedback within 48 hours Met in time" in desk.open(f"/referrals/{ref}").words


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"delivery": ""}, 422, "Nothing is chosen"),
        ({"delivery": "email"}, 422, "Choose post or by hand"),
        ({"handed_over_at": "27 3 2009"}, 422, "future"),
        ({"handed_over_at": "25 3 2009"}, 422, "before the letter was written"),
        ({"handed_over_at_time": ""}, 422, "not a time of day"),
    ],
)
def test_an_odd_handover_is_said_and_kept(browser, changes, status, words):
    letter = decided(browser.sign_in(MANAGER), **BY_POST)
    page = browser.fill(f"/letters/{letter.id}", **LEFT | changes)
    assert browser.status == status
    assert words in page.words
    assert page.form().values["note"] == "First class"


def test_a_refused_letter_is_owed_again_and_says_what_the_mail_server_said(desk):
    letter = decided(desk)
    with desk.door.database.write() as session:
        for message in rows.everything(session, Message):
            if message.letter_id == letter.id:
                message.state, message.last_answer = "refused", "550 No such mailbox"
    page = desk.open("/letters?owed=yes")
    assert "Refused by the mail server" in page.words
    assert "550 No such mailbox" in page.words


def test_letters_are_found_by_contact_and_recipient(desk):
    decided(desk)
    assert "2 letters" in desk.open("/letters?q=ada@school").words
    assert "No letter matches" in desk.open("/letters?q=nobody").words


def test_a_letter_that_is_not_there_is_not_found(browser):
    browser.sign_in(MANAGER).open("/letters/99999999999999999999")
    assert browser.status == 404


@pytest.fixture
def caught(desk, mailbox):
    decided(desk)
    server = Catcher(mailbox)
    server.start()
    try:
        address = MailServer.from_url(server.url)
        dispatcher.run_once(desk.door.database, address, handing_over.settle_message, now=utc_now)
    finally:
        server.stop()
    return catcher.mailbox(mailbox)


def test_the_outcome_letter_arrives_in_the_mailbox(desk, caught):
    letter = next(message for message in caught if message.subject.startswith("Our decision"))
    assert f"/mailbox/{letter.name}" in desk.open("/mailbox").links
    page = desk.open(f"/mailbox/{letter.name}")
    assert "Mia Harlow" in page.words
    assert f'sandbox="" title="The message as HTML" src="/mailbox/{letter.name}/html"' in desk.html


def test_the_messages_own_html_may_do_nothing(desk, caught):
    desk.open(f"/mailbox/{caught[0].name}/html")
    policy = desk.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "frame-ancestors 'self'" in policy


@pytest.mark.parametrize("name", ["nothing.eml", "..%2F..%2Fpathway.db", "20090326T100000.000000Z-000001.eml"])
def test_no_name_leads_out_of_the_mailbox(browser, name):
    browser.sign_in(MANAGER).open(f"/mailbox/{name}")
    assert browser.status == 404


def test_with_a_real_mail_server_there_is_no_mailbox(door):
    from support import desk as desks

    browser = desks.at(door).sign_in(MANAGER)
    assert "/mailbox" not in browser.open("/letters").links
    browser.open("/mailbox")
    assert browser.status == 404


def test_moments_of_a_letter_are_in_london_time(browser):
    browser.door.move_to("2009-07-01 10:00")
    letter = decided(browser.sign_in(MANAGER))
    assert letter.written_at == datetime(2009, 7, 1, 9, 0, tzinfo=UTC)
    assert "Written Wed 1 Jul 2009, 10:00" in browser.open(f"/letters/{letter.id}").words
