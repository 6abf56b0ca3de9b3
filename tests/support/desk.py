"""A desk at the front door: somebody signed in, a browser without scripts, and the pages."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pydantic.v1  # noqa: F401 - FastAPI imports it with the first route, and it can't be imported under a frozen clock
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from itsdangerous import Signer
from starlette.testclient import TestClient

from pathway.engine.actors import Actor
from pathway.web import sessions
from pathway.web.app import create_app, with_services
from pathway.web.services import Services
from storage.clock import utc_now
from storage.queries.staff import staff_rows
from storage.sessions import Database
from storage.tables import id_of
from support import html_pages
from support.front_door import FrontDoor
from support.html_pages import HtmlPage

KEY = "a key for tests"
_made: list[FastAPI] = []


@dataclass(slots=True)
class Desk:
    """A browser at a front door. ``status`` and ``html`` are those of the last answer, ``woken`` counts commits."""

    door: FrontDoor
    client: TestClient
    woken: list[None]
    status: int = 0
    html: str = ""
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def sign_in(self, actor: Actor) -> Desk:
        """Signs somebody in without the form; the form has tests of its own."""
        with self.door.database.write() as session:
            user = staff_rows.user(session, actor.username)
            assert user is not None
            token = sessions.begin(session, id_of(user), now=self.door.now)
        signed = Signer(KEY, salt=sessions.COOKIE).sign(token).decode()
        self.client.cookies.set(sessions.COOKIE, signed)
        return self

    def open(self, path: str) -> HtmlPage:
        """Opens a page, following redirections."""
        return self._answered(self.client.get(path))

    def post(self, path: str, **fields: Any) -> HtmlPage:
        """Sends a form as it is given."""
        return self._answered(self.client.post(path, data=fields))

    def fill(self, path: str, **changes: str) -> HtmlPage:
        """Opens a page, changes some fields of its form, and sends it."""
        return self.send(self.open(path), path, **changes)

    def send(self, page: HtmlPage, path: str, **changes: str) -> HtmlPage:
        """Sends a page's form with some fields changed; ``__`` in a name stands for a dot."""
        form = page.form()
        typed = {name.replace("__", "."): value for name, value in changes.items()}
        return self.post(form.action or path, **{**form.values, **typed})

    def _answered(self, answer: Any) -> HtmlPage:
        self.status, self.html = answer.status_code, answer.text
        self.path = answer.url.path
        self.headers = dict(answer.headers)
        return html_pages.read(answer.text)


def services(database: Database, **more: Any) -> Services:
    """Services on a database, with the tests' clock."""
    return replace(
        Services(
            database=database,
            clock=utc_now,
            wake_dispatcher=lambda: None,
            secret_key=KEY,
            **({"slowed_by": 0.0, "takes_referrals": True} | more),
        ),
    )


def at(door: FrontDoor, *, mailbox: Path | None = None, **more: Any) -> Desk:
    """A desk at this front door; nobody is signed in yet."""
    woken: list[None] = []
    told = services(door.database, mailbox_directory=mailbox, **more)
    app = app_with(replace(told, wake_dispatcher=lambda: woken.append(None)))
    return Desk(door=door, client=client_of(app), woken=woken)


def client_of(app: FastAPI) -> TestClient:
    """A browser on one event loop with all others: a loop for each request costs half as much as the page."""
    client = TestClient(app)
    client.portal = _portal()
    return client


@cache
def _portal() -> BlockingPortal:
    started = ExitStack()
    atexit.register(started.close)
    return started.enter_context(start_blocking_portal())


def app_with(told: Services) -> FastAPI:
    """The pages over these services, on the routes of the first that was made: a tenth of a second for every test."""
    if not _made:
        _made.append(create_app(told))
    return with_services(_made[0], told)
