"""What every request passes: no forged posts, and headers that tell the browser to trust nothing else."""

from __future__ import annotations

import logging
import secrets
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

logger = logging.getLogger(__name__)

STATIC = "/static/"
NUL = "\x00"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_LOGGED = 200
YEAR = 31_536_000
FORGED = "This form was sent from another site. Open the page itself, and send it from there."
OWN_SITE = frozenset({"same-origin", "none"})


class SameOrigin:
    """Refuses a post that another site's page has sent (cross-site request forgery), and says so in the log.

    Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin, which must be the Host that was
    asked or the base address: a proxy may change the one and not the other. A client that sends neither is no browser
    and has no cookie that another site could misuse.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stands in front of ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            headers, base = Headers(scope=scope), base_of(scope)
            if because := _why_forged(headers, base):
                logger.warning("Refused a form sent to %s: %s.", scope["path"], because)
                await PlainTextResponse(FORGED, status_code=403)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def base_of(scope: Scope) -> str:
    """Where people find the pages, as the settings say; empty where they say nothing."""
    services = getattr(scope["app"].state, "services", None)
    return str(getattr(services, "base_url", ""))


def _why_forged(headers: Headers, base: str) -> str:
    """Why a post must have been sent by another site; the empty string where it was not."""
    site, origin, host = (headers.get(name) for name in ("sec-fetch-site", "origin", "host"))
    if site is not None:
        return "" if site in OWN_SITE else f"the browser says that it comes from another site ({_plain(site)})"
    if origin is None or _place(origin) in {_place(f"//{host}"), _place(base)} - {""}:
        return ""
    return (
        f"its Origin {_plain(origin)} is neither the Host that was asked ({_plain(host or '')}) nor PATHWAY_BASE_URL "
        f"({base or 'not set'}); a proxy must pass the Host on, or the base address be set"
    )


def _place(address: str) -> str:
    """Host and port of an address, the usual port left out."""
    try:
        parts = urlsplit(address.casefold())
        port = parts.port
    except ValueError:
        return ""
    return f"{parts.hostname}:{port}" if port not in (None, 80, 443) else str(parts.hostname or "")


def _plain(text: str) -> str:
    """What a stranger sent, fit for one line of a log."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:LONGEST_LOGGED])


class WithoutNul:
    """Takes the NUL out of addresses: no keyboard has it, and PostgreSQL can't look for it."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands in front of ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and (NUL in scope["path"] or b"%00" in scope["query_string"]):
            query = scope["query_string"].replace(b"%00", b"")
            scope = {**scope, "path": scope["path"].replace(NUL, "\ufffd"), "query_string": query}
        await self.app(scope, receive, send)


class HeadAsGet:
    """Answers HEAD wherever GET is answered: the same headers, and no body."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands in front of ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self.app({**scope, "method": "GET"}, receive, send_without_body)


class SecurityHeaders:
    """Gives each page a nonce and the headers that keep foreign scripts, frames and caches out."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands in front of ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope, nonce=nonce)
                if message["status"] >= HTTPStatus.BAD_REQUEST:
                    MutableHeaders(scope=message)["Cache-Control"] = "no-store"  # what is missing may be there later
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(nonce: str) -> str:
    """Nothing from anywhere but here; scripts from here or with the page's nonce."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _add(headers: MutableHeaders, scope: Scope, *, nonce: str) -> None:
    headers.setdefault("Content-Security-Policy", content_security_policy(nonce))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cache-Control", _caching(scope))
    if base_of(scope).startswith("https://"):
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")


def _caching(scope: Scope) -> str:
    """A file by the hash in its address for ever, any other page never.

    Front-door computers are shared: what was on the screen must not come back with the Back button after signing out.
    """
    if not scope["path"].startswith(STATIC):
        return "no-store"
    return f"public, max-age={YEAR}, immutable" if b"v=" in scope["query_string"] else "no-cache"
