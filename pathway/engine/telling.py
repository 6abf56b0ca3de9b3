"""Telling staff: who a rung reaches, and the message to each, written into the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notifications import outbox
from notifications import staff as staff_messages
from notifications.outbox import Draft
from pathway.engine.books import Published
from rules import escalation, working_time
from rules.vocabulary import AlertKind, MessageKind, Role
from storage.queries import staff
from storage.sessions import WriteSession
from storage.tables import Alert, Clock, Council, Referral, User

URGENT = 0
ALERT = 1
WARNING = 3


def people_for(session: WriteSession, role: Role, *, published: Published, now: datetime) -> Sequence[User]:
    """Everyone active who holds the role; out of hours the emergency duty team before the duty manager (ADR 0005)."""
    people = list(_holders(session, role))
    instead = published.book.out_of_hours_role
    if role is Role.DUTY_MANAGER and instead and not working_time.is_open(published.calendar, now):
        people = [*staff.holders(session, instead), *people]
    return list({person.id: person for person in people}.values())


def _holders(session: WriteSession, role: Role) -> Sequence[User]:
    holders = list(staff.holders(session, role))
    if role is Role.SYSTEM_OWNER and not holders:
        owner = session.get_one(Council, 1).system_owner
        return staff.named(session, [owner]) if owner else staff.holders(session, Role.ADMINISTRATOR)
    return holders


def warn(
    session: WriteSession,
    person: User,
    clock: Clock,
    title: str,
    *,
    step: escalation.DueRung,
    turn: int = 0,
    now: datetime,
) -> None:
    """One warning to one person that a duty will soon be late; ``turn`` counts due moments that were moved since."""
    council = session.get_one(Council, 1)
    referral = session.get_one(Referral, clock.referral_id)
    facts = staff_messages.AlertFacts(
        headline=title,
        next_step="Open the referral and do what is due.",
        referral_ref=referral.ref,
        due_at=clock.due_at,
        now=now,
        link=f"{council.base_url}/referrals/{referral.ref}",
        rung_role=step.role,
    )
    again = f":{turn}" if turn else ""
    key = f"clock:{clock.id}:warning:{step.index}{again}:user:{person.id}"
    draft = _draft(person, MessageKind.WARNING, facts, council, key=key, priority=WARNING)
    outbox.enqueue(session, draft, now=now)


def alert(session: WriteSession, person: User, alert: Alert, *, turn: str, role: Role, now: datetime) -> None:
    """One alert to one person; ``turn`` tells the rungs and repeats of one alert apart."""
    council = session.get_one(Council, 1)
    facts = _facts(session, alert, council, role=role, now=now)
    key = f"alert:{alert.id}:{turn}:user:{person.id}"
    priority = URGENT if alert.kind == AlertKind.SYSTEM else ALERT
    draft = _draft(person, MessageKind.ALERT, facts, council, key=key, priority=priority, alert_id=alert.id)
    outbox.enqueue(session, draft, now=now)


def alert_closed(session: WriteSession, person: User, alert: Alert, *, now: datetime) -> None:
    """The end of an alert, to one of those who had been told."""
    council = session.get_one(Council, 1)
    facts = _facts(session, alert, council, role=None, now=now)
    key = f"alert:{alert.id}:closed:user:{person.id}"
    draft = _draft(person, MessageKind.ALERT_CLOSED, facts, council, key=key, priority=WARNING, alert_id=alert.id)
    outbox.enqueue(session, draft, now=now)


def _facts(
    session: WriteSession, alert: Alert, council: Council, *, role: Role | None, now: datetime
) -> staff_messages.AlertFacts:
    referral = session.get_one(Referral, alert.referral_id) if alert.referral_id else None
    return staff_messages.AlertFacts(
        headline=alert.headline,
        next_step=alert.next_step,
        referral_ref=referral.ref if referral else None,
        due_at=alert.due_at,
        now=now,
        link=f"{council.base_url}/referrals/{referral.ref}" if referral else f"{council.base_url}/alerts",
        rung_role=role,
        closed_because=alert.closed_because,
    )


def _draft(
    person: User,
    kind: MessageKind,
    facts: staff_messages.AlertFacts,
    council: Council,
    *,
    key: str,
    priority: int,
    alert_id: int | None = None,
) -> Draft:
    text = staff_messages.write(kind, facts)
    return Draft(
        kind=kind,
        dedup_key=key,
        recipient_name=person.name,
        recipient_address=person.email,
        subject=text.subject,
        text=text.text,
        html=None,
        sender=council.sender,
        sender_name=council.name,
        priority=priority,
        alert_id=alert_id,
    )
