"""Mail servers that swallow everything: Debian's smtp-sink, or one in this process where that is missing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from notifications.smtp.catcher import LoopbackController
from notifications.smtp.servers import MailServer

PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
SINK, SOURCE = shutil.which("smtp-sink", path=PLACES), shutil.which("smtp-source", path=PLACES)
NAME = "smtp-sink" if SINK else "a sink in the same process, for want of Debian's postfix: every rate is lower for it"
START_SECONDS = 10


@contextmanager
def sink() -> Iterator[MailServer]:
    """A sink on a free port of loopback."""
    if SINK is None:
        yield from _in_process()
        return
    address = f"127.0.0.1:{_free_port()}"
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen([SINK, *user, address, "1000"])
    try:
        _wait(address)
        yield MailServer.from_url(f"smtp://{address}")
    finally:
        process.terminate()
        process.wait()


def _in_process() -> Iterator[MailServer]:
    from aiosmtpd.handlers import Sink
    from aiosmtpd.smtp import SMTP

    controller = LoopbackController(lambda: SMTP(Sink(), hostname="localhost"))
    controller.start()
    try:
        yield MailServer.from_url(f"smtp://127.0.0.1:{controller.port}")
    finally:
        controller.stop(no_assert=True)


def source(server: MailServer, *, messages: int, connections: int, size: int) -> None:
    """Let Debian's smtp-source send so many messages of ``size`` bytes."""
    assert SOURCE is not None
    numbers = ["-s", str(connections), "-m", str(messages), "-l", str(size)]
    addresses = ["-f", "front.door@example.org", "-t", "recipient@example.org"]
    subprocess.run([SOURCE, *numbers, *addresses, str(server)], check=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(address: str) -> None:
    host, _, port = address.rpartition(":")
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection((host, int(port))).close()
        except OSError:
            assert time.monotonic() < end, "smtp-sink did not start"
            time.sleep(0.02)
        else:
            return
