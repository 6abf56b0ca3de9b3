"""The append-only history: everything that happens is an event, so that each deadline and letter can be explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.vocabulary import EventKind
from storage.sessions import WriteSession
from storage.tables import Alert, Clock, Contact, Event, Letter, Message, Query, Referral

# What an event can be about. It stands on the page of the contact, and of the referral where it is about one.
Subject = Contact | Referral | Clock | Alert | Query | Letter | Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened, and what it is about; ``occurred_at`` None stands for the moment it is recorded."""

    kind: EventKind
    summary: str
    about: Subject | None = None
    occurred_at: datetime | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def record(session: WriteSession, what: Happening, *, by: str, now: datetime, token: str | None = None) -> Event:
    """Adds one event; ``by`` is a user name. An event about a clock tells its due moment."""
    contact_id, referral_id = subject_ids(what.about)
    event = Event(
        kind=what.kind,
        contact_id=contact_id,
        referral_id=referral_id,
        occurred_at=what.occurred_at or now,
        recorded_at=now,
        actor=by,
        summary=what.summary,
        details=json.dumps({**_details(what.about), **what.details}, default=str, ensure_ascii=False),
        request_id=token,
    )
    session.add(event)
    return event


def subject_ids(about: Subject | None) -> tuple[int | None, int | None]:
    """The contact and the referral that something is about, as far as it is about one."""
    match about:
        case None:
            return None, None
        case Contact():
            return about.id, None
        case Referral():
            return about.contact_id, about.id
        case Letter() | Message():
            return about.contact_id, None
        case _:
            return about.contact_id, about.referral_id


def _details(about: Subject | None) -> Mapping[str, object]:
    if isinstance(about, Clock):
        return {"clock": about.kind, "round": about.round, "due_at": about.due_at.isoformat()}
    return {}
