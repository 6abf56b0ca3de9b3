"""The way back from a record to the list that was open before it, as it was filtered.

It is kept in a cookie that we sign and that names whose it is: no address leads to a foreign page, and whoever signs in
next at the same machine is not led to what somebody else searched for.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

from pathway.web.kept import way_back
from pathway.web.services import Services

COOKIE = "pathway_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A list as it was open: its address and its title."""

    href: str
    title: str


def keep(response: Response, request: Request, username: str, back: Back) -> Response:
    """The answer, with the list to come back to; one whose address is too long for a cookie as it comes unfiltered."""
    services: Services = request.app.state.services
    href = back.href if len(back.href) < way_back.LONGEST else back.href.partition("?")[0]
    told = _serializer(services).dumps([username, href, back.title])
    secure = request.url.scheme == "https" or services.base_url.startswith("https://")
    response.set_cookie(COOKIE, str(told), httponly=True, samesite="lax", secure=secure)
    return response


def forget(response: Response) -> None:
    """Lets the browser forget the list, as at signing out."""
    response.delete_cookie(COOKIE)


def of(request: Request, username: str, default: Back) -> Back:
    """The list that this person had open last, else the default."""
    services: Services = request.app.state.services
    try:
        whose, href, title = _serializer(services).loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return default
    if whose != username:
        return default
    return Back(href=way_back.own_path(str(href), default=default.href), title=str(title))


def to(request: Request, username: str, path: str) -> str:
    """The address of one list as this person had it open last; unfiltered where another was open since."""
    back = of(request, username, Back(href=path, title=""))
    return back.href if back.href.partition("?")[0] == path else path


def _serializer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.secret_key, salt=COOKIE)
