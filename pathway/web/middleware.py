"""What every request passes: no forged posts, a size limit, and headers that tell the browser to trust nothing else."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 4 * 1024 * 1024
OWN_SITE = frozenset({"same-origin", "none"})


class SameOrigin:
    """Refuses a post that another site's page has sent (cross-site request forgery).

    Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin. A client that sends neither is no
    browser and has no cookie that another site could misuse.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stands in front of ``app``."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS and _is_forged(Headers(scope=scope)):
            refusal = PlainTextResponse("This form was sent from another site. Open the page itself.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_forged(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in OWN_SITE:
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


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
                _add(MutableHeaders(scope=message), nonce=nonce)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def content_security_policy(nonce: str) -> str:
    """Nothing from anywhere but here; scripts from here or with the page's nonce."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def _add(headers: MutableHeaders, *, nonce: str) -> None:
    headers.setdefault("Content-Security-Policy", content_security_policy(nonce))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    # Front-door computers are shared: what was on the screen must not come back with the Back button after signing out.
    headers.setdefault("Cache-Control", "no-store")
