"""GOV.UK Notify on loopback, as its documentation describes it, and misbehaving on demand."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from notifications_python_client import authentication, errors

from notifications.notify.notify_service import NotifyService, Patience

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"pathway-{SERVICE}-{SECRET}"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
REPLY_TO = "8e222534-7f05-4972-86e3-17c5d9f894e2"
QUICK = Patience(connect=2.0, answer=0.5, message=5.0)

# What a fault can be, beside (status, kind of error, message).
DROP = "drop the connection and take nothing"
TAKE_AND_DROP = "take it, then drop the connection"
TAKE_AND_SAY_NOTHING = "take it and say nothing"
NONSENSE = "a page of a proxy"

BUSY = (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds")
BROKEN = (500, "Exception", "Internal server error")
TEAM_ONLY = (400, "BadRequestError", "Can’t send to this recipient using a team-only API key")
NO_LETTERS = (403, "BadRequestError", "Cannot send letters with a team api key")

Fault = tuple[int, str, str] | str


@dataclass
class Behaviour:
    """What goes wrong where: at ``template``, ``email``, ``letter``, ``list`` or ``status``, so many ``times``."""

    faults: dict[str, Fault] = field(default_factory=dict)
    times: int = 1000
    only_for: str = ""
    template: dict[str, Any] = field(
        default_factory=lambda: {"id": TEMPLATE, "type": "email", "subject": "((subject))", "body": "((body))"}
    )
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def fault(self, place: str, about: str = "") -> Fault | None:
        """The fault at a place, as long as there are some left."""
        if place not in self.faults or self.times < 1 or (self.only_for and self.only_for != about):
            return None
        self.times -= 1
        return self.faults[place]

    def take(self, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Accepts a message, as ``created``."""
        notification = {
            "id": str(uuid4()),
            "type": kind,
            "reference": given.get("reference"),
            "status": "created" if kind == "email" else "pending-virus-check",
            "completed_at": None,
            "given": given,
        }
        self.taken.append(notification)
        return notification

    def becomes(self, number: int, status: str, at: str | None = None) -> None:
        """What has become of one message."""
        self.taken[number] |= {"status": status, "completed_at": at}

    @property
    def sent(self) -> list[tuple[str, str, str]]:
        """(to whom, subject, text) of the e-mails."""
        found = [one["given"] for one in self.taken if one["type"] == "email"]
        return [(one["email_address"], *map(one["personalisation"].get, ("subject", "body"))) for one in found]

    @property
    def letters(self) -> list[bytes]:
        """The PDF of the letters."""
        return [base64.b64decode(one["given"]["content"]) for one in self.taken if one["type"] == "letter"]


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not self._signed():
            return
        self.behaviour.asked.append(self.path)
        if parts.path == f"/v2/template/{TEMPLATE}":
            self._unless("template", lambda: self._say(200, self.behaviour.template))
        elif parts.path == "/v2/notifications":
            (reference,) = parse_qs(parts.query)["reference"]
            found = [_shown(one) for one in self.behaviour.taken if one["reference"] == reference]
            self._unless("list", lambda: self._say(200, {"notifications": found, "links": {}}))
        else:
            found = [_shown(one) for one in self.behaviour.taken if parts.path == f"/v2/notifications/{one['id']}"]
            self._unless("status", lambda: self._say(200, found[0]) if found else self._not_found())

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        place = self.path.rpartition("/")[2]
        if not self._signed():
            return
        if place == "email" and given["template_id"] != TEMPLATE:
            self._refuse(400, "BadRequestError", "Template not found")
        elif place == "email" and not re.fullmatch(r"\S+@\S+\.\S+", given["email_address"]):
            self._refuse(400, "ValidationError", "email_address is not a valid email address")
        elif place == "letter" and not base64.b64decode(given["content"]).startswith(b"%PDF"):
            self._refuse(400, "BadRequestError", "Letter content is not a valid PDF")
        else:
            self._take(place, given)

    def _take(self, place: str, given: dict[str, Any]) -> None:
        fault = self.behaviour.fault(place, given.get("email_address", ""))
        if fault in (None, TAKE_AND_DROP, TAKE_AND_SAY_NOTHING):
            taken = self.behaviour.take(place, given)
        if fault is None:
            self._say(201, {"id": taken["id"], "reference": taken["reference"], "uri": "", "content": {}})
        else:
            self._act(fault)

    def _unless(self, place: str, answer: Any) -> None:
        fault = self.behaviour.fault(place)
        if fault is None:
            answer()
        else:
            self._act(fault)

    def _act(self, fault: Fault) -> None:
        if isinstance(fault, tuple):
            self._refuse(*fault)
        elif fault == NONSENSE:
            self._say(200, "<html>Sign in to the guest network</html>")
        elif fault == TAKE_AND_SAY_NOTHING:
            self.behaviour.ended.wait(20)

    def _signed(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            known = authentication.get_token_issuer(token) == SERVICE
            valid = known and authentication.decode_jwt_token(token, SECRET)
        except errors.TokenExpiredError:
            self._refuse(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")
            return False
        except errors.TokenError:
            valid = False
        if not valid:
            self._refuse(403, "AuthError", "Invalid token: API key not found")
        return bool(valid)

    def _not_found(self) -> None:
        self._refuse(404, "NoResultFound", "No result found")

    def _refuse(self, status: int, kind: str, message: str) -> None:
        self._say(status, {"status_code": status, "errors": [{"error": kind, "message": message}]})

    def _say(self, status: int, body: Any) -> None:
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _shown(taken: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in taken.items() if name != "given"}


@contextmanager
def running(behaviour: Behaviour | None = None, **more: Any) -> Iterator[tuple[NotifyService, Behaviour]]:
    """The service as the settings would name it, and what happens there."""
    behaviour = behaviour or Behaviour()
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.block_on_close = False, True
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield NotifyService(**{"key": KEY, "template": TEMPLATE, "url": url, "patience": QUICK} | more), behaviour
    finally:
        behaviour.ended.set()
        server.shutdown()
        serving.join()
        server.server_close()
