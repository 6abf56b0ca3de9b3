"""One batch from the outbox to a real server and back into the database."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from notifications.dispatch import dispatcher
from notifications.dispatch.batch import CLAIMED_A_CONNECTION
from notifications.dispatch.dispatcher import DispatchReport
from rules.messages import MessageState
from storage.tables import Message
from support import mail_servers
from support import outbox as hand
from support.letters import NOW
from support.mail_servers import DROP, Behaviour
from support.outbox import Settled

MINUTE = timedelta(minutes=1)


def run(database, server, settle=None, *, now=NOW, **options):
    return dispatcher.run_once(database, server, settle or Settled(), now=lambda: now, **options)


def recipients(behaviour):
    return [got.recipients[0] for got in behaviour.received]


def test_what_is_queued_is_handed_over_and_settled_in_one_transaction(database):
    ids, settled = hand.put(database, 5), Settled()
    with mail_servers.running() as (server, behaviour):
        report = run(database, server, settled, now=NOW + MINUTE)
    assert report == DispatchReport(handed_over=5)
    assert sorted(settled.calls) == [(message_id, MessageState.HANDED_OVER, NOW + MINUTE) for message_id in ids]
    assert sorted(recipients(behaviour)) == [f"recipient{number}@agency.example.org" for number in range(1, 6)]
    row = hand.message(database, ids[0])
    assert (row.state, row.handed_over_at, row.lease_until) == (MessageState.HANDED_OVER, NOW + MINUTE, None)
    assert row.last_answer == f"250 2.0.0 Queued as 1A2B ({server})"
    assert behaviour.received[0].message["Message-ID"] == hand.message(database, ids[0]).message_id


def test_an_empty_outbox_is_no_work(database):
    with mail_servers.running() as (server, behaviour):
        report = run(database, server)
    assert not report.found_work
    assert behaviour.connections == 0


def test_several_connections_send_at_once(sqlite_database):
    hand.put(sqlite_database, 12)
    three_at_once = asyncio.Barrier(3)
    with mail_servers.running(Behaviour(before_answer=three_at_once.wait)) as (server, behaviour):
        report = run(sqlite_database, server, connections=3)
    assert report == DispatchReport(handed_over=12)
    assert behaviour.connections == 3


def test_urgent_messages_are_sent_first(sqlite_database):
    hand.put(sqlite_database, 3)
    hand.put(sqlite_database, dedup_key="urgent", recipient_address="urgent@agency.example.org", priority=0)
    with mail_servers.running() as (server, behaviour):
        run(sqlite_database, server, connections=1)
    assert recipients(behaviour)[0] == "urgent@agency.example.org"


@pytest.mark.parametrize(
    ("reply", "state", "expected"),
    [
        ("450 4.2.1 Busy", MessageState.QUEUED, DispatchReport(handed_over=2, put_off=1)),
        ("550 5.1.1 Unknown", MessageState.REFUSED, DispatchReport(handed_over=2, refused=1)),
        (DROP, MessageState.QUEUED, DispatchReport(handed_over=2, put_off=1)),
    ],
)
def test_one_bad_recipient_does_not_hold_up_the_rest(database, reply, state, expected):
    ids, settled = hand.put(database, 3), Settled()
    with mail_servers.running(Behaviour({"rcpt": reply}, only_for="recipient2@agency.example.org")) as (server, _):
        report = run(database, server, settled, connections=1)
    assert report == expected
    assert hand.message(database, ids[1]).state == state
    assert (ids[1], state, NOW) in settled.calls


@pytest.mark.parametrize("fault", [{"banner": "421 4.3.2 Closing"}, {"banner": DROP}, {"mail": "530 5.7.0 Sign in"}])
def test_a_server_that_is_down_is_one_text_and_no_attempt(database, fault):
    ids, settled = hand.put(database, 20), Settled()
    with mail_servers.running(Behaviour(fault)) as (server, _):
        report = run(database, server, settled)
    assert (report.handed_over, report.put_off, report.refused, report.given_back) == (0, 0, 0, 20)
    assert report.server_down
    row = hand.message(database, ids[-1])
    assert (row.state, row.attempts, row.next_attempt_at, row.lease_until) == (MessageState.QUEUED, 0, NOW, None)
    assert report.server_down in row.last_answer
    assert settled.calls == []


def test_a_server_that_is_down_is_tried_over_one_connection(sqlite_database):
    hand.put(sqlite_database, 20)
    with mail_servers.running(secret="right") as (server, behaviour):
        report = run(sqlite_database, replace(server, username="front", secret="wr0ng"))
    assert report.needs_person
    assert behaviour.connections == 1


def test_nothing_is_lost_when_the_server_comes_back(database):
    ids = hand.put(database, 3)
    with mail_servers.nobody() as server:
        assert run(database, server).server_down
    with mail_servers.running() as (server, behaviour):
        assert run(database, server) == DispatchReport(handed_over=3)
    assert {got.message["Message-ID"] for got in behaviour.received} == {
        hand.message(database, message_id).message_id for message_id in ids
    }


def test_a_server_that_takes_fewer_connections_still_gets_everything(sqlite_database):
    hand.put(sqlite_database, 12)
    with mail_servers.running(Behaviour(most_connections=1)) as (server, behaviour):
        report = run(sqlite_database, server, connections=4)
    assert report == DispatchReport(handed_over=12)
    assert len(behaviour.received) == 12


def test_a_server_that_goes_away_in_the_middle_is_down_for_the_rest(sqlite_database):
    hand.put(sqlite_database, 6)
    behaviour = Behaviour()

    async def close_after_two():
        if len(behaviour.received) == 1:
            behaviour.faults, behaviour.most_connections = {"mail": "421 4.3.2 Closing"}, 1

    behaviour.before_answer = close_after_two
    with mail_servers.running(behaviour) as (server, _):
        report = run(sqlite_database, server, connections=1)
    assert (report.handed_over, report.given_back) == (2, 4)
    assert "421" in report.server_down or "connections" in report.server_down


def test_a_fault_of_ours_puts_off_one_message_and_is_reported(database):
    ids, settled = hand.put(database, 3), Settled()
    settled.fails_for = {ids[1]}
    with mail_servers.running() as (server, behaviour):
        report = run(database, server, settled)
    assert (report.handed_over, report.put_off, len(behaviour.received)) == (2, 1, 3)
    assert report.faults == (f"Message {ids[1]}: RuntimeError: The clock would not stop",)
    assert settled.mark(database, ids[1]) is None
    assert settled.mark(database, ids[0]) == NOW


def test_what_the_server_took_is_settled_later_as_of_then_and_not_sent_again(database):
    (message_id,), settled = hand.put(database), Settled()
    settled.fails_for = {message_id}
    with mail_servers.running() as (server, behaviour):
        run(database, server, settled)
        settled.fails_for = set()
        report = run(database, server, settled, now=NOW + 2 * MINUTE)
    assert report == DispatchReport(handed_over=1)
    assert len(behaviour.received) == 1
    assert settled.calls == [(message_id, MessageState.HANDED_OVER, NOW)]
    assert hand.message(database, message_id).handed_over_at == NOW


def test_a_refusal_whose_consequences_fail_is_tried_again(sqlite_database):
    (message_id,), settled = hand.put(sqlite_database), Settled()
    settled.fails_for = {message_id}
    with mail_servers.running(Behaviour({"rcpt": "550 5.1.1 Unknown"})) as (server, _):
        assert run(sqlite_database, server, settled).put_off == 1
        settled.fails_for = set()
        assert run(sqlite_database, server, settled, now=NOW + 2 * MINUTE).refused == 1
    assert hand.message(sqlite_database, message_id).state == MessageState.REFUSED


def test_messages_that_would_outlast_their_lease_are_not_begun(sqlite_database):
    hand.put(sqlite_database, 3)
    times = iter([NOW])
    with mail_servers.running() as (server, behaviour):
        report = dispatcher.run_once(
            sqlite_database, server, Settled(), now=lambda: next(times, NOW + 4 * MINUTE), lease=4 * MINUTE
        )
    assert report == DispatchReport(given_back=3)
    assert behaviour.received == []


def test_answers_that_have_come_are_recorded_while_the_batch_is_being_stopped(sqlite_database):
    ids, stop = hand.put(sqlite_database, 3), threading.Event()

    def settle(session, message, answer, *, now):
        stop.set()
        time.sleep(0.6)

    with mail_servers.running() as (server, behaviour):
        run(sqlite_database, server, settle, connections=3, stop=stop)
    sent = {got.message["Message-ID"] for got in behaviour.received}
    rows = [hand.message(sqlite_database, message_id) for message_id in ids]
    assert {row.message_id for row in rows if row.state == MessageState.HANDED_OVER} == sent


def test_two_dispatchers_never_send_the_same_message(database):
    hand.put(database, 40)
    with mail_servers.running() as (server, behaviour), ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(lambda _: run(database, server, limit=25, connections=2), range(2)))
    assert sum(report.handed_over for report in reports) == 40
    assert len(set(recipients(behaviour))) == len(behaviour.received) == 40


def test_a_message_with_sixty_thousand_characters_arrives_whole(sqlite_database):
    text = "x" * 30_000 + "\n" + "Caf\u00e9 " * 5000 + "\n.\nFrom here on."
    hand.put(sqlite_database, text=text, html=f"<p>{text}</p>")
    with mail_servers.running() as (server, behaviour):
        run(sqlite_database, server)
    body = behaviour.received[0].message.get_body(("plain",))
    assert body.get_content().replace("\r\n", "\n") == text + "\n"
    assert max(map(len, behaviour.received[0].content.split(b"\r\n"))) < 998


def test_what_is_urgent_does_not_wait_for_a_long_batch(sqlite_database):
    hand.put(sqlite_database, 40)
    address = "urgent@agency.example.org"
    behaviour = Behaviour()

    async def write_something_urgent():
        if not behaviour.received:
            hand.put(sqlite_database, dedup_key="urgent", recipient_address=address, priority=0)
        await asyncio.sleep(0.05)

    behaviour.before_answer = write_something_urgent
    with mail_servers.running(behaviour) as (server, _):
        report = run(sqlite_database, server, connections=1)
    assert report == DispatchReport(handed_over=41)
    assert recipients(behaviour).index(address) < 10


def test_a_sender_holds_a_few_messages_for_each_connection_and_no_more(database):
    hand.put(database, 60)
    seen = []

    async def look():
        with database.read() as session:
            seen.append(len(session.exec(select(Message.id).where(Message.state == MessageState.SENDING)).all()))

    with mail_servers.running(Behaviour(before_answer=look)) as (server, _):
        assert run(database, server, connections=2) == DispatchReport(handed_over=60)
    assert max(seen) == 2 * CLAIMED_A_CONNECTION


@pytest.mark.parametrize("limit", [1, 7, 30, 59])
def test_no_more_than_the_limit_is_sent(sqlite_database, limit):
    hand.put(sqlite_database, 60)
    with mail_servers.running() as (server, behaviour):
        assert run(sqlite_database, server, connections=1, limit=limit) == DispatchReport(handed_over=limit)
    assert len(behaviour.received) == limit
