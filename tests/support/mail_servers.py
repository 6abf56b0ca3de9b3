"""Mail servers on loopback: one that behaves, and one that fails at a chosen place in a chosen way."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from notifications.smtp.catcher import LoopbackController
from notifications.smtp.servers import MailServer, Patience, Security

# What a fault can be, beside a reply such as "450 4.2.1 Busy".
DROP = "drop the connection"
SILENCE = "say nothing"
NONSENSE = "hello there"
ENDLESS = "never end a reply"

PATIENT = Patience(connect=10.0, command=10.0, final_dot=10.0, message=30.0)
SHORT = 0.4
# Which of the waits a silence at each place uses up.
WAITS = {
    "banner": "connect",
    "ehlo": "command",
    "mail": "command",
    "rcpt": "command",
    "data-command": "final_dot",
    "mid-data": "final_dot",
    "data": "final_dot",
}


@dataclass
class Received:
    """One message as the server got it."""

    sender: str
    recipients: list[str]
    content: bytes
    answered: bool = True

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.content, policy=policy.default)


@dataclass
class Behaviour:
    """What goes wrong where (the keys of WAITS, and ``helo``), and for whom.

    ``most_connections`` is for all time, ``most_messages`` for one connection.
    ``before_answer`` is awaited when the content has come and before it is answered.
    """

    faults: Mapping[str, str] = field(default_factory=dict)
    only_for: str = ""
    before_answer: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0)
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    acted: int = 0
    most_connections: int = 1000
    most_messages: int = 1000

    def fault(self, place: str, recipient: str = "") -> str:
        return self.faults.get(place, "") if not self.only_for or self.only_for == recipient else ""


class _OddSMTP(SMTP):
    def __init__(self, behaviour: Behaviour, *, sign_in: bool, **options: object) -> None:
        super().__init__(self, hostname="mail.example.org", **{"auth_require_tls": False} | options)
        self.behaviour, self.sign_in, self.messages = behaviour, sign_in, 0

    async def _handle_client(self) -> None:
        self.behaviour.connections += 1
        fault = self.behaviour.fault("banner")
        if self.behaviour.connections > self.behaviour.most_connections:
            fault = "421 4.7.0 Too many connections"
        if fault:
            await self._act(fault)
            self.transport.close()
            return
        await super()._handle_client()

    async def _act(self, fault: str) -> str:
        """Misbehave; what is returned is sent as the reply."""
        self.behaviour.acted += 1
        if fault == DROP:
            self.transport.abort()
            raise ConnectionResetError
        if fault == SILENCE:
            await asyncio.sleep(30)
        if fault == ENDLESS:
            while not self.transport.is_closing():
                self._writer.write(b"250-and so on\r\n" * 1000)
                await self._writer.drain()
        await self.push(fault)
        return fault

    async def smtp_EHLO(self, hostname: str) -> None:
        if fault := self.behaviour.fault("ehlo"):
            await self._act(fault)
            return
        await super().smtp_EHLO(hostname)

    async def smtp_HELO(self, hostname: str) -> None:
        if fault := self.behaviour.fault("helo"):
            await self._act(fault)
            return
        await super().smtp_HELO(hostname)

    async def smtp_MAIL(self, arg: str) -> None:
        # aiosmtpd can ask for a sign-in itself, but warns where it does so without TLS of its own.
        unknown = "530 5.7.0 Authentication required" if self.sign_in and not self.session.authenticated else ""
        enough = "421 4.7.0 Enough for one connection" if self.messages >= self.behaviour.most_messages else ""
        if fault := self.behaviour.fault("mail") or unknown or enough:
            await self._act(fault)
            return
        await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if fault := self.behaviour.fault("rcpt", arg.partition("<")[2].partition(">")[0]):
            await self._act(fault)
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if fault := self.behaviour.fault("data-command", self.envelope.rcpt_tos[0]):
            await self._act(fault)
            return
        if fault := self.behaviour.fault("mid-data", self.envelope.rcpt_tos[0]):
            await self.push("354 Go on")
            await self._reader.readline()
            await self._act(fault)
            return
        await super().smtp_DATA(arg)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await self.behaviour.before_answer()
        fault = self.behaviour.fault("data", envelope.rcpt_tos[0])
        # A drop or silence here comes after the message was taken: that is what makes twins.
        if not fault or fault in {DROP, SILENCE}:
            self.messages += 1
            got = Received(envelope.mail_from, list(envelope.rcpt_tos), envelope.content, answered=not fault)
            self.behaviour.received.append(got)
        if fault in {DROP, SILENCE}:
            return await self._act(fault)
        return fault or "250 2.0.0 Queued as 1A2B"


@contextmanager
def running(
    behaviour: Behaviour | None = None,
    *,
    security: Security = Security.NONE,
    tls: ssl.SSLContext | None = None,
    secret: str = "",
    **options: object,
) -> Iterator[tuple[MailServer, Behaviour]]:
    """A server on loopback, as its client knows it, and what it got. With a ``secret`` it asks for a sign-in."""
    behaviour = behaviour or Behaviour()
    options |= {"authenticator": _authenticator(secret)} if secret else {"auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
    starttls = tls if security is Security.STARTTLS else None
    controller = LoopbackController(
        lambda: _OddSMTP(behaviour, sign_in=bool(secret), tls_context=starttls, **options),
        ssl_context=tls if security is Security.TLS else None,
    )
    controller.start()
    try:
        silences = {WAITS[place]: SHORT for place, fault in behaviour.faults.items() if fault == SILENCE}
        patience = replace(PATIENT, **silences)
        yield MailServer(host="127.0.0.1", port=controller.port, security=security, patience=patience), behaviour
    finally:
        controller.stop()


def _authenticator(secret: str) -> Callable[..., AuthResult]:
    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == secret.encode()
        return AuthResult(success=right, handled=False)

    return check


@contextmanager
def nobody() -> Iterator[MailServer]:
    """An address at which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield MailServer(host="127.0.0.1", port=taken.getsockname()[1], security=Security.NONE, patience=PATIENT)
