"""Warnings and alerts to staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications import rendering
from notifications.staff import staff
from notifications.staff.staff import AlertFacts
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Role
from support.letters import NOW

LINK = "https://front.example.org/referrals/FD-0012-1"


def facts(**changes):
    given = {
        "headline": "The decision is late",
        "next_step": "Decide, or say who will and by when.",
        "referral_ref": "FD-0012-1",
        "due_at": NOW,
        "now": NOW + timedelta(hours=2, minutes=10),
        "link": LINK,
        "rung_role": Role.DUTY_MANAGER,
    }
    return AlertFacts(**given | changes)


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (MessageKind.WARNING, "Overdue: The decision is late (FD-0012-1)"),
        (MessageKind.ALERT, "Alert: The decision is late (FD-0012-1)"),
        (MessageKind.ALERT_CLOSED, "Closed: The decision is late (FD-0012-1)"),
    ],
)
def test_a_message_says_what_is_wrong_when_it_was_due_and_where_to_go(kind, subject):
    message = staff.write(kind, facts())
    assert message.subject == subject
    assert "Friday 6 March 2009 at 16:40 (2 hours 10 minutes ago)" in message.text
    assert f"\n{LINK}\n" in message.text
    assert "as duty manager" in message.text


def test_a_warning_that_comes_in_time_says_that_something_is_due_soon():
    message = staff.write(MessageKind.WARNING, facts(now=NOW - timedelta(hours=2)))
    assert message.subject.startswith("Due soon: ")
    assert "What to do before then:" in message.text


def test_an_alert_says_what_to_do():
    assert "What to do now:\n\nDecide, or say who will and by when.\n" in staff.write(MessageKind.ALERT, facts()).text


def test_the_end_of_an_alert_says_why():
    text = staff.write(
        MessageKind.ALERT_CLOSED, facts(closed_because="The decision was made at 18:00.", rung_role=None)
    ).text
    assert "The decision was made at 18:00." in text
    assert "You need do nothing more." in text
    assert "You are told this" not in text


def test_an_alert_about_the_system_needs_neither_referral_nor_due_moment():
    message = staff.write(MessageKind.ALERT, facts(referral_ref=None, due_at=None, headline="The mail server is down."))
    assert message.subject == "Alert: The mail server is down"
    assert "Referral" not in message.text
    assert "Due:" not in message.text


def test_a_reference_is_not_repeated():
    assert staff.write(MessageKind.ALERT, facts(headline="FD-0012-1 is late")).subject == "Alert: FD-0012-1 is late"


def test_a_headline_can_not_bring_a_header():
    message = staff.write(MessageKind.ALERT, facts(headline="Late\r\nBcc: x@example.org"))
    assert message.subject == "Alert: Late Bcc: x@example.org (FD-0012-1)"


@pytest.mark.parametrize("kind", [MessageKind.OUTCOME, MessageKind.ACKNOWLEDGEMENT])
def test_letters_are_not_written_here(kind):
    with pytest.raises(InvalidInput):
        staff.write(kind, facts())


def test_a_blank_headline_is_refused():
    with pytest.raises(InvalidInput, match="headline"):
        staff.write(MessageKind.ALERT, facts(headline=" "))


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(hours=-1), "1 hour ago"),
        (timedelta(hours=6, minutes=30), "in 6 hours 30 minutes"),
        (timedelta(days=-3, hours=-1, minutes=-5), "3 days 1 hour ago"),
        (timedelta(days=2, minutes=5), "in 2 days 5 minutes"),
    ],
)
def test_a_distance_is_told_in_words(away, words):
    assert rendering.distance(NOW + away, now=NOW) == words
