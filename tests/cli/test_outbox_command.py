"""``pathway outbox``: listed, sent now, cancelled with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.answers import Answer
from notifications.outbox import queue, recording
from storage.clock import utc_now
from storage.sessions import Database
from support.front_door import FrontDoor

REFUSED = Answer(accepted=False, final=True, code=550, text="5.1.1 No such person ada@school.example.org")


class _RealTime:
    def move_to(self, _):
        """Time is what it is."""


@pytest.fixture
def door(pathway, tmp_path):
    """A front door in the folder of the commands, with one contact logged; its acknowledgement is message 1."""
    pathway("migrate")
    database = Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db")
    found = FrontDoor(database=database, frozen=_RealTime())
    found.log("Mia")
    yield found
    database.dispose()


def refuse(door):
    with door.database.write() as session:
        for message in queue.claim(session, now=utc_now(), lease=timedelta(minutes=5), limit=9, by="test"):
            recording.record_answer(session, message.id, REFUSED, now=utc_now())


def state(door):
    return door.messages()[0].state


def test_the_list_says_to_whom_and_how_far(pathway, door):
    ended = pathway("outbox", "list")
    assert "1: acknowledgement to Ada Ferreira <ada@school.example.org>" in ended.out
    assert "queued" in ended.out
    assert "1 queued" in ended.err


@pytest.mark.parametrize(
    "options", [("--state", "refused"), ("--kind", "outcome"), ("--long",), ("--twice",), ("--to", "bob")]
)
def test_the_list_is_narrowed(pathway, door, options):
    assert pathway("outbox", "list", *options).out == "No message matches.\n"


def test_what_was_refused_is_sent_again(pathway, door):
    refuse(door)
    assert "550 5.1.1 No such person" in pathway("outbox", "list", "--state", "refused").out
    assert pathway("outbox", "retry", 1).out == "Message 1 (acknowledgement) is to be sent now.\n"
    assert state(door) == "queued"


def test_a_cancelled_letter_is_still_owed(pathway, door):
    assert "Letter 1 is still owed." in pathway("outbox", "cancel", 1, "--reason", "Given by hand").out
    assert state(door) == "cancelled"
    assert pathway("letters", "owed").out.startswith("1")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        (("list", "--state", "refuse"), "Did you mean 'refused'?"),
        (("retry", 99), "There is no message 99"),
        (("cancel", 1, "--reason", " "), "reason"),
        (("retry", 1, "--by", "nobody"), "There is no user nobody"),
    ],
)
def test_what_is_odd_is_an_error_with_a_remedy(pathway, door, asked, problem):
    ended = pathway("outbox", *asked)
    assert ended.code == 2
    assert problem in ended.err


def test_a_refused_message_is_not_cancelled(pathway, door):
    refuse(door)
    assert "not waiting" in pathway("outbox", "cancel", 1, "--reason", "x").err


def test_no_protected_referrer_is_named(pathway, door):
    contact = door.log(
        "Noah", identity_protected=True, referrer_name="Bea Marsh", referrer_email="bea@home.example.org"
    )
    listed = pathway("outbox", "list").out
    assert contact is not None
    assert "Bea" not in listed
    assert "bea@home" not in listed
    assert "identity is protected" in listed


def test_a_letters_history_stands_in_the_text_of_the_referral(pathway, door):
    refuse(door)
    text = pathway("referral", door.referrals(door.log("Zoe"))[0].ref).out
    assert "(acknowledgement)" in text
    assert "Written, to go by e-mail" in text
