"""Somebody outside who hears signs of life: a web server on this machine that keeps which addresses were asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue


class Outside(ThreadingHTTPServer):
    """``heard``: each path in turn. ``status`` is what it answers, while ``lets`` is set."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.heard: Queue[str] = Queue()
        self.status = 200
        self.lets = threading.Event()
        self.lets.set()

    @property
    def address(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.server_port}/alive"


class _Handler(BaseHTTPRequestHandler):
    server: Outside

    def do_GET(self) -> None:
        self.server.heard.put(self.path)
        self.server.lets.wait(10)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Outside]:
    """Somebody who listens until the block ends."""
    with Outside() as outside:
        threading.Thread(target=outside.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield outside
        finally:
            outside.lets.set()
            outside.shutdown()
