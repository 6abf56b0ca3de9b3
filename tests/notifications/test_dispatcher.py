"""The thread that sends: woken, paused, stopped."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import select

from notifications.dispatch import holders
from notifications.dispatch.dispatcher import HEARTBEAT, LEASE, Dispatcher, long_enough
from notifications.outbox import queue
from notifications.smtp.servers import MailServer, Patience
from notifications.smtp.smtp_channel import Smtp
from rules.messages import MessageState
from storage.tables import Heartbeat, Message
from support import mail_servers
from support import outbox as hand
from support.letters import NOW
from support.mail_servers import Behaviour
from support.outbox import Settled


def until(true, seconds=5.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "It never happened."
        time.sleep(0.01)


@contextmanager
def dispatching(database, server, *, poll=timedelta(minutes=1), **options):
    dispatcher = Dispatcher(database, server, Settled(), lambda: NOW, poll=poll, **options)
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        assert dispatcher.stop()


def test_it_sends_when_it_starts_and_when_it_is_woken(database):
    hand.put(database)
    with mail_servers.running() as (server, behaviour), dispatching(database, server) as dispatcher:
        until(lambda: len(behaviour.received) == 1)
        hand.put(database, dedup_key="second")
        dispatcher.wake()
        until(lambda: len(behaviour.received) == 2)


def test_it_looks_again_by_itself(sqlite_database):
    poll = timedelta(seconds=0.05)
    with mail_servers.running() as (server, behaviour), dispatching(sqlite_database, server, poll=poll):
        hand.put(sqlite_database)
        until(lambda: len(behaviour.received) == 1)


def test_it_goes_on_while_there_is_work(sqlite_database):
    hand.put(sqlite_database, 250)
    with mail_servers.running() as (server, behaviour), dispatching(sqlite_database, server):
        until(lambda: len(behaviour.received) == 250, 20)


def test_its_heart_beats(database):
    with mail_servers.running() as (server, _), dispatching(database, server):
        until(lambda: beat_at(database) == NOW)


def beat_at(database):
    with database.read() as session:
        found = session.get(Heartbeat, HEARTBEAT)
        return found and found.beat_at


def test_stopped_while_it_waits_it_stops_at_once(sqlite_database):
    with mail_servers.running() as (server, _):
        dispatcher = Dispatcher(sqlite_database, server, Settled(), lambda: NOW)
        dispatcher.start()
        begun = time.monotonic()
        assert dispatcher.stop()
    assert time.monotonic() - begun < 1


def test_a_dispatcher_that_never_started_can_be_stopped(sqlite_database):
    with mail_servers.nobody() as server:
        assert Dispatcher(sqlite_database, server, Settled(), lambda: NOW).stop()


@pytest.mark.parametrize(
    ("hangs_at", "given_back"),
    [
        pytest.param("rcpt", 9, id="before the content: all go back"),
        pytest.param("data", 8, id="the server may have one"),
    ],
)
def test_stopped_while_the_server_hangs_what_was_not_sent_goes_back(sqlite_database, hangs_at, given_back):
    ids = hand.put(sqlite_database, 9)
    with mail_servers.running(Behaviour({hangs_at: mail_servers.SILENCE})) as (server, behaviour):
        patient = replace(server, patience=mail_servers.PATIENT)
        dispatcher = Dispatcher(sqlite_database, patient, Settled(), lambda: NOW, connections=1)
        dispatcher.start()
        until(lambda: behaviour.acted)
        begun = time.monotonic()
        assert dispatcher.stop(timeout=10)
        assert time.monotonic() - begun < 2
    states = [hand.message(sqlite_database, message_id).state for message_id in ids]
    assert states.count(MessageState.QUEUED) == given_back
    assert states.count(MessageState.SENDING) == 9 - given_back


def test_an_answer_that_comes_while_it_stops_is_recorded(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    came = threading.Event()

    async def take_time():
        came.set()
        await asyncio.sleep(0.3)

    with mail_servers.running(Behaviour(before_answer=take_time)) as (server, _):
        dispatcher = Dispatcher(sqlite_database, server, Settled(), lambda: NOW)
        dispatcher.start()
        assert came.wait(5)
        assert dispatcher.stop()
    assert hand.message(sqlite_database, message_id).state == MessageState.HANDED_OVER


def test_a_server_that_is_down_is_told_and_logged_once_and_left_alone(sqlite_database, caplog):
    hand.put(sqlite_database)
    reports = []
    with mail_servers.running(Behaviour({"banner": "421 4.3.2 Closing"})) as (server, behaviour):
        poll = timedelta(seconds=0.02)
        with dispatching(sqlite_database, server, poll=poll, told=reports.append) as dispatcher:
            until(lambda: reports)
            dispatcher.wake()
            time.sleep(0.3)
    assert behaviour.connections == 1
    assert [report.server_down for report in reports] == ["4.3.2 Closing"]
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == [
        f"The mail server {server} can't be used: 4.3.2 Closing. Messages wait."
    ]


def test_a_fault_in_one_turn_does_not_end_the_thread(sqlite_database):
    hand.put(sqlite_database)
    told = []

    def stumble(report):
        told.append(report)
        raise RuntimeError("The alert could not be opened")

    poll = timedelta(seconds=0.02)
    with mail_servers.running() as (server, behaviour), dispatching(sqlite_database, server, poll=poll, told=stumble):
        until(lambda: told)
        hand.put(sqlite_database, dedup_key="second")
        until(lambda: len(behaviour.received) == 2)


def test_neither_user_nor_secret_is_logged(sqlite_database, caplog):
    caplog.set_level(logging.DEBUG)
    hand.put(sqlite_database)
    reports = []
    with mail_servers.running(secret="right") as (server, _):
        wrong = replace(server, username="front", secret="s3cret")
        with dispatching(sqlite_database, wrong, told=reports.append):
            until(lambda: reports)
    assert "s3cret" not in "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert "s3cret" not in repr((wrong, reports))


@pytest.fixture
def nobodys():
    """The number of a process that has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def taken_by(database, pid, host=None):
    """A message that a process has on its way, and no answer."""
    hand.put(database)
    with database.write() as session:
        queue.claim(session, now=NOW, lease=LEASE, limit=1, by=f"{host or socket.gethostname()}:{pid}:0badf00d")


