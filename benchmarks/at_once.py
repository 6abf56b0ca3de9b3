"""Twenty people at the desk among 100,000 open referrals: each asks for a page every 5 s, and all at one moment.

The server is a process of its own, as in a council; whoever asks shares its two cores. Each person has a session, and
goes round the pages of a day, each beginning at another.
"""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from statistics import quantiles
from time import perf_counter, sleep

import httpx2 as httpx
import uvicorn

from benchmarks import listing, timing
from benchmarks.scenes import NOW, Databases
from pathway.web.app import create_app
from pathway.web.services import Services
from storage.sessions import Database
from storage.tables.board import cards
from support import population

KINDS = ("sqlite", "postgresql")
PEOPLE, EVERY, ROUNDS, REFERRALS = 20, 5.0, 12, 100_000
PAGES: Sequence[str] = (
    "/board",
    "/referrals",
    "/referrals/{referral}",
    "/referrals?q={name}",
    "/contacts/{contact}/screen",
    "/board?show=late",
    "/letters?owed=yes",
    "/waiting",
    "/contacts/{contact}",
    "/alerts",
    "/allocations",
    "/reports",
)
Moments = Mapping[str, float]


def table(databases: Databases) -> str:
    """The Markdown table: how long a page takes with twenty people, on both databases."""
    lines: dict[str, list[str]] = {"each every 5 s": [], "all at one moment": []}
    for kind in KINDS:
        database = databases.fresh(kind)
        pages = _filled(database)
        with _served(database) as address:
            for name, spread in zip(lines, (EVERY, 0.0), strict=True):
                cut = quantiles(_asked(database, address, pages, spread=spread), n=20)
                lines[name] += [timing.ms(cut[9]), timing.ms(cut[18])]
    head = ["20 people", *(f"{kind}, {what}" for kind in KINDS for what in ("median", "95th"))]
    return timing.markdown(head, [[name, *cells] for name, cells in lines.items()])


def _filled(database: Database) -> Sequence[str]:
    """Fills the database; returns the pages to be asked for."""
    rows = population.numbered(population.Population().children(REFERRALS), first=1, now=NOW)
    listing.load(database, rows)
    with database.engine.begin() as connection:
        cards.keep(connection, range(1, REFERRALS + 1, 2))
    some = rows[REFERRALS // 3]
    contact = some["id"] if some["id"] % 2 else some["id"] - 1
    told = {
        "name": f"{some['forename']}+{some['surname']}",
        "contact": f"PW-{contact:08}",
        "referral": f"PW-{contact:08}-1",
    }
    return [page.format(**told) for page in PAGES]


def serve(url: str, port: int) -> None:
    """The pages of a database, as of the moment of the benchmarks. Runs in a process of its own."""
    services = Services(
        database=Database(url), clock=lambda: NOW, wake_dispatcher=lambda: None, secret_key=listing.KEY, slowed_by=0.0
    )
    uvicorn.run(
        create_app(services), host="127.0.0.1", port=port, log_level="error", access_log=False, timeout_keep_alive=60
    )


@contextmanager
def _served(database: Database) -> Iterator[str]:
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        port = found.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(database.url, port), daemon=True)
    server.start()
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.join()


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/sign-in")
        except httpx.TransportError:
            sleep(0.1)
        else:
            return
    raise RuntimeError("The server did not start.")


def _asked(database: Database, address: str, pages: Sequence[str], *, spread: float) -> list[float]:
    """Seconds of each page. ``spread``: within how many seconds the first pages are asked for, one after the other."""
    cookies = [listing.session_of(database) for _ in range(PEOPLE)]
    begun = perf_counter() + 1
    with ThreadPoolExecutor(PEOPLE) as people:
        days = [
            people.submit(
                _day,
                httpx.Client(base_url=address, cookies=cookie, timeout=60),
                pages,
                number,
                begun + spread * number / PEOPLE,
            )
            for number, cookie in enumerate(cookies)
        ]
        return [seconds for day in days for seconds in day.result()]


def _day(client: httpx.Client, pages: Sequence[str], number: int, begun: float) -> list[float]:
    found = []
    with client:
        for turn in range(ROUNDS + 1):
            sleep(max(0.0, begun + turn * EVERY - perf_counter()))
            start = perf_counter()
            answer = client.get(pages[(number + turn) % len(pages)])
            answer.raise_for_status()
            if turn:  # the first fills caches
                found.append(perf_counter() - start)
    return found
