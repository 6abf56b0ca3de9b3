"""The mail server that the settings name. Its secret is in no repr, no error and no log."""

from __future__ import annotations

import ipaddress
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from notifications.smtp.tls_policy import USUAL, TlsPolicy, Way
from rules.errors import InvalidInput

FIELD = "PATHWAY_SMTP_URL"
REMEDY = (
    "Write smtps://USER:SECRET@mail.example.org:465 or smtp://mail.example.org:587?tls=required; "
    "write odd signs in user and secret as in a web address (@ is %40, / is %2F)"
)
PORTS = {"smtps": 465, "smtp": 587}
OPTIONS = frozenset({"tls", "ca"})


class Security(StrEnum):
    """How a connection is kept private."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds; longest after the final dot, as giving up there makes twins (RFC 5321, 4.5.3.2).

    ``message`` bounds one message from first to last, so that it ends before its lease does.
    """

    connect: float = 10.0
    command: float = 20.0
    final_dot: float = 100.0
    message: float = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """One mail server. ``ca`` is a file of certificates to trust beside the system's; ``policy`` is about TLS."""

    host: str
    port: int
    security: Security
    username: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    ca: str = ""
    patience: Patience = Patience()
    policy: TlsPolicy = USUAL

    @classmethod
    def from_url(cls, url: str, *, policy: TlsPolicy = USUAL) -> MailServer:
        """The server that ``url`` names.

        ``smtps://user:secret@host:465`` or ``smtp://host:587?tls=required|none`` (required by default, but not on
        loopback). Raises InvalidInput at PATHWAY_SMTP_URL, which never repeats the address, as it may hold a secret.
        """
        parts, host, port = _split(url.strip())
        options = _options(parts.query)
        username, secret = _credentials(parts)
        server = cls(
            host=host,
            port=port,
            security=_security(parts.scheme, host, options),
            username=username,
            secret=secret,
            ca=options.get("ca", ""),
            policy=policy,
        )
        if server.username and server.security is Security.NONE and not is_loopback(host):
            problem = "would send the secret over the network unprotected"
            raise _odd(problem, "Write tls=required, or leave user and secret out")
        if server.ca:
            server.trust()
        return server

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def way(self) -> Way:
        """The way to this server, as far as a policy on TLS asks for it."""
        return Way(server=str(self), encrypted=self.security is not Security.NONE, local=is_loopback(self.host))

    def trust(self) -> ssl.SSLContext | None:
        """The certificates to trust, None where nothing is encrypted; InvalidInput where ``ca`` can't be read."""
        if self.security is Security.NONE:
            return None
        try:
            context = ssl.create_default_context()
            if self.ca:
                context.load_verify_locations(cafile=self.ca)
        except (OSError, ssl.SSLError):
            raise _odd(f"names certificates in {self.ca} that can't be read", "Give ca= a file in PEM form") from None
        return context

    def without_secret(self, text: str) -> str:
        """``text`` with user and secret taken out, in the forms in which a server could repeat them."""
        spellings = [self.secret, _base64(self.secret), _base64(f"\0{self.username}\0{self.secret}")]
        for spelling in spellings if self.secret else ():
            text = text.replace(spelling, "***")
        return text


def is_loopback(host: str) -> bool:
    """True for this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _odd(problem: str, remedy: str = REMEDY) -> InvalidInput:
    return InvalidInput.of(FIELD, problem, remedy)


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _odd("is not an address with a host and a port from 1 to 65535") from None
    if parts.scheme not in PORTS:
        raise _odd("does not begin with smtps:// or smtp://")
    if not host or any(sign.isspace() or not sign.isprintable() for sign in host):
        raise _odd("names no host")
    if parts.path not in {"", "/"} or parts.fragment:
        raise _odd("has something after the port that is not an option")
    return parts, host, PORTS[parts.scheme] if port is None else port


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if options.keys() - OPTIONS:  # not repeated: it may be part of a secret with an unescaped question mark
        raise _odd("has an unknown option", f"Options are {' and '.join(sorted(OPTIONS))}")
    return options


def _credentials(parts: SplitResult) -> tuple[str, str]:
    username, secret = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(username) is not bool(secret):
        raise _odd("names a user without a secret, or a secret without a user")
    if not f"{username}{secret}".isprintable():
        raise _odd("has a control character in user or secret")
    return username, secret


def _security(scheme: str, host: str, options: dict[str, str]) -> Security:
    wanted = options.get("tls", "none" if is_loopback(host) and scheme == "smtp" else "required")
    if wanted not in {"required", "none"}:
        raise _odd("has an odd value for tls", "Write tls=required or tls=none")
    if scheme == "smtps":
        if wanted == "none":
            raise _odd("asks for smtps without TLS", "Write smtp:// for a server without TLS")
        return Security.TLS
    return Security.STARTTLS if wanted == "required" else Security.NONE
