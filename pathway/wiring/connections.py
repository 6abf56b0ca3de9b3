"""Connections with bounds: how many at a time, and how long a slow client is waited for.

uvicorn waits for ever for the rest of a request. Here a request must arrive in reasonable time, and where all places
are taken the next one gets the place of an unfinished request, so that those who never finish one stop nobody.
"""

from __future__ import annotations

import asyncio
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import partial
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOK_EVERY = 1.0
KEPT_FREE = 200  # open files that database, mail and standard library need beside connections
WANTED = 4096
FEWEST = 16
TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 41\r\n\r\nThe request took too long. Send it again."
)
FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 5\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 41\r\n\r\nToo many people at once. Try again please."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a client is waited for, in seconds, and how many connections there are at most.

    ``headers``: for the whole of a request's head. ``body``: in which a body brings ``body_bytes`` more, so that a slow
    upload that goes on is never cut. ``answer``: in which a reader takes something of an answer that waits for it.
    """

    headers: float = 10.0
    body: float = 20.0
    body_bytes: int = 2000
    answer: float = 60.0
    connections: int = 500


class Stage(IntEnum):
    """What a connection is at; the first is the first to give its place to another."""

    HEAD = 0
    BODY = 1
    UNREAD = 2
    ANSWERING = 3


class Doorkeeper:
    """Knows every connection, looks at each once a second, and makes room for the next. ``clock`` counts seconds."""

    def __init__(self, patience: Patience, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.clock = patience, clock
        self.inside: dict[Connection, None] = {}  # the longest there first

    def protocol(self) -> type[asyncio.Protocol]:
        """What uvicorn makes of each connection."""
        return cast("type[asyncio.Protocol]", partial(Connection, self))

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Looks at all connections now and once a second from now on."""
        self.look()
        loop.call_later(LOOK_EVERY, self.watch, loop)

    def look(self) -> None:
        """Ends the connections that have been too slow."""
        at = self.clock()
        for connection in list(self.inside):
            connection.look(at)

    def make_room(self) -> bool:
        """True where there is a place, if need be that of an unfinished request.

        It is the oldest of those from the address that has most, so that one address drives out its own.
        """
        if len(self.inside) < self.patience.connections:
            return True
        found = min(self._unfinished(), default=None, key=lambda each: each[:2])
        if found is None:
            return False
        found[2].end()
        return True

    def _unfinished(self) -> Iterable[tuple[Stage, int, Connection]]:
        stages = [(connection.stage, connection) for connection in self.inside]
        crowd = Counter((stage, connection.address) for stage, connection in stages)
        for stage, connection in stages:
            if stage is not Stage.ANSWERING:
                yield stage, -crowd[stage, connection.address], connection


class Connection(H11Protocol):
    """uvicorn's protocol for one client, with an end to waiting."""

    def __init__(self, doorkeeper: Doorkeeper, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._doorkeeper, self._patience, self._refused = doorkeeper, doorkeeper.patience, False
        self._since = self._doorkeeper.clock()
        self._stage = Stage.HEAD
        self._brought = self._unread = 0

    @property
    def address(self) -> str:
        """The client's network address."""
        return self.client[0] if self.client else ""

    @property
    def stage(self) -> Stage:
        """What it is at now."""
        if self.transport.get_write_buffer_size():
            return Stage.UNREAD
        if self.conn.their_state is h11.IDLE:
            return Stage.HEAD
        return Stage.BODY if self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused else Stage.ANSWERING

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Takes a place, or says that there is none."""
        if not self._doorkeeper.make_room():
            self._refused = True
            transport.write(FULL)
            transport.close()
            return
        super().connection_made(transport)
        self._doorkeeper.inside[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives its place back."""
        if self in self._doorkeeper.inside:
            del self._doorkeeper.inside[self]
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came; the time for a head begins with its first byte."""
        if self._refused:
            return
        if self.timeout_keep_alive_task is not None:
            self._since = self._doorkeeper.clock()
        self._brought += len(data)
        super().data_received(data)

    def on_response_complete(self) -> None:
        """The next request has all its time again."""
        self._since, self._brought = self._doorkeeper.clock(), 0
        super().on_response_complete()

    def look(self, at: float) -> None:
        """Ends the connection where it has been too slow at this moment."""
        stage, unread = self.stage, self.transport.get_write_buffer_size()
        if stage is not self._stage or self._goes_on(stage, unread):
            self._stage, self._since, self._brought, self._unread = stage, at, 0, unread
        elif at - self._since > self._limit(stage):
            self.end(TOO_SLOW if stage is Stage.HEAD and self._brought else b"")

    def _goes_on(self, stage: Stage, unread: int) -> bool:
        if stage is Stage.BODY:
            return self._brought >= self._patience.body_bytes
        return stage is Stage.ANSWERING or (stage is Stage.UNREAD and unread != self._unread)

    def _limit(self, stage: Stage) -> float:
        return {Stage.HEAD: self._patience.headers, Stage.BODY: self._patience.body}.get(stage, self._patience.answer)

    def end(self, word: bytes = b"") -> None:
        """Ends the connection at once; ``word`` is said before, as far as it goes without waiting."""
        if word and not self.transport.is_closing():
            self.transport.write(word)
            self.transport.close()
        else:
            self.transport.abort()
        self.connection_lost(None)


def bounded(patience: Patience) -> Patience:
    """No more connections than this process may open files; it asks for the files that it is allowed first."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
            soft = allowed
    files = WANTED if soft == resource.RLIM_INFINITY else soft
    return replace(patience, connections=max(FEWEST, min(patience.connections, files - KEPT_FREE)))
