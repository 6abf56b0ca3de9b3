"""The outbox: written once, leased, settled by an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from threading import Event, Thread

import pytest

from notifications.outbox import queue, recording
from notifications.outbox.recording import Came, Recorder
from rules.errors import InvalidInput, NotFound
from rules.messages import MessageState
from storage.queries.letters import holder_rows
from support import outbox as hand
from support.letters import NOW, draft
from support.outbox import BUSY, OK, UNKNOWN, Settled

MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)


def claim(database, *, now=NOW, limit=100, by="me"):
    with database.write() as session:
        return queue.claim(session, now=now, lease=LEASE, limit=limit, by=by)


def beat(database, *, now, by="me"):
    with database.write() as session:
        holder_rows.beat(session, by, now=now)


def record(database, message_id, answer, *, now=NOW, chance=0.0):
    with database.write() as session:
        return recording.record_answer(session, message_id, answer, now=now, chance=lambda: chance)


def test_a_message_is_complete_when_its_row_is_written(database):
    (message_id,) = hand.put(database, html="<p>Thank you.</p>", reply_to="duty@northbridge.example.org")
    row = hand.message(database, message_id)
    message = message_from_bytes(row.content, policy=policy.default)
    assert (row.state, row.attempts, row.next_attempt_at) == (MessageState.QUEUED, 0, NOW)
    assert {name: message[name] for name in message if name not in {"Content-Type", "MIME-Version"}} == {
        "From": "Children's Front Door <front.door@northbridge.example.org>",
        "To": "Recipient 1 <recipient1@agency.example.org>",
        "Subject": "We have received your contact",
        "Date": "Fri, 06 Mar 2009 16:40:00 +0000",
        "Message-ID": row.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": "duty@northbridge.example.org",
    }
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_a_message_without_html_is_plain_text(database):
    (message_id,) = hand.put(database)
    message = message_from_bytes(hand.message(database, message_id).content, policy=policy.default)
    assert message.get_content_type() == "text/plain"
    assert message.get_content().strip() == "Thank you."


def test_a_message_id_is_in_the_senders_domain_and_never_twice(database):
    found = [hand.message(database, message_id).message_id for message_id in hand.put(database, 20)]
    assert len(set(found)) == 20
    assert all(message_id.endswith("@northbridge.example.org>") for message_id in found)


def test_the_same_dedup_key_again_changes_nothing(database):
    with database.write() as session:
        first = queue.enqueue(session, draft(), now=NOW)
        again = queue.enqueue(session, replace(draft(), subject="Another"), now=NOW + MINUTE)
    assert again.id == first.id
    assert hand.message(database, first.id).subject == "We have received your contact"


def test_the_same_dedup_key_in_two_transactions_at_once_is_one_message(database):
    written, ids = Event(), []

    def second():
        written.wait(5)
        with database.write() as session:
            ids.append(queue.enqueue(session, draft(), now=NOW).id)

    thread = Thread(target=second)
    thread.start()
    with database.write() as session:
        ids.append(queue.enqueue(session, draft(), now=NOW).id)
        written.set()
        thread.join(0.3)
    thread.join(5)
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("recipient_address", ""),
        ("recipient_address", "nobody"),
        ("recipient_address", "jos\u00e9@agency.example.org"),
        ("recipient_address", "a@agency.example.org\nBcc: b@agency.example.org"),
        ("sender", "front door"),
        ("reply_to", "x@"),
    ],
)
def test_an_address_that_can_not_be_used_is_refused_before_anything_is_queued(sqlite_database, field, value):
    with pytest.raises(InvalidInput) as refused, sqlite_database.write() as session:
        queue.enqueue(session, draft(**{field: value}), now=NOW)
    (fault,) = refused.value.faults
    assert fault.place == field
    assert fault.remedy
    assert claim(sqlite_database) == []


def test_a_domain_outside_ascii_is_spelled_as_servers_spell_it(sqlite_database):
    (message_id,) = hand.put(sqlite_database, recipient_address="ada@m\u00fcnchen.example.org")
    assert hand.message(sqlite_database, message_id).recipient_address == "ada@xn--mnchen-3ya.example.org"


def test_the_urgent_go_first_and_then_the_oldest(database):
    later, early, urgent = (
        hand.put(database, dedup_key=key, priority=priority, now=NOW + wait)[0]
        for key, priority, wait in [("later", 5, MINUTE), ("early", 5, 0 * MINUTE), ("urgent", 0, 2 * MINUTE)]
    )
    assert [message.id for message in claim(database, now=NOW + 3 * MINUTE, limit=1)] == [urgent]
    assert [message.id for message in claim(database, now=NOW + 3 * MINUTE)] == [early, later]


def test_what_is_claimed_is_not_claimed_again_while_whoever_has_it_is_alive(database):
    hand.put(database, 3)
    assert len(claim(database, limit=2)) == 2
    assert len(claim(database)) == 1
    for seconds in range(20, 240, 20):
        beat(database, now=NOW + timedelta(seconds=seconds))
        assert claim(database, now=NOW + timedelta(seconds=seconds + 19), by="another") == []


def test_what_is_claimed_goes_to_another_when_the_heartbeat_is_half_a_minute_old(database):
    hand.put(database, 3)
    claim(database)
    beat(database, now=NOW + MINUTE)
    silent = NOW + MINUTE + timedelta(seconds=30)
    assert claim(database, now=silent - timedelta(seconds=1), by="another") == []
    assert len(claim(database, now=silent, by="another")) == 3


def test_a_lease_ends_however_lively_its_holder_is(database):
    hand.put(database)
    claim(database)
    beat(database, now=NOW + LEASE)
    assert len(claim(database, now=NOW + LEASE, by="another")) == 1


def test_what_was_lost_is_claimed_again_when_its_lease_ends_and_that_is_noted(database):
    (message_id,) = hand.put(database)
    (first,) = claim(database)
    (again,) = claim(database, now=NOW + LEASE)
    assert (again.message_id, again.content) == (first.message_id, first.content)
    assert "may arrive twice" in hand.message(database, message_id).last_answer
    assert len(hand.attempts(database, message_id)) == 1


def test_what_was_lost_takes_its_turn_by_urgency(database):
    (urgent,) = hand.put(database, dedup_key="urgent", priority=0)
    claim(database)
    (plain,) = hand.put(database, dedup_key="plain")
    assert [message.id for message in claim(database, now=NOW + LEASE)] == [urgent, plain]


def test_a_message_that_waits_for_its_next_attempt_is_left_alone(database):
    (message_id,) = hand.put(database)
    claim(database)
    record(database, message_id, BUSY)
    assert claim(database, now=NOW + MINUTE - timedelta(seconds=1)) == []
    assert [message.id for message in claim(database, now=NOW + MINUTE)] == [message_id]


@pytest.mark.parametrize(
    ("answer", "state"),
    [(OK, MessageState.HANDED_OVER), (BUSY, MessageState.QUEUED), (UNKNOWN, MessageState.REFUSED)],
)
def test_an_answer_settles_a_message(database, answer, state):
    (message_id,) = hand.put(database)
    claim(database)
    row = record(database, message_id, answer, now=NOW + MINUTE)
    assert (row.state, row.attempts, row.lease_until, row.leased_by) == (state, 1, None, "")
    assert row.handed_over_at == (NOW + MINUTE if answer.accepted else None)
    (attempt,) = hand.attempts(database, message_id)
    assert (attempt.answer, attempt.accepted, attempt.final) == (str(answer), answer.accepted, answer.final)


@pytest.mark.parametrize("late", [BUSY, UNKNOWN, OK])
def test_an_answer_to_a_twin_changes_nothing_but_is_noted(sqlite_database, late):
    (message_id,) = hand.put(sqlite_database)
    claim(sqlite_database)
    record(sqlite_database, message_id, OK)
    row = record(sqlite_database, message_id, late, now=NOW + MINUTE)
    assert (row.state, row.handed_over_at) == (MessageState.HANDED_OVER, NOW)
    assert len(hand.attempts(sqlite_database, message_id)) == 2


def test_a_message_that_was_accepted_after_all_is_handed_over(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    claim(sqlite_database)
    record(sqlite_database, message_id, UNKNOWN)
    assert record(sqlite_database, message_id, OK).state == MessageState.HANDED_OVER


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 32), (7, 60), (8, 60), (10_000, 60)]
)
def test_the_delay_doubles_to_an_hour_and_never_ends(attempts, minutes):
    assert recording.delay(attempts, chance=0.0) == minutes * MINUTE
    assert recording.delay(attempts, chance=1.0) == 0.75 * minutes * MINUTE


def test_an_answer_of_any_length_is_kept_short_and_on_one_line(sqlite_database):
    (message_id,) = hand.put(sqlite_database)
    claim(sqlite_database)
    row = record(sqlite_database, message_id, replace(BUSY, text="no\r\n" * 9000))
    assert len(row.last_answer) == queue.LONGEST_ANSWER
    assert "\n" not in row.last_answer


def test_what_was_not_sent_goes_back_to_its_place(database):
    first, second = hand.put(database, 2)
    claimed = claim(database, by="me")
    with database.write() as session:
        queue.give_back(session, claimed, by="me", because="The server is down")
    row = hand.message(database, first)
    assert (row.state, row.attempts, row.next_attempt_at, row.last_answer) == ("queued", 0, NOW, "The server is down")
    assert [message.id for message in claim(database)] == [first, second]


def test_nobody_gives_back_what_another_has(database):
    hand.put(database)
    claimed = claim(database, by="another")
    with database.write() as session:
        assert list(queue.give_back(session, claimed, by="me")) == []
    assert claim(database) == []


def test_what_a_server_has_taken_is_not_sent_again_though_its_consequences_failed(database):
    (message_id,) = hand.put(database)
    claim(database)
    with database.write() as session:
        recording.put_off(session, message_id, OK, now=NOW, chance=lambda: 0.0)
    assert claim(database, now=NOW + MINUTE - timedelta(seconds=1)) == []
    (again,) = claim(database, now=NOW + MINUTE)
    assert again.taken.at == NOW
    recorder = Recorder(database, Settled())
    recorder.record([Came(message=again, answer=again.taken.answer, at=again.taken.at)])
    row = hand.message(database, message_id)
    assert (row.state, row.handed_over_at) == (MessageState.HANDED_OVER, NOW)
    assert len(hand.attempts(database, message_id)) == 1


@pytest.mark.parametrize("answer", [BUSY, UNKNOWN])
def test_what_a_server_has_not_taken_goes_back_to_the_queue(sqlite_database, answer):
    (message_id,) = hand.put(sqlite_database)
    claim(sqlite_database)
    with sqlite_database.write() as session:
        row = recording.put_off(session, message_id, answer, now=NOW, chance=lambda: 0.0)
    assert (row.state, row.next_attempt_at) == (MessageState.QUEUED, NOW + MINUTE)


def test_only_a_queued_message_can_be_cancelled(database):
    queued, sending = hand.put(database, 2)
    with database.write() as session:
        assert queue.cancel(session, queued, now=NOW).state == MessageState.CANCELLED
    assert [message.id for message in claim(database)] == [sending]
    with database.write() as session:
        assert queue.cancel(session, sending, now=NOW).state == MessageState.SENDING


def test_a_message_that_is_not_there_is_named(sqlite_database):
    with pytest.raises(NotFound, match="message 7"):
        record(sqlite_database, 7, OK)


def test_two_dispatchers_at_once_never_claim_the_same_message(postgresql_database):
    hand.put(postgresql_database, 6)
    with postgresql_database.write() as one, postgresql_database.write() as two:
        first = queue.claim(one, now=NOW, lease=LEASE, limit=3, by="one")
        second = queue.claim(two, now=NOW, lease=LEASE, limit=100, by="two")
    assert len(first) == len(second) == 3
    assert {message.id for message in first} & {message.id for message in second} == set()
