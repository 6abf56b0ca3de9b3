"""The embedded mail server: it takes every message, keeps it as a file and sends nothing on. And its mailbox."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from pathlib import Path
from typing import cast
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.smtp import hanging_up
from rules.errors import NotFound
from storage.clock import utc_now

HOST = "127.0.0.1"
READY_SECONDS = 5.0
HANG_UP_SECONDS = 1.0
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-(\d{6,})\.eml")
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_HEADER_BYTES = 65_536

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtMessage:
    """One caught message as a list shows it; ``name`` is its file."""

    name: str
    caught_at: datetime
    sender: str
    to: str
    subject: str
    message_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullMessage:
    """One caught message with all its parts. ``html`` is what the sender wrote: show it only where no script runs."""

    name: str
    caught_at: datetime
    sender: str
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str
    html: str
    raw: str
    message_id: str = ""


class Catcher:
    """A mail server on this machine's loopback; ``port`` 0 takes a free one. What it keeps survives a restart."""

    def __init__(self, directory: Path, port: int = 0, *, now: Callable[[], datetime] = utc_now) -> None:
        self._directory = directory
        keeper = _Keeper(directory, now)
        # The name is given, as aiosmtpd would ask the network for it at every connection.
        self._controller = LoopbackController(lambda: SMTP(keeper, hostname="localhost"), port=port)

    @property
    def url(self) -> str:
        """Where to send to, as PATHWAY_SMTP_URL; known once it is started."""
        return f"smtp://{HOST}:{self._controller.port}"

    def start(self) -> None:
        """Begin to take messages. Raises OSError where the port is taken or the folder can't be made."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._controller.start()

    def stop(self) -> None:
        """Stop; what was caught stays."""
        self._controller.stop(no_assert=True)


class LoopbackController(Controller):
    """Runs a mail server on loopback in a thread of its own. It takes a free port for port 0, and ends cleanly."""

    def __init__(self, make: Callable[[], SMTP], *, port: int = 0, ssl_context: ssl.SSLContext | None = None) -> None:
        super().__init__(None, hostname=HOST, port=port, ssl_context=ssl_context, ready_timeout=READY_SECONDS)
        self._make = make
        self._open: WeakSet[SMTP] = WeakSet()

    def factory(self) -> SMTP:
        """A protocol for one connection."""
        made = self._make()
        self._open.add(made)
        return made

    def _trigger_server(self) -> None:
        # aiosmtpd would knock at the port that it was given; that may be 0, and the server one that never answers.
        self.port = cast("asyncio.Server", self.server).sockets[0].getsockname()[1]
        self.smtpd = self  # only asked whether it is there
        self._factory_invoked.set()

    def stop(self, no_assert: bool = False) -> None:  # noqa: FBT001, FBT002  # aiosmtpd's own signature
        """Close every connection and end the thread."""
        if self._thread is not None:
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(HANG_UP_SECONDS)
        super().stop(no_assert=no_assert)

    async def _hang_up(self) -> None:
        # aiosmtpd ends its loop under connections that are still open, and leaves them to the garbage collector.
        cast("asyncio.Server", self.server).close()
        for connection in list(self._open):
            hanging_up.abort(connection.transport)
        tasks = asyncio.all_tasks() - {cast("asyncio.Task[object]", asyncio.current_task())}
        if tasks:
            await asyncio.wait(tasks, timeout=HANG_UP_SECONDS / 2)


class _Keeper:
    """Writes each message to a file of its own, whole or not at all."""

    def __init__(self, directory: Path, now: Callable[[], datetime]) -> None:
        self._directory, self._now = directory, now
        self._lock = threading.Lock()
        self._last: int | None = None

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Answer only when the message is on the disk: a dispatcher stops a clock on this answer."""
        try:
            await asyncio.to_thread(self._keep, envelope)
        except OSError:
            log.exception("A message could not be kept.")
            return "451 4.3.0 The message could not be kept; try again later"
        return "250 2.0.0 Caught"

    def _keep(self, envelope: Envelope) -> None:
        with self._lock:
            number = self._next_number()
            name = f"{self._now().astimezone(UTC).strftime(_STAMP)}-{number:06}.eml"
            _write_whole(self._directory / name, _as_received(envelope))
            self._last = number

    def _next_number(self) -> int:
        if self._last is None:
            self._last = max((int(match.group(2)) for match in _names(self._directory)), default=0)
        return self._last + 1


def _as_received(envelope: Envelope) -> bytes:
    """The message under the envelope's addresses, as a mail server writes them when it delivers."""
    content = cast("bytes", envelope.content or b"")
    lines = [f"Return-Path: <{envelope.mail_from or ''}>", *(f"X-Original-To: {to}" for to in envelope.rcpt_tos)]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace") + content


def _private(path: str, flags: int) -> int:
    """Letters about children: for this account alone, whatever the folder allows."""
    return os.open(path, flags, 0o600)


def _write_whole(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    with open(partial, "wb", opener=_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def mailbox(directory: Path, *, limit: int | None = None) -> list[CaughtMessage]:
    """The messages that were caught, newest first. A file that is no message is listed with what can be read of it."""
    newest_first = sorted(_names(directory), key=lambda match: (match.group(1), int(match.group(2))), reverse=True)
    return [_listed(directory, match) for match in newest_first[:limit]]


def read(directory: Path, name: str) -> FullMessage:
    """One message, whole. Raises NotFound for a name that is not one of ``mailbox``."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise NotFound("There is no such message; open the mailbox again.")
    try:
        raw = (directory / name).read_bytes()
    except OSError:
        raise NotFound("There is no such message any more; open the mailbox again.") from None
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    return FullMessage(
        name=name,
        caught_at=_caught_at(match),
        sender=_header(message, "From"),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        message_id=_header(message, "Message-ID").strip(),
        headers=tuple((str(key), _decoded(value)) for key, value in message.items()),
        text=_part(message, "text/plain"),
        html=_part(message, "text/html"),
        raw=raw.decode("utf-8", "replace"),
    )


def _names(directory: Path) -> Iterator[re.Match[str]]:
    try:
        entries = [entry.name for entry in os.scandir(directory)]
    except OSError:
        return
    yield from filter(None, map(_NAME.fullmatch, entries))


def _listed(directory: Path, match: re.Match[str]) -> CaughtMessage:
    message = BytesHeaderParser(policy=policy.compat32).parsebytes(_beginning(directory / match.group(0)))
    return CaughtMessage(
        name=match.group(0),
        caught_at=_caught_at(match),
        sender=_header(message, "From"),
        to=_header(message, "To"),
        subject=_header(message, "Subject"),
        message_id=_header(message, "Message-ID").strip(),
    )


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEADER_BYTES)
    except OSError:
        return b""


def _caught_at(match: re.Match[str]) -> datetime:
    try:
        return datetime.strptime(match.group(1), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _header(message: Message, name: str) -> str:
    return _decoded(message.get(name, ""))


def _decoded(value: object) -> str:
    # Typed headers of the standard library fail on some odd values; a mailbox shows those as they came.
    unfolded = re.sub(r"\r?\n[ \t]", " ", str(value))
    try:
        return str(make_header(decode_header(unfolded)))
    except (ValueError, LookupError):
        return unfolded


def _part(message: Message, content_type: str) -> str:
    for part in message.walk():
        if part.get_content_type() == content_type and not part.is_multipart():
            content = part.get_payload(decode=True)
            return _text(content, part.get_content_charset("utf-8")) if isinstance(content, bytes) else ""
    return ""


def _text(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")
