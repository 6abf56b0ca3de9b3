"""Handing messages to a mail server. Only this module knows aiosmtplib; no fault of mail leaves it as an exception."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto

import aiosmtplib

from notifications import plain
from notifications.answers import Answer
from notifications.outbox.queue import Claimed
from notifications.smtp import hanging_up
from notifications.smtp.servers import MailServer, Patience, Security, is_loopback

__all__ = ["Answer", "Connection", "MailServer", "Patience", "Security", "probe"]

LONGEST_REPLY = 500
GOODBYE_SECONDS = 0.5
# Not about one message: the server wants TLS or a sign-in that the settings don't give.
SET_UP_WRONGLY = frozenset({530, 534, 535, 538})
CLOSING = 421
REPLY_CODES = range(200, 600)
FINAL_CODES = range(500, 600)
TAKEN_CODES = frozenset({250, 251})
WHOLE_WAY = "requiretls"


class _Stage(Enum):
    OPENING = auto()
    ENVELOPE = auto()
    CONTENT = auto()


class Connection:
    """One connection, opened when needed, used for one message after another and opened again after a fault."""

    def __init__(self, server: MailServer, trust: ssl.SSLContext | None) -> None:
        self._server = server
        self._stage = _Stage.OPENING
        self._client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username or None,
            password=server.secret or None,
            local_hostname="localhost" if is_loopback(server.host) else None,
            timeout=server.patience.command,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=trust,
        )

    @property
    def in_doubt(self) -> bool:
        """True while the server may already have the message that is being sent."""
        return self._stage is _Stage.CONTENT

    async def open(self) -> Answer | None:
        """Connect, with TLS and sign-in as the settings say; what keeps us from it, or None."""
        self._stage = _Stage.OPENING
        if refusal := self._server.policy.against_server(self._server.way):
            return self._refused(refusal, server_down=True)
        try:
            await self._client.connect(timeout=self._server.patience.connect)
            await self._greet()
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return self._answer_to(error)
        return None

    async def _greet(self) -> None:
        if not self._client.is_ehlo_or_helo_needed:
            return
        try:
            await self._client.ehlo()
        except aiosmtplib.SMTPHeloError:
            await self._client.helo()

    async def sign_of_life(self) -> Answer | None:
        """Ask the open connection whether it lives; what is wrong, or None."""
        try:
            await self._client.noop()
        except (aiosmtplib.SMTPException, OSError) as error:
            return self._answer_to(error)
        return None

    async def send(self, message: Claimed) -> Answer:
        """Hand one message over and return what the server said about it, or why it could not be asked."""
        try:
            async with asyncio.timeout(self._server.patience.message):
                return await self._send_or_send_again(message)
        except TimeoutError as error:
            self.drop()
            return self._answer_to(error)

    async def _send_or_send_again(self, message: Claimed) -> Answer:
        reused = self._client.is_connected
        answer = await self._send_once(message)
        # A server may close an idle connection, or one that has carried enough, without meaning this message.
        if reused and not answer.accepted and self._stage is _Stage.ENVELOPE and not self._client.is_connected:
            return await self._send_once(message)
        return answer

    async def _send_once(self, message: Claimed) -> Answer:
        if not self._client.is_connected and (trouble := await self.open()):
            return trouble
        if refusal := self._against_policy(message):
            return self._refused(refusal)
        try:
            reply = await self._hand_over(message)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            answer = self._answer_to(error)
            await self._start_afresh(answer)
            return answer
        self._stage = _Stage.OPENING
        return Answer(
            accepted=True, final=True, code=reply.code, text=self._words(reply.message), server=str(self._server)
        )

    def _against_policy(self, message: Claimed) -> str:
        promised = self._client.supports_extension(WHOLE_WAY)
        return self._server.policy.against_message(self._server.way, message.recipient_address, promised=promised)

    def _refused(self, why: str, *, server_down: bool = False) -> Answer:
        """Our own refusal: nothing was said to the server, and only a person can change it."""
        server = str(self._server)
        return Answer(accepted=False, final=True, code=None, text=why, server_down=server_down, server=server)

    async def _hand_over(self, message: Claimed) -> aiosmtplib.SMTPResponse:
        self._stage = _Stage.ENVELOPE
        options = [b"SIZE=%d" % len(message.content)] if self._client.supports_extension("size") else []
        if self._server.policy.wants_whole_way(message.recipient_address):
            options.append(WHOLE_WAY.upper().encode())
        await self._command(b"MAIL", _path(b"FROM", message.sender), *options)
        await self._command(b"RCPT", _path(b"TO", message.recipient_address))
        self._stage = _Stage.CONTENT
        return await self._client.data(message.content, timeout=self._server.patience.final_dot)

    async def _command(self, *words: bytes) -> None:
        # The library's own commands read each address anew, which takes a third of the time of sending a message.
        reply = await self._client.execute_command(*words)
        if reply.code not in TAKEN_CODES:
            raise aiosmtplib.SMTPResponseException(reply.code, reply.message)

    async def _start_afresh(self, answer: Answer) -> None:
        """Leave the connection ready for the next message, or closed where its state is not known."""
        if answer.code is None or answer.code == CLOSING or answer.server_down:
            self.drop()
            return
        try:
            await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self.drop()

    async def quit(self) -> None:
        """Say goodbye and close."""
        transport = self._client.transport
        with suppress(aiosmtplib.SMTPException, OSError):
            if self._client.is_connected:
                await self._client.quit(timeout=GOODBYE_SECONDS)
        hanging_up.abort(transport)
        self.drop()
        await asyncio.sleep(0)

    def drop(self) -> None:
        """Close without a word."""
        hanging_up.abort(self._client.transport)
        self._client.close()

    def _answer_to(self, error: Exception) -> Answer:
        code = _code(error)
        about_server = self._stage is _Stage.OPENING or code in SET_UP_WRONGLY
        return Answer(
            accepted=False,
            final=_needs_a_person(error, code) if about_server else _for_good(error, code),
            code=code,
            text=self._words(_explained(error, self._stage)),
            server_down=about_server,
            perhaps_taken=self.in_doubt and code is None,
            server=str(self._server),
        )

    def _words(self, text: str) -> str:
        return plain.one_line(self._server.without_secret(text))[:LONGEST_REPLY]


def _path(word: bytes, address: str) -> bytes:
    """An address, checked when its message was written, as SMTP spells it; ValueError where it is not ASCII."""
    return b"%s:<%s>" % (word, address.encode("ascii"))


def _code(error: Exception) -> int | None:
    """The reply code of the server, None where none came or what came was nonsense."""
    code = getattr(error, "code", None)
    return code if code in REPLY_CODES else None


def _for_good(error: Exception, code: int | None) -> bool:
    # A ValueError is an address that can't be spelled in a command: asking again would not spell it either.
    return code in FINAL_CODES if code else isinstance(error, ValueError) and not isinstance(error, OSError)


def _needs_a_person(error: Exception, code: int | None) -> bool:
    """True for what waiting does not mend: a wrong secret, an untrusted certificate, a server without TLS or AUTH."""
    if code:
        return code in FINAL_CODES
    return type(error) in {aiosmtplib.SMTPException, aiosmtplib.SMTPNotSupported} or _distrusted(error)


def _distrusted(error: Exception) -> bool:
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _chain(error))


def _explained(error: Exception, stage: _Stage) -> str:
    """What went wrong, for people, with what to do about it where a person has to do it."""
    said = getattr(error, "message", "") or str(error) or type(error).__name__
    if _distrusted(error):
        remedy = "Correct it, or name its issuer with ca= in PATHWAY_SMTP_URL"
        return f"The mail server's certificate is not trusted: {said}. {remedy}"
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return f"The mail server refused the sign-in: {said}. Check user and secret in PATHWAY_SMTP_URL"
    if _code(error):
        return str(said)
    if stage is _Stage.OPENING:
        return f"The mail server can't be used: {said}"
    if stage is _Stage.CONTENT:
        return f"The connection broke while the message was being sent, so it may arrive twice: {said}"
    return f"The connection broke before the message was sent: {said}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def probe(server: MailServer) -> Answer:
    """Connect, sign in where the settings say so, ask the server for a sign of life and leave; nothing is sent.

    Raises InvalidInput where the certificates that the settings name can't be read.
    """
    return asyncio.run(_probe(Connection(server, server.trust()), server))


async def _probe(connection: Connection, server: MailServer) -> Answer:
    trouble = await connection.open() or await connection.sign_of_life()
    await connection.quit()
    if trouble:
        return trouble
    how = {Security.TLS: "over TLS", Security.STARTTLS: "over TLS (STARTTLS)", Security.NONE: "without TLS"}
    text = f"Ready {how[server.security]}{', signed in' if server.username else ''}"
    return Answer(accepted=True, final=True, code=None, text=text, server=str(server))