def test_on_a_file_what_a_dead_predecessor_had_is_taken_over_at_the_start(sqlite_database, nobodys):
    taken_by(sqlite_database, nobodys)
    with mail_servers.running() as (server, behaviour), dispatching(sqlite_database, server):
        until(lambda: len(behaviour.received) == 1)


def test_what_somebody_alive_or_on_another_machine_has_is_left_alone(sqlite_database, nobodys):
    taken_by(sqlite_database, os.getppid())
    assert holders.take_over_from_the_dead(sqlite_database, now=NOW) == 0
    with sqlite_database.write() as session:
        session.exec(update(Message).values(leased_by=f"elsewhere:{nobodys}:0badf00d"))
    assert holders.take_over_from_the_dead(sqlite_database, now=NOW) == 0


def test_a_container_started_again_knows_that_its_own_number_was_its_predecessors():
    assert holders.is_dead("box:1:0badf00d", host="box", pid=1)
    assert not holders.is_dead("other:1:0badf00d", host="box", pid=1)
    assert not holders.is_dead("odd", host="box", pid=1)


@pytest.mark.parametrize("seconds", [1.0, 149.0, 151.0, 4000.0])
def test_no_lease_is_shorter_than_the_longest_send(seconds):
    server = MailServer.from_url("smtp://127.0.0.1:25")
    slow = Smtp(server=replace(server, patience=Patience(message=seconds)))
    assert long_enough(LEASE, slow) >= timedelta(seconds=2 * seconds)
    assert long_enough(LEASE, slow) >= LEASE


def test_a_batch_that_has_ended_leaves_no_heartbeat_behind(sqlite_database):
    hand.put(sqlite_database)
    with mail_servers.running() as (server, behaviour), dispatching(sqlite_database, server):
        until(lambda: len(behaviour.received) == 1)
    with sqlite_database.read() as session:
        assert not [beat for beat in session.exec(select(Heartbeat)) if beat.name.startswith("holder:")]
