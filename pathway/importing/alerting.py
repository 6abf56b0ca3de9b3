"""The one alert of an import: imported history is quiet, but children whom nobody has decided about must be seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.alerts import ladders
from pathway.engine.rulebooks import published_books
from pathway.importing.values import london
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, Role
from rules.words import counted
from storage.queries.intake import importing_rows
from storage.sessions import Database, WriteSession

# Local: no source says who hears of an import.
LADDER = Ladder(name="import", rungs=(Rung(offset=timedelta(0), role=Role.SERVICE_MANAGER, local=True),))
NEXT_STEP = "Open the screening list, and see that somebody decides about each of them."


def tell(session: WriteSession, *, actor: Actor, now: datetime) -> bool:
    """Opens the alert when undecided children came in since the last one; True when it did.

    Run again after an interruption it tells of all; run again after a whole import it tells nothing new.
    """
    waiting = importing_rows.waiting(session)
    if not waiting.untold or waiting.oldest_received_at is None:
        return False
    oldest = london(waiting.oldest_received_at)
    undecided = counted(waiting.count, "child", "children")
    ladders.open_alert(
        session,
        kind=AlertKind.IMPORT,
        subject_key=f"import:{now.isoformat()}",
        headline=f"Imported and undecided: {undecided}, the oldest received on {oldest}",
        next_step=NEXT_STEP,
        ladder=LADDER,
        published=published_books.current(session, now=now),
        due_at=now,
        now=now,
        actor=actor,
    )
    return True


def review(database: Database, *, now: datetime) -> None:
    """Closes the alerts about imports when every imported child has been decided about. The scheduler calls it."""
    with database.read() as session:
        if not importing_rows.open_alert_subjects(session):
            return
    with database.write() as session:
        if importing_rows.waiting(session).count == 0:
            _close_all(session, now=now)


def _close_all(session: WriteSession, *, now: datetime) -> None:
    because = "Every imported child has been decided about."
    for subject in importing_rows.open_alert_subjects(session):
        ladders.close_for(session, subject, because=because, now=now, actor=SYSTEM)
