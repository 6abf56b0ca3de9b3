"""The one alert of an import: imported history is quiet, but children whom nobody has decided about must be seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.importing.values import london
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, Role
from rules.words import counted
from storage.queries.intake import importing_rows
from storage.sessions import Database

# Local: no source says who hears of an import.
LADDER = Ladder(name="import", rungs=(Rung(offset=timedelta(0), role=Role.SERVICE_MANAGER, local=True),))
NEXT_STEP = "Open the screening list, and see that somebody decides about each of them."


def tell(act: Act) -> bool:
    """Opens the alert when undecided children came in since the last one; True when it did.

    Run again after an interruption it tells of all; run again after a whole import it tells nothing new.
    """
    waiting = importing_rows.waiting(act.session)
    if not waiting.untold or waiting.oldest_received_at is None:
        return False
    oldest = london(waiting.oldest_received_at)
    undecided = counted(waiting.count, "child", "children")
    matter = Matter(
        kind=AlertKind.IMPORT,
        subject_key=f"import:{act.now.isoformat()}",
        headline=f"Imported and undecided: {undecided}, the oldest received on {oldest}",
        next_step=NEXT_STEP,
        ladder=LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act, matter)
    return True


def review(database: Database, *, now: datetime) -> None:
    """Closes the alerts about imports when every imported child has been decided about. The scheduler calls it."""
    with database.read() as session:
        if not importing_rows.open_alert_subjects(session):
            return
    with following.acting(database, SYSTEM, now=now) as act:
        if importing_rows.waiting(act.session).count == 0:
            _close_all(act)


def _close_all(act: Act) -> None:
    because = "Every imported child has been decided about."
    for subject in importing_rows.open_alert_subjects(act.session):
        ladders.close_for(act, subject, because=because)
