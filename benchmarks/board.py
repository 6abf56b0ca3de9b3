"""The board among very many open referrals: how long whoever opens it waits, and what a page that is open asks."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import quantiles
from time import perf_counter

from itsdangerous import Signer
from starlette.testclient import TestClient

from benchmarks import scenes, timing
from benchmarks.copies import Copier, Driver, highest_ids, settle
from benchmarks.scenes import NOW, Databases
from pathway.web import sessions
from storage.queries.board import part_rows
from storage.queries.board.part_rows import Families, Part
from storage.queries.staff import staff_rows
from storage.sessions import Database
from storage.tables import id_of
from support import desk

KINDS = ("sqlite", "postgresql")
SIZES = (1_000, 100_000)
FAMILIES = 50
EACH = 60
CHUNK = 40
MANAGER = "person1"
# What stands on the board and beside it; the letters, alerts and events of a copy would take an hour to write.
TABLES = {"contact", "person", "referral", "clock", "board_card", "household_link"}
HOUR = timedelta(hours=1)


def table(databases: Databases) -> str:
    """The Markdown table: each question on both databases, at a thousand families and at a hundred thousand."""
    times: dict[str, list[str]] = {}
    for kind in KINDS:
        for size in SIZES:
            for asked, cells in _measured(databases, kind, size):
                times.setdefault(asked, []).extend(cells)
    head = ["asked", *(f"{kind}, {size:,}, {what}" for kind in KINDS for size in SIZES for what in ("median", "95th"))]
    return timing.markdown(head, [[asked, *cells] for asked, cells in times.items()])


def _measured(databases: Databases, kind: str, size: int) -> Iterator[tuple[str, list[str]]]:
    database = _filled(databases, kind, size)
    client = _client(database)
    for asked, ask in _questions(database, client).items():
        ask()  # the first question fills caches, of ours and of the database
        gc.collect()
        cut = quantiles([_timed(ask) for _ in range(EACH)], n=20)
        yield asked, [timing.ms(cut[9]), timing.ms(cut[18])]


def _filled(databases: Databases, kind: str, size: int) -> Database:
    example, empty, database = (databases.fresh(kind) for _ in range(3))
    for number in range(FAMILIES):
        # From two days late to just now, so that every part of the board has some.
        scenes.log(example, number, children=1 + number % 3, received_at=NOW - number * HOUR)
    copier = Copier(example, empty)
    copier.tables = [one for one in copier.tables if one.name in TABLES]
    copier.rows = {name: rows for name, rows in copier.rows.items() if name in TABLES}
    driver, above = Driver(database), highest_ids(database)
    for first in range(0, size // FAMILIES, CHUNK):
        copier.by_driver(driver, range(first, min(first + CHUNK, size // FAMILIES)), above=above)
    driver.close()
    settle(database)
    return database


def _client(database: Database) -> TestClient:
    client = desk.client_of(desk.app_with(replace(desk.services(database), clock=lambda: NOW)))
    with database.write() as session:
        user = staff_rows.user(session, MANAGER)
        assert user is not None
        token = sessions.begin(session, id_of(user), now=NOW)
    client.cookies.set(sessions.COOKIE, Signer(desk.KEY, salt=sessions.COOKIE).sign(token).decode())
    return client


def _questions(database: Database, client: TestClient) -> dict[str, Callable[[], object]]:
    with database.read() as session:
        middle = Families(Part.LATER, NOW).page(session, size=part_rows.SIZE)[-1]
    place = f"{middle.rank}.{int(middle.due_at.timestamp()) * 1_000_000}.{middle.contact_id}"
    opened = client.get("/board")
    look = opened.text.split('data-look="')[1].split('"')[0]
    mark = client.get(f"/board/changes?look={look}").headers["etag"]
    return {
        "the board": lambda: _ask(client, "/board"),
        "what is late": lambda: _ask(client, "/board?show=late"),
        "within four hours": lambda: _ask(client, "/board?show=soon"),
        "later": lambda: _ask(client, "/board?show=later"),
        "a later page": lambda: _ask(client, f"/board?show=later&after={place}"),
        "an open page asks, nothing is new": lambda: client.get(
            f"/board/changes?look={look}", headers={"If-None-Match": mark}
        ),
    }


def _ask(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text


def _timed(ask: Callable[[], object]) -> float:
    start = perf_counter()
    ask()
    return perf_counter() - start
