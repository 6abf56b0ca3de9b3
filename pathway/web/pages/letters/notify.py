"""Where GOV.UK Notify calls back with what has become of a message. For its machine alone, which bears a token."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError
from starlette.responses import JSONResponse, Response

from notifications.notify.statuses import Report
from pathway.engine.actors import SYSTEM
from pathway.engine.post import notify_statuses
from pathway.web.throttle import Throttle
from pathway.web.visit import Here

LARGEST = 64 * 1024
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,49}$")]


class Receipt(BaseModel):
    """What of a call-back is used; it tells more."""

    model_config = ConfigDict(extra="ignore")

    id: UUID
    status: Word
    completed_at: AwareDatetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call-back as it came: refused with ``status`` and the reason, or with its body."""

    status: int = 200
    reason: str = ""
    body: bytes = b""


async def called(request: Request) -> Called:
    """Checks the token before a byte of the body is read; wrong ones are counted, by address."""
    throttle: Throttle = request.app.state.throttle
    address = request.client.host if request.client else ""
    if not throttle.lets_through(_counted(address), address):
        return Called(status=429, reason="There were too many calls with a wrong token. Wait 15 minutes.")
    if not _is_ours(request.headers.get("authorization", ""), request.app.state.services.notify_token):
        throttle.failed(_counted(address), address)
        return Called(status=401, reason="The token is wrong, or call-backs are not set up here.")
    if hasattr(request.state, "form"):
        return Called(status=415, reason="A call-back is JSON.")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return Called(status=413, reason="That is more than a call-back.")
    return Called(body=body)


def status(visit: Here, call: Annotated[Called, Depends(called)]) -> Response:
    """Records a status; what is not ours or no news is answered as well, so that it is not sent again."""
    if call.status != 200:
        return _answer(call.status, call.reason)
    try:
        receipt = Receipt.model_validate_json(call.body)
    except ValidationError as error:
        places = sorted({".".join(map(str, one["loc"])) or "body" for one in error.errors(include_input=False)})
        return _answer(400, f"This can't be used: {', '.join(places)}.")
    report = Report(provider_id=str(receipt.id), status=receipt.status, said_at=receipt.completed_at)
    news = replace(visit, actor=SYSTEM).change(lambda act: notify_statuses.take(act, report))
    return _answer(200, "Recorded." if news else "Nothing new.")


def _counted(address: str) -> str:
    """The name under which wrong tokens are counted: no user's, so that nobody is kept from signing in."""
    return f"call-back {address}"


def _is_ours(authorization: str, token: str) -> bool:
    scheme, _, given = authorization.partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return same and bool(token) and scheme.lower() == "bearer"


def _answer(code: int, said: str) -> Response:
    return JSONResponse({"said": said}, status_code=code)
