"""A process that sends what one database holds to one mail server, to be killed at a chosen moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from notifications.answers import Answer
from notifications.dispatch import dispatcher
from notifications.smtp.servers import MailServer
from storage.sessions import Database, WriteSession
from storage.tables import Message

ROOT = Path(__file__).resolve().parents[2]


def start(database: Database, server: MailServer, *, now: datetime, settle: str = "nothing") -> subprocess.Popen[bytes]:
    """Begin one batch in a process of its own; ``settle`` names a function below."""
    command = [sys.executable, "-m", "support.sender", database.url, f"smtp://{server}", now.isoformat(), settle]
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": paths})


def nothing(session: WriteSession, message: Message, answer: Answer, *, now: datetime) -> None:
    """Nothing follows."""


def die(session: WriteSession, message: Message, answer: Answer, *, now: datetime) -> None:
    """The process ends when the server has answered and nothing is committed yet."""
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, server: str, now: str, settle: str) -> None:
    moment = datetime.fromisoformat(now)
    dispatcher.run_once(Database(url), MailServer.from_url(server), globals()[settle], now=lambda: moment)


if __name__ == "__main__":
    main(*sys.argv[1:])
