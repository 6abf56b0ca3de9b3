"""A row that the sweep could not deal with: put off longer each time, on record, and told to the system owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.engine import history
from pathway.engine.actors import SYSTEM
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import SYSTEM_LADDER
from pathway.engine.rulebooks import published_books
from rules.vocabulary import AlertKind, EventKind
from storage.sessions import WriteSession
from storage.tables import Alert, Clock

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


def wait_after(failures: int) -> timedelta:
    """How long a row waits after so many failures: a minute, doubling to an hour."""
    doublings = max(0, min(failures - 1, 10))
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def put_off(session: WriteSession, row: Clock | Alert, error: Exception, *, now: datetime) -> None:
    """Puts the row off, writes the fault into the history and opens one alert for the system owner."""
    row.failures += 1
    again_at = now + wait_after(row.failures)
    if isinstance(row, Clock):
        row.attention_at = again_at
    else:
        row.next_at = again_at
    name = f"{type(row).__name__.lower()}:{row.id}"
    history.record(
        session,
        EventKind.FAULT,
        summary=f"The sweep could not deal with {name}; it tries again",
        actor=SYSTEM,
        now=now,
        contact_id=row.contact_id,
        referral_id=row.referral_id,
        details={"error": f"{type(error).__name__}: {error}", "again_at": again_at.isoformat()},
    )
    if isinstance(row, Alert) and row.kind == AlertKind.SYSTEM:
        return  # an alert about alerts that fail would only breed
    _tell_owner(session, name, error, now=now)


def _tell_owner(session: WriteSession, name: str, error: Exception, *, now: datetime) -> None:
    ladders.open_alert(
        session,
        kind=AlertKind.SYSTEM,
        subject_key=f"fault:{name}",
        headline=f"The sweep can't deal with {name}",
        next_step=f"Look at the log. It tries again by itself. The fault: {type(error).__name__}",
        ladder=SYSTEM_LADDER,
        published=published_books.current(session, now=now),
        due_at=now,
        now=now,
    )
