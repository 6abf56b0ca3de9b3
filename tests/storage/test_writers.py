from __future__ import annotations

from threading import Barrier, Thread

import pytest

from rules.errors import Unavailable
from storage.fair_lock import FairLock
from storage.queries import contact_rows
from storage.tables import Contact, Council
from support import rows, writers


@pytest.fixture
def counter(sqlite_database):
    with sqlite_database.write() as session:
        rows.insert(session, Council, id=1, name="0")
    return sqlite_database


def counted(database):
    with database.read() as session:
        return int(session.get_one(Council, 1).name)


def run_in_threads(work, *arguments, threads):
    running = [Thread(target=work, args=arguments) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(timeout=60)


def test_no_update_is_lost_between_threads_of_one_process(counter):
    run_in_threads(writers.count_up_in, counter, 25, threads=4)
    assert counted(counter) == 100


def test_no_update_is_lost_between_databases_opened_apart(counter):
    run_in_threads(writers.count_up, counter.url, 25, threads=4)
    assert counted(counter) == 100


def test_no_update_is_lost_between_processes(counter):
    writers.in_processes(writers.count_up, counter.url, 50, processes=2)
    assert counted(counter) == 100


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(sqlite_database, open_impatient):
    database = open_impatient(sqlite_database.url)
    with database.write(), pytest.raises(Unavailable, match="busy"), database.write():
        pass
    with database.write():  # the turn was given back
        pass


def test_a_writer_that_waits_for_another_process_too_long_is_told_so(sqlite_database, open_impatient):
    with sqlite_database.write():
        database = open_impatient(sqlite_database.url)
        with pytest.raises(Unavailable, match="busy"), database.write():
            pass


def test_a_locked_row_is_not_waited_for_without_end(postgresql_database, open_impatient):
    with postgresql_database.write() as session:
        contact_id = rows.insert(session, Contact).id
    database = open_impatient(postgresql_database.url)
    with postgresql_database.write() as first:
        contact_rows.lock(first, contact_id)
        with pytest.raises(Unavailable, match="busy"), database.write() as second:
            contact_rows.lock(second, contact_id)


def test_turns_are_taken_in_the_order_of_arrival():
    turns, order = FairLock(), []
    threads = [Thread(target=take_a_turn, args=(turns, order, name)) for name in "abcde"]
    with turns.turn(timeout=1):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < waiting:
                pass
    for thread in threads:
        thread.join(timeout=10)
    assert order == ["a", "b", "c", "d", "e"]


def take_a_turn(turns, order, name):
    with turns.turn(timeout=10) as mine:
        assert mine
        order.append(name)


def test_a_turn_that_is_given_up_is_not_handed_to_the_one_who_left():
    turns = FairLock()
    with turns.turn(timeout=1), turns.turn(timeout=0.01) as mine:
        assert not mine
    with turns.turn(timeout=1) as mine:
        assert mine


def test_one_holder_at_a_time_however_many_give_up():
    turns, holders, together, start = FairLock(), [], [], Barrier(8)

    def work():
        start.wait()
        for _ in range(200):
            with turns.turn(timeout=0.00001) as mine:
                if mine:
                    holders.append(1)
                    together.append(len(holders))
                    holders.pop()

    run_in_threads(work, threads=8)
    assert set(together) == {1}
