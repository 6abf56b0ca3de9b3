"""What servers said, as it is kept: together, each for itself where one is at fault, and with its doubts."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from notifications.dispatch import dispatcher
from notifications.outbox import queue
from notifications.outbox.recording import Came, Recorder
from rules.errors import Unavailable
from rules.messages import MessageState
from storage.queries import contact_rows
from storage.sessions import Conflict
from storage.tables import Letter
from support import mail_servers, rows, sender
from support import outbox as hand
from support.letters import NOW
from support.mail_servers import DROP, NONSENSE, SILENCE, Behaviour
from support.outbox import BUSY, OK, UNKNOWN, Settled

LOST = replace(BUSY, code=None, text="The connection broke", perhaps_taken=True, server="mail.example.org:25")


def came(database, answers):
    """One message for each answer, claimed and answered."""
    hand.put(database, len(answers))
    with database.write() as session:
        claimed = queue.claim(session, now=NOW, lease=dispatcher.LEASE, limit=100, by="me")
    return [Came(message=message, answer=answer, at=NOW) for message, answer in zip(claimed, answers, strict=True)]


@contextmanager
def commits(database):
    """The commits of what happens inside."""
    found = []

    def count(connection):
        found.append(connection)

    event.listen(database.engine, "commit", count)
    yield found
    event.remove(database.engine, "commit", count)


def states(database, waiting):
    return [hand.message(database, one.message.id).state for one in waiting]


def test_the_answers_that_wait_are_recorded_in_one_transaction(database):
    waiting, recorder = came(database, [OK, BUSY, UNKNOWN] * 10), Recorder(database, Settled())
    with commits(database) as found:
        recorder.record(waiting)
    assert len(found) == 1
    assert recorder.tally == {"handed over": 10, "put off": 10, "refused": 10}
    assert states(database, waiting) == [MessageState.HANDED_OVER, MessageState.QUEUED, MessageState.REFUSED] * 10


def test_a_batch_is_recorded_in_few_transactions(sqlite_database):
    hand.put(sqlite_database, 100)
    with mail_servers.running() as (server, _), commits(sqlite_database) as found:
        report = dispatcher.run_once(sqlite_database, server, Settled(), now=lambda: NOW)
    assert report.handed_over == 100
    assert len(found) < 50


@pytest.mark.parametrize("odd", [OK, BUSY, UNKNOWN])
def test_a_fault_in_one_answer_loses_no_other(database, odd):
    waiting = came(database, [OK, UNKNOWN, odd, BUSY, OK])
    settled = Settled(fails_for={waiting[2].message.id})
    recorder = Recorder(database, settled)
    recorder.record(waiting)
    found = states(database, waiting)
    assert found[:2] + found[3:] == ["handed over", "refused", "queued", "handed over"]
    assert found[2] == ("sending" if odd.accepted else "queued")
    assert recorder.faults == [f"Message {waiting[2].message.id}: RuntimeError: The clock would not stop"]
    assert [settled.mark(database, one.message.id) for one in waiting] == [NOW, NOW, None, NOW, NOW]
    assert all(len(hand.attempts(database, one.message.id)) == 1 for one in waiting)


@pytest.mark.parametrize("error", [Unavailable("The database is busy"), Conflict("INSERT", {}, Exception("twice"))])
def test_what_could_not_be_written_just_now_is_tried_again(database, error):
    waiting, settled, times = came(database, [OK, OK]), Settled(), iter([error, error])

    def settle(session, message, answer, *, now):
        settled(session, message, answer, now=now)
        if trouble := next(times, None):
            raise trouble

    recorder = Recorder(database, settle)
    recorder.record(waiting)
    assert (recorder.tally, recorder.faults) == ({"handed over": 2}, [])


def test_an_answer_that_can_not_be_kept_at_all_stops_the_sending(sqlite_database):
    (one,) = came(sqlite_database, [OK])
    gone = replace(one, message=replace(one.message, id=99))
    recorder = Recorder(sqlite_database, Settled())
    recorder.record([one, gone])
    assert recorder.broken
    assert states(sqlite_database, [one]) == [MessageState.HANDED_OVER]


def test_a_lost_answer_is_a_flag_that_stays(database):
    (one,) = came(database, [LOST])
    recorder = Recorder(database, sender.nothing)
    recorder.record([one])
    with database.write() as session:
        (again,) = queue.claim(session, now=NOW + timedelta(minutes=1), lease=dispatcher.LEASE, limit=1, by="me")
    recorder.record([replace(one, message=again, answer=OK)])
    row = hand.message(database, one.message.id)
    assert (row.state, row.perhaps_twice) == (MessageState.HANDED_OVER, True)
    assert [attempt.perhaps_taken for attempt in hand.attempts(database, row.id)] == [True, False]


def test_an_attempt_names_the_server_and_its_reply(database):
    (one,) = came(database, [replace(OK, server="mail.example.org:25")])
    Recorder(database, Settled()).record([one])
    (attempt,) = hand.attempts(database, one.message.id)
    assert (attempt.server, attempt.answer, attempt.attempted_at) == ("mail.example.org:25", "250 2.0.0 Queued", NOW)
    assert hand.message(database, one.message.id).last_answer == "250 2.0.0 Queued (mail.example.org:25)"


def test_a_lost_answer_whose_consequences_fail_is_a_flag_all_the_same(sqlite_database):
    (one,) = came(sqlite_database, [LOST])
    Recorder(sqlite_database, Settled(fails_for={one.message.id})).record([one])
    assert hand.message(sqlite_database, one.message.id).perhaps_twice


@pytest.mark.parametrize(
    ("faults", "state", "perhaps_twice"),
    [
        pytest.param({}, "handed over", False, id="accepted"),
        pytest.param({"mail": "452 4.3.1 Full"}, "queued", False, id="452 at MAIL"),
        pytest.param({"rcpt": "550 5.1.1 Unknown"}, "refused", False, id="550 at RCPT"),
        pytest.param({"rcpt": DROP}, "queued", False, id="drop at RCPT"),
        pytest.param({"data": "554 5.6.0 Spam"}, "refused", False, id="554 at the end of DATA"),
        pytest.param({"mid-data": DROP}, "queued", True, id="drop in mid-DATA"),
        pytest.param({"data": DROP}, "queued", True, id="drop after the dot"),
        pytest.param({"data": SILENCE}, "queued", True, id="no answer after the dot"),
        pytest.param({"mid-data": NONSENSE}, "queued", True, id="nonsense after the dot"),
    ],
)
def test_each_fault_of_a_server_leaves_its_row(sqlite_database, faults, state, perhaps_twice):
    (message_id,) = hand.put(sqlite_database)
    with mail_servers.running(Behaviour(faults)) as (server, _):
        dispatcher.run_once(sqlite_database, server, Settled(), now=lambda: NOW)
    row = hand.message(sqlite_database, message_id)
    (attempt,) = hand.attempts(sqlite_database, message_id)
    assert (row.state, row.perhaps_twice, attempt.perhaps_taken) == (state, perhaps_twice, perhaps_twice)
    assert attempt.server == str(server)


def test_two_dispatchers_with_letters_about_the_same_contacts_do_not_wait_for_each_other(postgresql_database):
    with postgresql_database.write() as session:
        letters = [rows.insert(session, Letter).id for _ in range(2)]
    both, calls = [*letters, *reversed(letters)], []
    ids = [hand.put(postgresql_database, dedup_key=f"{place}", letter_id=of)[0] for place, of in enumerate(both)]
    with postgresql_database.write() as session:
        claimed = {one.id: one for one in queue.claim(session, now=NOW, lease=dispatcher.LEASE, limit=9, by="me")}
    halves = [[Came(message=claimed[number], answer=OK, at=NOW) for number in half] for half in (ids[:2], ids[2:])]

    def settle(session, message, _answer, *, now):
        contact_rows.lock(session, session.get_one(Letter, message.letter_id).contact_id)
        calls.append(message.id)
        time.sleep(0.2)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Recorder(postgresql_database, settle).record, halves))
    assert sorted(calls) == ids  # once each: neither had to begin again
