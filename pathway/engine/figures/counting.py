"""Figures made true: what changed is counted before a figure is read, and by the sweep; a day's changes are folded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storage.figures import figure_folding, figure_keeping
from storage.queries.figures import figure_rows
from storage.sessions import Conflict, Database, ReadSession, WriteSession

_log = logging.getLogger(__name__)
# A tenth of a second's work or so: whoever reads waits for one such step at most.
CHANGES = 200
# The sweep's own errands come first, and come again in some seconds.
ROUNDS = 5


@contextmanager
def counted(database: Database) -> Iterator[ReadSession]:
    """A session for reading figures, in which what changed until now is counted.

    Where more waits than one step does, as after an upgrade, the sweep goes on with it and ``figure_rows.waiting``
    says how many contacts there are.
    """
    _count_some(database)
    with database.read() as session:
        yield session


def count(database: Database) -> None:
    """Counts what changed, a batch a transaction, and folds. What is left waits for the next run."""
    for _ in range(ROUNDS):
        if not _count_some(database) and not _fold_some(database):
            return


def _count_some(database: Database) -> int:
    with database.read() as session:
        waits = figure_rows.any_waiting(session)
    return _once(database, lambda session: figure_keeping.keep_touched(session, limit=CHANGES)) if waits else 0


def _fold_some(database: Database) -> int:
    with database.read() as session:
        loose = figure_folding.any_unfolded(session)
    return _once(database, figure_folding.fold) if loose else 0


def _once(database: Database, work: Callable[[WriteSession], int]) -> int:
    try:
        with database.write() as session:
            return work(session)
    except Conflict:
        _log.info("Another process counted at the same moment")
        return 0
