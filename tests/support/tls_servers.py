"""A mail server on loopback that promises TLS on the whole way (REQUIRETLS, RFC 8689), and a message for it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.outbox import mime
from notifications.outbox.queue import Claimed
from notifications.smtp.catcher import LoopbackController
from notifications.smtp.servers import MailServer, Security
from support.letters import NOW
from support.mail_servers import PATIENT

SENDER = "front.door@northbridge.example.org"
WORD = "REQUIRETLS"


class _Promising(SMTP):
    """Offers REQUIRETLS and keeps, for each message, whether it was asked for."""

    def __init__(self, asked: list[str], **options: object) -> None:
        """Without a sign-in."""
        super().__init__(self, hostname="mail.example.org", auth_exclude_mechanism=["LOGIN", "PLAIN"], **options)
        self.asked = asked

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], f"250-{WORD}", responses[-1]]

    async def smtp_MAIL(self, arg: str) -> None:
        self.asked.append(WORD if f" {WORD}" in arg else "")
        await super().smtp_MAIL(arg.replace(f" {WORD}", ""))

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        return "250 2.0.0 Queued"


@contextmanager
def promising(security: Security, *, tls: ssl.SSLContext | None = None) -> Iterator[tuple[MailServer, list[str]]]:
    """The server as its client knows it, and what was asked of it."""
    asked: list[str] = []
    starttls = tls if security is Security.STARTTLS else None
    controller = LoopbackController(
        lambda: _Promising(asked, tls_context=starttls), ssl_context=tls if security is Security.TLS else None
    )
    controller.start()
    try:
        yield MailServer(host="127.0.0.1", port=controller.port, security=security, patience=PATIENT), asked
    finally:
        controller.stop()


def message_to(address: str) -> Claimed:
    """A claimed message."""
    message_id = "<1@northbridge.example.org>"
    content = mime.build(
        sender=("Front Door", SENDER),
        recipient=("", address),
        reply_to="",
        subject="Your contact",
        text="A line.",
        html=None,
        message_id=message_id,
        now=NOW,
    )
    return Claimed(
        id=1,
        message_id=message_id,
        sender=SENDER,
        recipient_address=address,
        content=content,
        lease_until=NOW + timedelta(minutes=5),
    )
