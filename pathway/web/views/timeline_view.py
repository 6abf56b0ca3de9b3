"""The history of a referral as a timeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.vocabulary import EventKind
from storage.tables import Event

LATE = frozenset({EventKind.BREACHED, EventKind.ALERT_OPENED, EventKind.LETTER_REFUSED, EventKind.FAULT})
WORTH_SAYING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event: when it happened, when it was recorded, and when it should have happened, where that differs."""

    at: datetime
    recorded_at: datetime | None
    intended_at: datetime | None
    kind: str
    summary: str
    actor: str
    is_late: bool


def entries(events: Sequence[Event], names: Mapping[str, str]) -> list[Entry]:
    """The events in the order in which they happened, the newest last."""
    ordered = sorted(events, key=lambda event: (event.occurred_at, event.id or 0))
    return [_entry(event, names) for event in ordered]


def _entry(event: Event, names: Mapping[str, str]) -> Entry:
    details = json.loads(event.details)
    intended = details.get("intended_at")
    people = [names.get(username, username) for username in details.get("people") or ()]
    apart = event.recorded_at - event.occurred_at > WORTH_SAYING
    return Entry(
        at=event.occurred_at,
        recorded_at=event.recorded_at if apart else None,
        intended_at=datetime.fromisoformat(intended) if intended else None,
        kind=event.kind,
        summary=f"{event.summary} ({', '.join(people)})" if people else event.summary,
        actor="" if event.actor == "pathway" else names.get(event.actor, event.actor),
        is_late=EventKind(event.kind) in LATE,
    )
