"""What a read session was asked once it answers from memory; a transaction that writes asks each time anew."""

from __future__ import annotations

from storage.remembered import remembered


def asked(session):
    found = []

    @remembered
    def query(_session, number):
        found.append(number)
        return number

    assert [query(session, number) for number in (1, 2, 1, 2)] == [1, 2, 1, 2]
    return found


def test_a_read_session_asks_once(database):
    with database.read() as session:
        assert asked(session) == [1, 2]


def test_another_read_session_asks_again(database):
    for _ in range(2):
        with database.read() as session:
            assert asked(session) == [1, 2]


def test_a_transaction_that_writes_asks_each_time(database):
    with database.write() as session:
        assert asked(session) == [1, 2, 1, 2]
