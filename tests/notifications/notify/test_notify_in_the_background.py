"""The processes with GOV.UK Notify: what is queued goes, and what became of it is asked for."""

from __future__ import annotations

import time
from contextlib import contextmanager

from notifications.notify.notify_channel import Notify
from pathway.wiring.background import Background
from storage.clock import utc_now
from storage.queries.letters import outbox_rows
from storage.tables import MessageAttempt, NotifyStatus
from support import notify_server, rows
from support import outbox as hand


def eventually(true, *, seconds=30.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def everything(database, table):
    with database.read() as session:
        return list(rows.everything(session, table))


def ended(database):
    """Final statuses; where sending took its time, it has asked once before there were any."""
    return [one.status for one in everything(database, NotifyStatus) if one.is_final]


@contextmanager
def background(database, service):
    """A process's work behind the pages; it ends with the block whatever was found, and disturbs no other test."""
    working = Background(database=database, channel=Notify(service=service), mailbox=None, clock=utc_now, letters=True)
    working.start()
    try:
        yield
    finally:
        working.stop()


def test_what_is_queued_goes_and_its_status_is_asked_for_at_the_next_start(database):
    hand.put(database, 2, now=utc_now())
    with notify_server.running() as (service, there):
        with background(database, service):
            assert eventually(lambda: len(everything(database, MessageAttempt)) == 2)
        for number in range(2):
            there.becomes(number, "delivered")
        with background(database, service):
            assert eventually(lambda: ended(database) == ["delivered"] * 2)
    with database.read() as session:
        assert not outbox_rows.anything_due(session, now=utc_now())


def test_it_ends_at_once_while_an_answer_is_waited_for(sqlite_database):
    hand.put(sqlite_database, now=utc_now())
    behaviour = notify_server.Behaviour({"email": notify_server.TAKE_AND_SAY_NOTHING})
    with notify_server.running(behaviour) as (service, there):
        with background(sqlite_database, service):
            assert eventually(lambda: there.taken)
            began = time.monotonic()
        assert time.monotonic() - began < 3
    assert everything(sqlite_database, NotifyStatus) == []
