"""Slow clients: who sends half a request, or reads no answer, holds up nobody; who is slow and goes on is never cut."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import threading
from contextlib import ExitStack, asynccontextmanager, suppress

import pytest
import uvicorn
from uvicorn.server import ServerState

from pathway.wiring import connections
from pathway.wiring.connections import Connection, Doorkeeper, Patience
from pathway.wiring.pages import Pages
from pathway.wiring.stopping import Stop
from support import desk

HALF = b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Ty"
WHOLE = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
UPLOAD = b"POST /sign-in HTTP/1.1\r\nHost: a\r\n" + FORM
OPEN = b""


class Front:
    """A server on the loop of the test, and its clients; ``later`` is a look at all connections some seconds on."""

    def __init__(self, app, patience):
        self._ahead, self.clients = 0.0, []
        self.doorkeeper = Doorkeeper(patience, clock=lambda: asyncio.get_running_loop().time() + self._ahead)
        self._config = uvicorn.Config(app, log_level="warning")
        self._config.load()
        self.state = ServerState()

    def connection(self):
        return Connection(self.doorkeeper, config=self._config, server_state=self.state, app_state={})

    async def client(self, sent, came_from="127.0.0.1"):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(came_from, 0), limit=100)
        self.clients.append(writer)
        writer.write(sent)
        await self.settle()
        return reader, writer

    async def settle(self):
        """Until what was sent has been taken in."""
        for _ in range(5):
            await asyncio.sleep(0)
        await asyncio.sleep(0.005)

    async def later(self, seconds):
        """Looks now, and again after this time."""
        await self.settle()
        self.doorkeeper.look()
        self._ahead += seconds
        self.doorkeeper.look()
        await self.settle()

    @property
    def stages(self):
        return [connection.stage.name for connection in self.doorkeeper.inside]


@asynccontextmanager
async def serving(app, **patience):
    front = Front(app, Patience(**patience))
    server = await asyncio.get_running_loop().create_server(front.connection, "127.0.0.1", 0)
    front.port = server.sockets[0].getsockname()[1]
    yield front
    for writer in front.clients:
        writer.close()
    server.close()
    await front.settle()


async def echo(scope, receive, send):
    """Answers with the number of bytes that came."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    body = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


async def answer(reader):
    with suppress(ConnectionError):
        return (await asyncio.wait_for(reader.read(-1), 5)).decode()
    return ""


def test_half_a_head_is_answered_with_408_and_silence_is_ended_without_a_word():
    async def run():
        async with serving(echo) as front:
            half, _ = await front.client(HALF)
            silent, _ = await front.client(OPEN)
            await front.later(9)
            assert front.stages == ["HEAD", "HEAD"]
            await front.later(2)
            assert front.stages == []
            assert (await answer(half)).startswith("HTTP/1.1 408 ")
            assert await answer(silent) == ""

    asyncio.run(run())


def test_a_connection_that_is_used_again_and_again_is_kept():
    async def run():
        async with serving(echo) as front:
            reader, writer = await front.client(WHOLE)
            for _ in range(3):
                assert b"200 OK" in await reader.readuntil(b"\r\n\r\n0")
                await front.later(9)
                writer.write(WHOLE)
            assert b"200 OK" in await reader.readuntil(b"\r\n\r\n0")

    asyncio.run(run())


def test_a_body_that_stands_still_is_ended_and_is_no_fault_of_ours(browser, caplog):
    caplog.set_level(logging.INFO)

    async def run():
        async with serving(browser.client.app) as front:
            await front.client(UPLOAD + b"username=a")
            await asyncio.sleep(0.2)  # the gate looks who it is in a thread
            await front.later(21)
            assert front.stages == []
            await asyncio.sleep(0.1)

    asyncio.run(run())
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_slow_upload_that_goes_on_is_never_cut():
    async def run():
        async with serving(echo) as front:
            reader, writer = await front.client(UPLOAD)
            for _ in range(4):
                await front.later(19)
                writer.write(b"x" * 2250)
            assert "9000" in (await reader.readuntil(b"9000")).decode()

    asyncio.run(run())


def test_an_answer_that_streams_slowly_is_never_cut():
    async def run():
        go_on = asyncio.Event()

        async def slowly(_scope, _receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await go_on.wait()
            await send({"type": "http.response.body", "body": b"last"})

        async with serving(slowly) as front:
            reader, _ = await front.client(WHOLE)
            await front.later(3600)
            go_on.set()
            assert b"last" in await reader.readuntil(b"last")

    asyncio.run(run())


def test_who_reads_nothing_of_an_answer_is_let_go():
    async def run():
        async def endless(_scope, _receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for _ in range(200):
                await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})

        async with serving(endless) as front:
            await front.client(WHOLE)
            await asyncio.sleep(0.05)
            await front.later(59)
            assert front.stages == ["UNREAD"]
            await front.later(2)
            assert front.stages == []

    asyncio.run(run())


def test_a_newcomer_gets_the_place_of_an_unfinished_request_of_the_address_that_has_most():
    async def run():
        async with serving(echo, connections=4) as front:
            other, _ = await front.client(HALF, came_from="127.0.0.2")
            await front.client(UPLOAD)
            for _ in range(5):
                await front.client(HALF)
            reader, _ = await front.client(WHOLE)
            assert await reader.readuntil(b"\r\n") == b"HTTP/1.1 200 OK\r\n"
            assert sorted(front.stages) == ["BODY", "HEAD", "HEAD", "HEAD"]
            assert not other.at_eof()

    asyncio.run(run())


def test_where_all_are_being_answered_the_next_hears_that_there_is_no_place():
    async def run():
        async def never(_scope, _receive, _send):
            await asyncio.sleep(1000)

        async with serving(never, connections=2) as front:
            for _ in range(2):
                await front.client(WHOLE)
            reader, _ = await front.client(OPEN)
            assert (await answer(reader)).startswith("HTTP/1.1 503 ")
            for task in front.state.tasks:
                task.cancel()

    with suppress(asyncio.CancelledError):
        asyncio.run(run())


@pytest.mark.parametrize("count", [300, pytest.param(1100, marks=pytest.mark.nightly)])
def test_unfinished_requests_by_the_hundred_stop_nobody(sqlite_database, count):
    stop, ready = Stop(), threading.Event()
    pages = Pages(desk.services(sqlite_database), host="127.0.0.1", port=0, patience=Patience(connections=count // 3))
    serving = threading.Thread(target=pages.serve, args=(stop,), kwargs={"ready": ready.set})
    serving.start()
    assert ready.wait(10)
    with ExitStack() as all_of_them:
        for _ in range(count):
            half = all_of_them.enter_context(socket.create_connection(("127.0.0.1", pages.port), timeout=10))
            half.sendall(HALF)
        ordinary = all_of_them.enter_context(socket.create_connection(("127.0.0.1", pages.port), timeout=10))
        ordinary.sendall(WHOLE)
        assert ordinary.recv(100).startswith(b"HTTP/1.1 503 ")  # nobody sweeps here: /health has been asked
        stop.wish()
    serving.join(10)


def test_there_are_never_more_connections_than_files_that_may_be_open():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    soft, hard = before
    assert connections.bounded(Patience(connections=10**6)).connections <= max(soft, connections.WANTED) - 200
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == hard
