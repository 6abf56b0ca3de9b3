"""Telling staff: the message to each whom a rung reaches, written into the outbox."""

from __future__ import annotations

from datetime import datetime

from notifications import outbox
from notifications import staff as staff_messages
from notifications.outbox import Draft
from notifications.staff import StaffText
from pathway.engine.recipients import Recipient
from rules import escalation
from rules.vocabulary import AlertKind, MessageKind, ReferrerKind, Role
from storage.queries import referrals
from storage.sessions import WriteSession
from storage.tables import Alert, Clock, Contact, Council, Referral, id_of

URGENT = 0
ALERT = 1
WARNING = 3


def warn(
    session: WriteSession,
    person: Recipient,
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
    key = f"clock:{clock.id}:warning:{step.index}{again}:{person.key}"
    text = staff_messages.write(MessageKind.WARNING, facts)
    draft = _draft(person, MessageKind.WARNING, text, council, key=key, priority=WARNING)
    outbox.enqueue(session, draft, now=now)


def alert(session: WriteSession, person: Recipient, alert: Alert, *, turn: str, role: Role, now: datetime) -> None:
    """One alert to one person; ``turn`` tells the rungs and repeats of one alert apart.

    New information goes in full to the worker and to the managers of the team; who is told after them signs in.
    """
    council = session.get_one(Council, 1)
    key = f"alert:{alert.id}:{turn}:{person.key}"
    priority = URGENT if alert.kind in (AlertKind.SYSTEM, AlertKind.DANGER) else ALERT
    kind = MessageKind.ALERT
    if alert.kind == AlertKind.NEW_INFORMATION and role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER):
        kind = MessageKind.NEW_INFORMATION
        text = staff_messages.write_new_information(_new_information(session, alert, council, role=role))
    else:
        text = staff_messages.write(kind, _facts(session, alert, council, role=role, now=now))
    outbox.enqueue(session, _draft(person, kind, text, council, key=key, priority=priority, alert_id=alert.id), now=now)


def _new_information(
    session: WriteSession, alert: Alert, council: Council, *, role: Role
) -> staff_messages.NewInformation:
    referral = session.get_one(Referral, alert.referral_id)
    contact = session.get_one(Contact, referral.contact_id)
    decision = referrals.latest_decision(session, id_of(referral))
    return staff_messages.NewInformation(
        headline=alert.headline,
        next_step=alert.next_step,
        referral_ref=referral.ref,
        received_at=contact.received_at,
        referrer=referrer_words(contact),
        concern=contact.concern_facts,
        opinion=contact.professional_opinion,
        reasons=decision.reasons if decision else "",
        link=f"{council.base_url}/referrals/{referral.ref}",
        rung_role=role,
    )


def referrer_words(contact: Contact) -> str:
    """Who contacted us, as other professionals may read it: only a professional whose identity is shared is named."""
    if contact.identity_protected or contact.referrer_kind != ReferrerKind.PROFESSIONAL:
        return ""
    return ", ".join(filter(None, (contact.referrer_name, contact.referrer_role, contact.referrer_agency)))


def alert_closed(session: WriteSession, person: Recipient, alert: Alert, *, now: datetime) -> None:
    """The end of an alert, to one of those who had been told."""
    council = session.get_one(Council, 1)
    text = staff_messages.write(MessageKind.ALERT_CLOSED, _facts(session, alert, council, role=None, now=now))
    key = f"alert:{alert.id}:closed:{person.key}"
    draft = _draft(person, MessageKind.ALERT_CLOSED, text, council, key=key, priority=WARNING, alert_id=alert.id)
    outbox.enqueue(session, draft, now=now)


def _facts(
    session: WriteSession, alert: Alert, council: Council, *, role: Role | None, now: datetime
) -> staff_messages.AlertFacts:
    referral = session.get_one(Referral, alert.referral_id) if alert.referral_id else None
    danger = alert.kind == AlertKind.DANGER
    return staff_messages.AlertFacts(
        headline=alert.headline,
        next_step=alert.next_step,
        referral_ref=referral.ref if referral else None,
        due_at=None if danger else alert.due_at,
        now=now,
        link=f"{council.base_url}{_page_of(session, alert, referral)}",
        rung_role=role,
        closed_because=alert.closed_because,
        urgent=danger,
    )


def _page_of(session: WriteSession, alert: Alert, referral: Referral | None) -> str:
    if referral is not None:
        return f"/referrals/{referral.ref}"
    if alert.kind == AlertKind.DANGER and alert.contact_id is not None:
        return f"/contacts/{session.get_one(Contact, alert.contact_id).ref}"
    return "/alerts"


def _draft(
    person: Recipient,
    kind: MessageKind,
    text: StaffText,
    council: Council,
    *,
    key: str,
    priority: int,
    alert_id: int | None = None,
) -> Draft:
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
