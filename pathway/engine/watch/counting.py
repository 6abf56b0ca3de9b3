"""What the sweep does for the stored figures: counts what was left to it, and folds the changes of a day into one."""

from __future__ import annotations

import logging

from storage.figures import figure_folding, figure_keeping
from storage.queries.figures import figure_rows
from storage.sessions import Conflict, Database

_log = logging.getLogger(__name__)
# A second's work or so: the sweep's own errands come first, and come again in some seconds.
CONTACTS, ROUNDS = 200, 5


def count(database: Database) -> None:
    """Counts some of the contacts that wait, a batch a transaction, and folds. What is left waits for the next run."""
    for _ in range(ROUNDS):
        with database.read() as session:
            waits = figure_rows.waiting(session) > 0
            loose = figure_folding.any_unfolded(session)
        if waits:
            _once(database, waits=True)
        if loose:
            _once(database, waits=False)
        if not waits and not loose:
            return


def _once(database: Database, *, waits: bool) -> None:
    try:
        with database.write() as session:
            if waits:
                figure_keeping.keep_stale(session, limit=CONTACTS)
            else:
                figure_folding.fold(session)
    except Conflict:
        _log.info("Another process counted at the same moment")
