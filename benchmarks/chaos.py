"""``make chaos``: a week with a mail server at its worst and a sender that is killed 200 times."""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter

from storage import migrate
from storage.sessions import Database
from support import chaos

KILLS = 200
SEED = "PATHWAY_CHAOS_SEED"
TOLD_EVERY = 10


def main() -> None:
    """Live through the week with its progress on the screen; ends with 1 where a promise was broken."""
    seed = int(os.environ.get(SEED) or secrets.randbelow(10**6))
    began = perf_counter()
    print(f"A week with {KILLS} kills. {SEED}={seed} repeats its plan; the timing is the machine's own.", flush=True)
    with _fresh() as database:
        found = chaos.week(database, seed=seed, kills=KILLS, told=_tell)
        verdict = chaos.judge(found)
    print(f"\nIn {perf_counter() - began:,.0f} s the server misbehaved {found.behaviour.drawn.total():,} times:")
    print("\n".join(f"  {times:5,}  {what}" for what, times in found.behaviour.drawn.most_common()))
    print(
        f"{verdict.owed:,} letters owed: {verdict.handed_over:,} handed over, {verdict.refused:,} refused for good.\n"
        f"{verdict.twins:,} were taken twice, each with its own Message-ID; {verdict.flagged:,} are flagged."
    )
    print("\n".join(verdict.broken) or "Every promise was kept.")
    sys.exit(bool(verdict.broken))


def _tell(found: chaos.Week, moment: datetime) -> None:
    if found.kills % TOLD_EVERY == 0 or found.kills == KILLS:
        print(
            f"{moment:%a %H:%M}  {found.kills} kills, {found.owed:,} letters owed, {len(found.takes):,} taken, "
            f"{sum(map(len, found.held_at_kill)):,} in the hands of a sender when it was killed",
            flush=True,
        )


@contextmanager
def _fresh() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="pathway-chaos-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'chaos.db'}")
        migrate.upgrade(database)
        try:
            yield database
        finally:
            database.dispose()


if __name__ == "__main__":
    main()
