"""Ways back to a page of ours: after signing in, and after a form that stands on every page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import Request

LONGEST = 2000


def own_path(wanted: str, *, default: str = "/") -> str:
    """``wanted`` where it is a page of ours, else the first page: a link must not lead elsewhere."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return default
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not (parts.scheme or parts.netloc)
    return wanted if is_ours and wanted.isprintable() else default


def of(request: Request, *, default: str) -> str:
    """The address of the page that is open; ``default`` where a form sent it to an address that shows nothing."""
    table: Mapping[tuple[str, str], object] = request.app.state.routes
    path = getattr(request.scope.get("route"), "path", "")
    if ("GET", path) not in table:
        return default
    query = urlencode([pair for pair in parse_qsl(request.url.query, keep_blank_values=True) if pair[0] != "notice"])
    return f"{request.url.path}?{query}" if query and len(query) < LONGEST else request.url.path


def with_notice(path: str, notice: str) -> str:
    """The address with what is said on the page that comes, where something is."""
    if not notice:
        return path
    before, hash_sign, place = path.partition("#")
    return f"{before}{'&' if '?' in before else '?'}notice={notice}{hash_sign}{place}"
