"""Whether mail must be encrypted on its way, by the recipient's domain (docs/adr/0016).

We hand everything over to one mail server. What a client can see to is the way there (TLS, with a certificate that is
trusted) and, where that server offers it, its promise to use TLS on each step after it (REQUIRETLS, RFC 8689).
"""

from __future__ import annotations

from dataclasses import dataclass

from notifications import domains

REMEDY = "Give PATHWAY_SMTP_URL a server with TLS (smtps://, or tls=required)"
OPTIONAL = "or set PATHWAY_TLS=optional if the way there is safe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way to a mail server: ``encrypted`` by TLS, or on this machine (``local``), where nobody can listen."""

    server: str
    encrypted: bool
    local: bool

    @property
    def is_safe(self) -> bool:
        """True where nobody in between can read along."""
        return self.encrypted or self.local


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsPolicy:
    """``required``: mail goes to no server without TLS, but for one on this machine.

    ``plain_domains`` are exempt from that. Mail to ``whole_way_domains`` goes only where the server promises TLS on
    the whole way.
    """

    required: bool = True
    plain_domains: tuple[str, ...] = ()
    whole_way_domains: tuple[str, ...] = ()

    def against_server(self, way: Way) -> str:
        """Why nothing at all may go that way; empty where something may."""
        if self.required and not self.plain_domains and not way.is_safe:
            return f"It has no TLS, and PATHWAY_TLS asks for it. {REMEDY}, {OPTIONAL}"
        return ""

    def wants_whole_way(self, address: str) -> bool:
        """True where mail to ``address`` needs TLS on each step of its way."""
        return domains.covers(self.whole_way_domains, address)

    def against_message(self, way: Way, address: str, *, promised: bool) -> str:
        """Why a message to ``address`` may not go that way; empty where it may. ``promised``: REQUIRETLS is offered."""
        domain = domains.of(address)
        if self.wants_whole_way(address):
            # An offer on a connection without TLS is worth nothing: whoever listens could have made it (section 2).
            if promised and way.encrypted:
                return ""
            return (
                f"PATHWAY_REQUIRETLS_DOMAINS wants TLS on the whole way to {domain}, and the mail server {way.server} "
                "does not promise it (REQUIRETLS, RFC 8689). Send the letter another way, or use a server that does"
            )
        if self.required and not way.is_safe and not domains.covers(self.plain_domains, address):
            return f"The mail server {way.server} has no TLS, and mail to {domain} needs it. {REMEDY}"
        return ""


USUAL = TlsPolicy()
