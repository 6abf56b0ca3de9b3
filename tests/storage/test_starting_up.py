"""A process that starts while PostgreSQL recovers waits, and says so."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import contextmanager

import pytest

from pathway.wiring import databases
from rules.errors import Unavailable
from storage.faults import StartingUp

STARTING = "the database system is starting up"
RECOVERING = "the database system is not yet accepting connections"


def refusal(text):
    """What PostgreSQL answers to a client that comes too early."""
    fields = b"".join(kind + value.encode() + b"\0" for kind, value in ((b"S", "FATAL"), (b"C", "57P03"), (b"M", text)))
    return b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0"


@contextmanager
def coming_up(text, *, times):
    """The address of a server that refuses so often because it starts up, and then answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(times):
                client, _ = server.accept()
                with client:
                    client.recv(1000)
                    client.sendall(refusal(text))
            server.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"postgresql://pathway@127.0.0.1:{server.getsockname()[1]}/pathway?sslmode=disable&gssencmode=disable"
        thread.join(5)


@pytest.mark.parametrize("text", [STARTING, RECOVERING])
def test_it_waits_until_the_server_answers_otherwise_and_says_so_once(open_impatient, text):
    said = []
    with coming_up(text, times=3) as url:
        databases.wait_until_started(open_impatient(url), say=said.append, wished=lambda _: False)
    assert len(said) == 1
    assert text in said[0]
    assert said[0].endswith("Waiting.")


def test_who_is_told_to_end_meanwhile_ends(open_impatient):
    with coming_up(STARTING, times=1) as url:
        databases.wait_until_started(open_impatient(url), say=lambda _: None, wished=lambda _: True)


def test_a_server_that_starts_up_is_told_from_one_that_is_not_there(open_impatient):
    with coming_up(STARTING, times=1) as url:
        database = open_impatient(url)
        with pytest.raises(StartingUp, match="Wait a moment and try again"), database.read():
            pass
    with pytest.raises(Unavailable, match="can't be reached") as refused, database.read():
        pass
    assert not isinstance(refused.value, StartingUp)


def test_a_database_that_answers_is_not_waited_for_and_nothing_is_said(database):
    said = []
    databases.wait_until_started(database, say=said.append, wished=lambda _: False)
    assert said == []
