"""Monday's sheet: how long it takes with a thousand open referrals and with a hundred thousand."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from statistics import quantiles
from time import perf_counter
from typing import Any

from benchmarks import timing
from benchmarks.copies import Copier, Driver, Row, highest_ids, settle
from benchmarks.scenes import NOW, Databases, log
from pathway.engine.figures import counting, mondays_sheet
from pathway.engine.rulebooks import published_books
from rules.figures import derive, periods
from rules.figures.periods import Period
from rules.rulebook import Rulebook
from storage.queries.figures import figure_rows
from storage.queries.figures.figure_rows import Wanted
from storage.sessions import Database, ReadSession
from storage.tables import FigureCount

SIZES = (1_000, 100_000)
KINDS = ("sqlite", "postgresql")
DAYS, EACH, CHILDREN = 365, 40, 2
NEEDED = {"contact", "person", "referral", "clock", "figure_row"}
Question = Callable[[ReadSession], Any]


def table(databases: Databases) -> str:
    """The Markdown table: each question, on both databases, among few and among many."""
    times: dict[str, list[str]] = {}
    for kind in KINDS:
        for size in SIZES:
            database = databases.fresh(kind)
            _load(databases, database, kind, size // CHILDREN)
            for name, line in _measured(database):
                times.setdefault(name, []).extend(line)
    head = ["asked", *(f"{kind}, {size:,}, {what}" for kind in KINDS for size in SIZES for what in ("median", "95th"))]
    return timing.markdown(head, [[name, *line] for name, line in times.items()])


def _load(databases: Databases, database: Database, kind: str, contacts: int) -> None:
    """Contacts of two children each, as many on each day of a year; their counts as the sweep has folded them."""
    example, empty = databases.fresh(kind), databases.fresh(kind)
    log(example, 1, children=CHILDREN, received_at=NOW)
    counting.count(example)
    copier = Copier(example, empty)
    counts = copier.rows.pop("figure_count")
    copier.tables = [table for table in copier.tables if table.name in NEEDED]
    driver, above = Driver(database), highest_ids(database)
    a_day = max(1, contacts // DAYS)
    for day in range(DAYS):
        numbers = range(day * a_day, contacts if day == DAYS - 1 else (day + 1) * a_day)
        _move(copier, timedelta(days=day))
        copier.by_driver(driver, numbers, above=above, label="b")
        with driver.transaction():
            driver.insert(FigureCount.__table__, [*_folded(counts, timedelta(days=day), len(numbers))])  # type: ignore[attr-defined]
    driver.close()
    settle(database)


def _move(copier: Copier, back: timedelta) -> None:
    """What is copied next was received so much earlier."""
    for row in copier.rows["figure_row"]:
        for column in ("at", "due_at", "day"):
            first = row.setdefault(f"first {column}", row[column])
            row[column] = first - back if first and row["figure"] != derive.CASELOADS else first


def _folded(counts: Sequence[Row], back: timedelta, contacts: int) -> Iterator[Row]:
    for row in counts:
        yield {name: row[name] for name in ("figure", "part")} | {
            "day": row["day"] - back,
            "change": row["change"] * contacts,
            "folded": 1,
        }


def _measured(database: Database) -> Iterator[tuple[str, list[str]]]:
    with database.read() as session:
        book = published_books.current(session, now=NOW).book
    gc.freeze()
    for name, ask in _questions(book).items():
        seconds = [_asked(database, ask) for _ in range(EACH + 5)][5:]  # the first fill caches, ours and the database's
        cut = quantiles(seconds, n=20)
        yield name, [timing.ms(cut[9]), timing.ms(cut[18])]


def _questions(book: Rulebook) -> dict[str, Question]:
    today = NOW.date() + timedelta(days=1)
    week, year = periods.preset("last-week", today), Period(start=today - timedelta(days=DAYS), end=today)
    children = Wanted(figure=derive.CHILDREN, start=year.start, end=year.end)
    late = Wanted(figure=f"{derive.CLOCK}decision", parts=(derive.NOT_DONE,), start=year.start, end=year.end)
    now = NOW + timedelta(days=1)
    return {
        "sheet of a week": lambda session: mondays_sheet.measure(session, book, week, now=now),
        "sheet of a year": lambda session: mondays_sheet.measure(session, book, year, now=now),
        "children of a year, first page": lambda session: figure_rows.page(session, children, closed=()),
        "late of a year, first page": lambda session: figure_rows.page(session, late, closed=()),
        "how many of them one may not see": lambda session: figure_rows.hidden(session, children, closed={1, 2, 3}),
    }


def _asked(database: Database, ask: Question) -> float:
    start = perf_counter()
    with database.read() as session:
        ask(session)
    return perf_counter() - start
