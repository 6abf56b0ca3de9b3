"""Finding a child again among very many: how long it takes, whom it finds, and whom it proposes for nothing."""

from __future__ import annotations

from random import Random
from statistics import mean, quantiles
from time import perf_counter

from benchmarks import timing
from benchmarks.copies import Driver, settle
from benchmarks.scenes import NOW, Databases
from pathway.engine.children.child_input import ChildInput
from storage.sessions import Database
from storage.tables import metadata
from support import misspelling, population
from support.misspelling import Misspeller, Misspelling

PERSONS = 200_000
MISSPELLINGS = 500
NEW_CHILDREN = 300
CHUNK = 20_000
KINDS = ("sqlite", "postgresql")


def table(databases: Databases) -> str:
    """The Markdown table, and below it every misspelling that was missed."""
    people = population.Population()
    rows = population.numbered(people.children(PERSONS), first=1, now=NOW)
    chosen = Random(7).sample(rows, MISSPELLINGS)
    speller = Misspeller()
    asked = [speller.misspell(row, number) for number, row in enumerate(chosen)]
    fields = ("forename", "surname", "birth_date", "address")
    strangers = [
        ChildInput(**{name: row[name] for name in fields})
        for row in population.Population(seed=77).children(NEW_CHILDREN)
    ]
    lines, missed = [], list[Misspelling]()
    for kind in KINDS:
        database = databases.fresh(kind)
        _load(database, rows)
        line, missed = _measured(database, asked, strangers)
        lines.append([kind, *line])
    head = ["database", "median", "95th percentile", "found", "95th, new child", "proposed for a new child"]
    listed = "\n".join(f"- {one}" for one in missed)
    return f"{timing.markdown(head, lines)}\n\nMissed, of {MISSPELLINGS}:\n\n{listed}"


def _load(database: Database, rows: list[dict[str, object]]) -> None:
    driver = Driver(database)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        with driver.transaction():
            driver.insert(metadata.tables["person"], chunk)
            driver.insert(metadata.tables["match_key"], population.keys_of(chunk))
    driver.close()
    settle(database)


def _measured(
    database: Database, asked: list[Misspelling], strangers: list[ChildInput]
) -> tuple[list[str], list[Misspelling]]:
    for one in asked[:20]:  # the first questions fill caches, of ours and of the database
        _asked(database, one.typed)
    times, missed = [], []
    for one in asked:
        seconds, proposed = _asked(database, one.typed)
        times.append(seconds)
        if one.person_id not in proposed:
            missed.append(one)
    new_times, noise = zip(*(_asked(database, child) for child in strangers), strict=True)
    found = f"{len(asked) - len(missed)} of {len(asked)}"
    cut = [quantiles(some, n=20) for some in (times, new_times)]
    proposals = f"{mean(map(len, noise)):.2f}"
    return [timing.ms(cut[0][9]), timing.ms(cut[0][18]), found, timing.ms(cut[1][18]), proposals], missed


def _asked(database: Database, typed: ChildInput) -> tuple[float, set[int]]:
    start = perf_counter()
    with database.read() as session:
        proposed = {proposal.person_id for proposal in misspelling.proposed(session, typed)}
    return perf_counter() - start, proposed
