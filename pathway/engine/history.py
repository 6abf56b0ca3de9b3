"""The append-only history: everything that happens is an event, so that each deadline and letter can be explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from pathway.engine.actors import Actor
from rules.vocabulary import EventKind
from storage.queries import event_rows
from storage.sessions import WriteSession
from storage.tables import Clock, Contact, Event, Referral


def record(
    session: WriteSession,
    kind: EventKind,
    *,
    summary: str,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    contact_id: int | None = None,
    referral_id: int | None = None,
    details: Mapping[str, object] | None = None,
    request_id: str | None = None,
) -> Event:
    """Adds one event; ``occurred_at`` is ``now`` unless it happened before."""
    event = Event(
        kind=kind,
        contact_id=contact_id,
        referral_id=referral_id,
        occurred_at=occurred_at or now,
        recorded_at=now,
        actor=actor.username,
        summary=summary,
        details=json.dumps(dict(details or {}), default=str, ensure_ascii=False),
        request_id=request_id,
    )
    session.add(event)
    return event


def of_contact(
    session: WriteSession,
    contact: Contact,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    **more: object,
) -> Event:
    """Adds one event about a contact as a whole."""
    return record(session, kind, summary=summary, actor=actor, now=now, contact_id=contact.id, details=more)


def of_referral(
    session: WriteSession,
    referral: Referral,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    request_id: str | None = None,
    **more: object,
) -> Event:
    """Adds one event about one child's referral."""
    return record(
        session,
        kind,
        summary=summary,
        actor=actor,
        now=now,
        occurred_at=occurred_at,
        contact_id=referral.contact_id,
        referral_id=referral.id,
        details=more,
        request_id=request_id,
    )


def of_clock(
    session: WriteSession,
    clock: Clock,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    occurred_at: datetime | None = None,
    **more: object,
) -> Event:
    """Adds one event about one clock, with its due moment."""
    return record(
        session,
        kind,
        summary=summary,
        actor=actor,
        now=now,
        occurred_at=occurred_at,
        contact_id=clock.contact_id,
        referral_id=clock.referral_id,
        details={"clock": clock.kind, "round": clock.round, "due_at": clock.due_at.isoformat(), **more},
    )


def done_already(session: WriteSession, request_id: str | None) -> bool:
    """True when this form token has been used: the second click does nothing, and does no harm."""
    return request_id is not None and event_rows.by_request(session, request_id) is not None
