"""Signs of life: somebody outside hears of each sweep and each sending, and so notices silence."""

from __future__ import annotations

import logging
from contextlib import contextmanager

import pytest

from notifications.dispatch.dispatcher import Dispatcher
from pathway.engine.watch import heartbeats
from pathway.scheduler import Scheduler
from pathway.wiring import signs_of_life
from pathway.wiring.signs_of_life import SignsOfLife
from storage.clock import utc_now
from storage.sessions import Database
from support import mail_servers, outbox, outside
from support.letters import NOW
from support.mail_servers import Behaviour

BOTH = (heartbeats.SWEEP, heartbeats.DISPATCH)
PATIENCE = 10
THURSDAY = "2009-03-26 10:00"


@contextmanager
def signs(address, *, duties=BOTH, clock=utc_now):
    begun = SignsOfLife(address, duties=duties, clock=clock)
    begun.start()
    yield begun
    begun.stop()


def sweeper(database, sign):
    return Scheduler(database, clock=utc_now, wake_dispatcher=lambda: None, ended=sign.after(heartbeats.SWEEP))


def test_each_completed_sweep_is_heard_outside_and_a_failed_one_too(open_sqlite_door, tmp_path):
    door = open_sqlite_door(THURSDAY)
    with outside.listening() as listener, signs(listener.address) as sign:
        for _ in range(2):
            sweeper(door.database, sign).run()
            assert listener.heard.get(timeout=PATIENCE) == "/alive"
        nothing = Database(f"sqlite:///{tmp_path / 'no tables.db'}")
        sweeper(nothing, sign).run()
        assert listener.heard.get(timeout=PATIENCE) == "/alive/fail"
        nothing.dispose()


@pytest.mark.parametrize(("banner", "heard"), [({}, "/alive"), ({"banner": "421 4.3.2 Closing"}, "/alive/fail")])
def test_each_sending_is_heard_outside_and_a_mail_server_that_is_down_as_a_failure(sqlite_database, banner, heard):
    outbox.put(sqlite_database)
    with (
        outside.listening() as listener,
        signs(listener.address) as sign,
        mail_servers.running(Behaviour(banner)) as (server, _),
    ):
        after = sign.after(heartbeats.DISPATCH)
        dispatcher = Dispatcher(sqlite_database, server, outbox.Settled(), lambda: NOW, ended=after)
        dispatcher.start()
        assert listener.heard.get(timeout=PATIENCE) == heard
        dispatcher.stop()


def test_a_sign_that_hangs_holds_up_no_sweep(open_sqlite_door):
    door = open_sqlite_door(THURSDAY)
    with outside.listening() as listener, signs(listener.address) as sign:
        listener.lets.clear()
        for _ in range(3):
            sweeper(door.database, sign).run()
        assert listener.heard.get(timeout=PATIENCE) == "/alive"
        assert listener.heard.empty()


def test_signs_that_are_not_heard_are_one_line_without_the_address_and_one_when_they_are(caplog):
    caplog.set_level(logging.INFO)
    with outside.listening() as listener, signs(listener.address) as sign:
        for listener.status in (500, 500, 200, 429):
            sign.after(heartbeats.SWEEP)("")
            listener.heard.get(timeout=PATIENCE)
    assert [record.message for record in caplog.records] == [
        "A sign of life is not heard at 127.0.0.1: it answers 500. It is sent again and again.",
        "Signs of life are heard at 127.0.0.1 again; 2 were lost.",
    ]


def test_a_duty_that_stands_still_is_not_hidden_by_the_other(open_sqlite_door):
    door = open_sqlite_door(THURSDAY)
    with outside.listening() as listener, signs(listener.address, clock=lambda: door.now) as sign:
        for at, heard in (("10:05", "/alive"), ("10:06", "/alive/fail")):
            door.move_to(f"2009-03-26 {at}")
            sign.after(heartbeats.SWEEP)("")
            assert listener.heard.get(timeout=PATIENCE) == heard


@pytest.mark.parametrize(
    ("address", "fails"), [("https://a/b", "https://a/b/fail"), ("https://a/b/?c=1", "https://a/b/fail?c=1")]
)
def test_a_failure_is_told_behind_the_path(address, fails):
    assert signs_of_life.failing(address) == fails


def test_a_single_run_is_heard_when_it_has_ended_well_or_not():
    with outside.listening() as listener:
        with signs_of_life.around(listener.address):
            pass
        with pytest.raises(ZeroDivisionError), signs_of_life.around(listener.address):
            _ = 1 / 0
        assert [listener.heard.get(timeout=PATIENCE) for _ in range(2)] == ["/alive", "/alive/fail"]
