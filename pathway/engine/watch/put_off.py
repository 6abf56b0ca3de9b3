"""A row that the sweep could not deal with: put off longer each time, on record, and told to the system owner."""

from __future__ import annotations

from datetime import timedelta

from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import SYSTEM_LADDER, Matter
from rules.vocabulary import AlertKind, EventKind
from storage.tables import Alert, Clock

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def wait_after(failures: int) -> timedelta:
    """How long a row waits after so many failures: a minute, doubling to an hour."""
    doublings = max(0, min(failures - 1, 10))
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def put_off(act: Act, row: Clock | Alert, error: Exception) -> None:
    """Puts the row off, writes the fault into the history and opens one alert for the system owner."""
    row.failures += 1
    again_at = act.now + wait_after(row.failures)
    if isinstance(row, Clock):
        row.attention_at = again_at
    else:
        row.next_at = again_at
    name = f"{type(row).__name__.lower()}:{row.id}"
    summary, said = f"The sweep could not deal with {name}; it tries again", f"{type(error).__name__}: {error}"
    act.note(EventKind.FAULT, summary, about=row, error=said, again_at=again_at.isoformat())
    if isinstance(row, Alert) and row.kind == AlertKind.SYSTEM:
        return  # an alert about alerts that fail would only breed
    _tell_owner(act, name, error)


def _tell_owner(act: Act, name: str, error: Exception) -> None:
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=f"fault:{name}",
        headline=f"The sweep can't deal with {name}",
        next_step=f"Look at the log. It tries again by itself. The fault: {type(error).__name__}",
        ladder=SYSTEM_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act, matter)
