"""A child looked for by whatever somebody has: how long an answer takes among very many, and how often it is right."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

from benchmarks import timing
from benchmarks.copies import Driver, settle
from benchmarks.scenes import NOW, Databases
from pathway.engine.actors import Actor
from pathway.engine.children import finding
from rules.likeness import places
from rules.vocabulary import Role
from storage.sessions import Database
from storage.tables import Contact, Referral, found_by, metadata
from support import population

PERSONS = 200_000
EACH = 60
CHUNK = 20_000
KINDS = ("sqlite", "postgresql")
ASKER = Actor(username="asker", name="Asker", roles=frozenset({Role.DUTY_MANAGER}))
Row = dict[str, Any]


def _half(row: Row) -> str:
    return f"{row['forename'].split()[0]} {row['surname'].split('-')[0]}"


def _age(row: Row) -> int:
    born, today = row["birth_date"], NOW.date()
    return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


WAYS: dict[str, Callable[[Row], str]] = {
    "full name": lambda row: f"{row['forename']} {row['surname']}",
    "surname first, half of a double one": lambda row: " ".join(reversed(_half(row).split(" ", 1))),
    "surname alone": lambda row: row["surname"],
    "first name alone": lambda row: row["forename"],
    "three letters": lambda row: row["surname"][:3],
    "beginnings of both": lambda row: f"{row['forename'][:3]} {row['surname'][:3]}",
    "name and age": lambda row: f"{row['forename']} {row['surname']} {_age(row)}",
    "name and birth date": lambda row: f"{row['surname']} {row['birth_date']:%d/%m/%Y}",
    "birth date": lambda row: f"{row['birth_date']:%d/%m/%Y}",
    "age": lambda row: f"{_age(row)} years",
    "NHS number": lambda row: row["nhs_number"] or "943 476 5919",
    "postcode": lambda row: places.read(row["address"]).postcode,
    "address": lambda row: row["address"].split(",")[0],
    "town": lambda _: "London",
    "telephone": lambda row: _telephone(row["id"]),
    "referrer": lambda row: f"Referrer{row['id'] % 5000} School",
    "nobody": lambda row: f"Xq{row['surname'][:4]} Vz{row['forename'][:3]}",
}


def table(databases: Databases) -> str:
    """The Markdown table: each way of asking, on both databases, by itself and looking wider."""
    rows = population.numbered(population.Population().children(PERSONS), first=1, now=NOW)
    gc.freeze()  # else each search now and then waits until these have been looked through: 0.3 s
    times: dict[tuple[str, bool], list[str]] = {}
    for kind in KINDS:
        database = databases.fresh(kind)
        _load(database, rows)
        for way, wider, line in _measured(database, rows):
            times.setdefault((way, wider), []).extend(line)
    head = ["asked", *(f"{kind}, {what}" for kind in KINDS for what in ("median", "95th", "found"))]
    return timing.markdown(
        head, [[f"{way}{', wider' if wider else ''}", *line] for (way, wider), line in times.items()]
    )


def _load(database: Database, rows: list[Row]) -> None:
    driver = Driver(database)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        with driver.transaction():
            driver.insert(metadata.tables["person"], [{"sought": "", **row} for row in chunk])
            driver.insert(metadata.tables["child_word"], population.words_of(chunk))
            contacts = [_contact(row["id"]) for row in chunk]
            driver.insert(metadata.tables["contact"], [contact.model_dump() for contact in contacts])
            driver.insert(metadata.tables["referrer_word"], [*_referrer_words(contacts)])
            driver.insert(metadata.tables["referral"], [_referral(row["id"]) for row in chunk])
    driver.close()
    settle(database)


def _telephone(number: int) -> str:
    return f"020 7{number % 5000:03} {number % 7919:04}"


def _contact(number: int) -> Contact:
    return Contact(
        id=number,
        ref=f"PW-{number:08}",
        received_at=NOW,
        recorded_at=NOW,
        recorded_by="asker",
        channel="telephone",
        source_code="2A",
        referrer_kind="professional",
        referrer_name=f"Referrer{number % 5000}",
        referrer_agency=f"{('Hill', 'Green', 'Park', 'Smith')[number % 4]} School",
        referrer_phone=_telephone(number),
        concern_facts="As told.",
    )


def _referrer_words(contacts: list[Contact]) -> Iterator[Row]:
    for contact in contacts:
        for word in sorted(found_by.words_of_referrer(contact)):
            yield {"contact_id": contact.id, "word": word}


def _referral(number: int) -> Row:
    row = Referral(
        id=number,
        ref=f"PW-{number:08}-1",
        contact_id=number,
        person_id=number,
        state="closed",
        rulebook_version_id=1,
        calendar_version_id=1,
        closed_at=NOW,
    )
    return row.model_dump()


def _measured(database: Database, rows: list[Row]) -> Iterator[tuple[str, bool, list[str]]]:
    for way, typed in WAYS.items():
        for wider in (False, True):
            chosen = Random(f"{way}{wider}").sample(rows, EACH)
            for row in chosen[:5]:  # the first questions fill caches, of ours and of the database
                _asked(database, typed(row), row, wider=wider)
            seconds, found = zip(*(_asked(database, typed(row), row, wider=wider) for row in chosen), strict=True)
            cut = quantiles(seconds, n=20)
            yield way, wider, [timing.ms(cut[9]), timing.ms(cut[18]), f"{sum(found)} of {EACH}"]


def _asked(database: Database, text: str, row: Row, *, wider: bool) -> tuple[float, bool]:
    start = perf_counter()
    with database.read() as session:
        answer = finding.find(session, ASKER, text, now=NOW, wider=wider)
    return perf_counter() - start, any(one.person.id == row["id"] for one in answer.people)
