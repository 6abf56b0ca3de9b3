"""The sender is killed at the worst moments, and no letter is lost."""

from __future__ import annotations

import signal
import time
from datetime import timedelta

from notifications.dispatch import dispatcher
from notifications.dispatch.dispatcher import DispatchReport
from notifications.outbox import queue
from rules.messages import MessageState
from support import mail_servers, sender
from support import outbox as hand
from support.letters import NOW
from support.mail_servers import SILENCE, Behaviour
from support.outbox import Settled

HALF_A_MINUTE = timedelta(seconds=30)


def wait_for(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It never happened."
        time.sleep(0.02)


def sent_again(database, server):
    too_early = dispatcher.run_once(database, server, Settled(), now=lambda: NOW + HALF_A_MINUTE - timedelta(seconds=1))
    assert not too_early.found_work
    return dispatcher.run_once(database, server, Settled(), now=lambda: NOW + HALF_A_MINUTE)


def test_killed_between_claim_and_send_the_message_goes_once(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    with mail_servers.running(Behaviour({"banner": SILENCE})) as (server, silent):
        process = sender.start(sqlite_database, server, now=NOW)
        wait_for(lambda: silent.connections)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    assert hand.message(sqlite_database, message_id).state == MessageState.SENDING
    with mail_servers.running() as (server, behaviour):
        assert sent_again(sqlite_database, server) == DispatchReport(handed_over=1)
    assert len(behaviour.received) == 1


def test_killed_between_send_and_record_the_message_goes_again_with_the_same_message_id(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    with mail_servers.running() as (server, behaviour):
        process = sender.start(sqlite_database, server, now=NOW, settle="die")
        assert process.wait(20) == -signal.SIGKILL
        row = hand.message(sqlite_database, message_id)
        assert (row.state, row.attempts) == (MessageState.SENDING, 0)
        assert sent_again(sqlite_database, server) == DispatchReport(handed_over=1)
    first, twin = behaviour.received
    assert first.content == twin.content
    assert first.message["Message-ID"] == twin.message["Message-ID"] == row.message_id
    assert "may arrive twice" in hand.attempts(sqlite_database, message_id)[0].answer


def test_dropped_between_claim_and_send_on_either_database_the_message_goes_once(database):
    hand.put(database, 3)
    with database.write() as session:
        queue.claim(session, now=NOW, lease=dispatcher.LEASE, limit=10, by="a process that is gone")
    with mail_servers.running() as (server, behaviour):
        assert sent_again(database, server) == DispatchReport(handed_over=3)
    assert len(behaviour.received) == 3
