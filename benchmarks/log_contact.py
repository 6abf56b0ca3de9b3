"""What the engine costs: a contact with three children, against the same rows without an engine."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from benchmarks import scenes, timing
from benchmarks.copies import Copier, Driver
from benchmarks.scenes import NOW, Databases

CONTACTS = 20
ROUNDS = 15
KINDS = ("sqlite", "postgresql")


def table(databases: Databases) -> str:
    """The Markdown table: a contact logged by the engine, by a plain session and by the driver, a transaction each."""
    head = ["database", "rows", "engine", "plain SQLModel", "raw driver", "engine / plain", "engine / raw"]
    return timing.markdown(head, [_row(databases, kind) for kind in KINDS])


def _row(databases: Databases, kind: str) -> list[str]:
    example = databases.fresh(kind)
    scenes.log(example, 0, children=3, received_at=NOW)
    copier = Copier(example, databases.fresh(kind))
    driver = Driver(databases.fresh(kind))
    found = timing.medians(_contenders(databases, kind, copier, driver), rounds=ROUNDS)
    driver.close()
    engine, plain, raw = (seconds / CONTACTS for seconds in found.values())
    times = [timing.ms(engine), timing.ms(plain), timing.ms(raw)]
    return [kind, str(copier.count()), *times, timing.ratio(engine, plain), timing.ratio(engine, raw)]


def _contenders(databases: Databases, kind: str, copier: Copier, driver: Driver) -> dict[str, Callable[[], None]]:
    engine, plain = databases.fresh(kind), databases.fresh(kind)
    return {
        "engine": _many(lambda number: scenes.log(engine, number, children=3, received_at=NOW)),
        "plain": _many(lambda number: copier.by_session(plain, number)),
        "raw": _many(lambda number: copier.by_driver(driver, [number])),
    }


def _many(write: Callable[[int], object]) -> Callable[[], None]:
    numbers = count(1)

    def work() -> None:
        for _ in range(CONTACTS):
            write(next(numbers))

    return work
