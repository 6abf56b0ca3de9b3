"""A desk for every test of the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from storage.sessions import Database
from support import desk, frozen
from support.desk import Desk
from support.front_door import FrontDoor
from support.needed import CHROMIUM
from support.visitor import Visitor

THURSDAY = "2009-03-26 10:00"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def mailbox(tmp_path: Path) -> Path:
    """The catcher's folder, empty."""
    folder = tmp_path / "mailbox"
    folder.mkdir()
    return folder


@pytest.fixture
def browser(sqlite_database: Database, mailbox: Path) -> Iterator[Desk]:
    """A browser on a Thursday morning in which nobody is signed in, for what does not depend on the database."""
    with frozen.clock("2009-03-26") as hand:
        yield desk.at(FrontDoor.opened(sqlite_database, hand, THURSDAY), mailbox=mailbox)


@pytest.fixture
def door(open_door: Callable[..., FrontDoor]) -> FrontDoor:
    """A front door on the same morning, on SQLite and on PostgreSQL."""
    return open_door(THURSDAY)


@pytest.fixture
def either(door: FrontDoor, mailbox: Path) -> Desk:
    """A browser on either database."""
    return desk.at(door, mailbox=mailbox)


@pytest.fixture(scope="module")
def address(front: Desk) -> Iterator[str]:
    """Where the pages of a module's ``front`` are served."""
    server = uvicorn.Server(uvicorn.Config(front.client.app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=5)


@pytest.fixture(scope="module")
def chromium(front: Desk) -> Iterator[Browser]:  # Playwright keeps a loop running, in which no letter could be sent
    """One browser for all the pages."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def screen(chromium: Browser, front: Desk, address: str) -> Visitor:
    """The one screen at which all visitors sit: another for each would cost three times what the page does."""
    return Visitor(chromium.new_context(base_url=address).new_page(), front, address)


@pytest.fixture
def visitor(screen: Visitor) -> Visitor:
    """Somebody in front of the browser who is not signed in."""
    return screen.leave()
