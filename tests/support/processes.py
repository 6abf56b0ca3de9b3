"""Programs of ours as processes of their own: started as a script starts them, watched, and ended by a signal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
UP = ("-c", "from pathway.cli import main; main(['up'])")
SERVE = ("-c", "from pathway.cli import main; main(['serve'])")
WORKER = ("-c", "from pathway.cli import main; main(['worker'])")
MAKE_RUN = ("-m", "pathway.demo.run")
PATIENCE = 90
# A script's background jobs inherit Ctrl-C as ignored.
AS_A_SCRIPT = ("/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Program:
    """One running program of ours in a folder of its own."""

    def __init__(self, folder: Path, program: tuple[str, ...], **environment: str) -> None:
        self.port = free_port()
        self.log = folder / f"log-{self.port}.txt"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PATHWAY_", "PORT"))}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*AS_A_SCRIPT, sys.executable, *program],
                cwd=folder,
                env=clean
                | {"PYTHONPATH": str(ROOT), "PORT": str(self.port), "PATHWAY_GRACE_MINUTES": "0"}
                | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    @property
    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text()

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page; status 0 while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, done) -> None:
        """Until ``done()`` is true; fails when the program ends first or it takes too long."""
        end = time.monotonic() + PATIENCE
        while not done():
            assert self.process.poll() is None, f"it ended by itself:\n{self.said}"
            assert time.monotonic() < end, f"it took too long:\n{self.said}"
            time.sleep(0.1)

    def healthy(self) -> bool:
        """True when /health says that all is well."""
        return self.get("/health")[0] == 200

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait until it has ended by itself; returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def running(folder: Path, program: tuple[str, ...], **environment: str) -> Iterator[Program]:
    """A program that is certainly ended afterwards."""
    started = Program(folder, program, **environment)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()
