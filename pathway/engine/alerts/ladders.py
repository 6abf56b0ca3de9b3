"""Alerts: opened with a frozen ladder, climbed rung by rung, closed when the duty is met."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from pathway.engine import history
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.alerts import notices, recipients
from pathway.engine.alerts.recipients import Recipient
from pathway.engine.rulebooks.published_books import Published
from rules import escalation
from rules.escalation import AlertProgress, Step
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, EventKind, Role, RungResult
from storage.queries import contact_rows
from storage.queries.alerts import alert_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Alert, RungTaken

# Local: no source says who hears of a letter that came back, or of a message to staff that nobody can get.
LETTER_LADDER = Ladder(
    name="letter refused",
    rungs=(
        Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, local=True),
        Rung(offset=timedelta(hours=4), role=Role.SERVICE_MANAGER, local=True),
    ),
)
SYSTEM_LADDER = Ladder(
    name="system",
    rungs=(Rung(offset=timedelta(0), role=Role.SYSTEM_OWNER, repeat=timedelta(days=1), local=True),),
)


def open_alert(
    session: WriteSession,
    *,
    kind: AlertKind,
    subject_key: str,
    headline: str,
    next_step: str,
    ladder: Ladder,
    published: Published,
    due_at: datetime,
    now: datetime,
    actor: Actor = SYSTEM,
    contact_id: int | None = None,
    referral_id: int | None = None,
    clock_id: int | None = None,
    worker_id: int | None = None,
) -> Alert:
    """Opens an alert and takes the rungs that are due; an open one about the same subject is returned as it is.

    The headline goes into e-mail subjects: it never names a child.
    """
    if (there := alert_rows.open_for(session, subject_key)) is not None:
        return there
    alert = Alert(
        kind=kind,
        subject_key=subject_key,
        headline=headline,
        next_step=next_step,
        contact_id=contact_id,
        referral_id=referral_id,
        clock_id=clock_id,
        worker_id=worker_id,
        ladder=json.dumps(escalation.ladder_to_terms(ladder)),
        due_at=due_at,
        opened_at=now,
        anchor_at=due_at,
    )
    session.add(alert)
    session.flush()
    record(session, alert, EventKind.ALERT_OPENED, f"Alert opened: {headline}", actor=actor, now=now)
    climb(session, alert, published, now=now)
    return alert


def climb(session: WriteSession, alert: Alert, published: Published, *, now: datetime) -> int:
    """Takes every rung that is due, each person told once in this step; returns how many rungs were taken.

    Nobody to tell is an outcome on record, and the next rung is taken at once.
    """
    ladder = ladder_of(alert)
    decision = escalation.decide(ladder, _progress(session, alert), now)
    steps = list(decision.steps)
    reached = _take(session, alert, decision.steps, published, now=now)
    while decision.steps and not reached:
        decision = escalation.skip_to_next(ladder, decision.progress, now)
        steps += decision.steps
        reached = _take(session, alert, decision.steps, published, now=now)
    alert.anchor_at = decision.anchor_at
    alert.held_until = decision.held_until
    alert.next_at = decision.next_at
    alert.failures = 0
    return len(steps)


def ladder_of(alert: Alert) -> Ladder:
    """The ladder as it was when the alert opened."""
    return escalation.ladder_from_terms(json.loads(alert.ladder))


def _progress(session: WriteSession, alert: Alert) -> AlertProgress:
    rungs = alert_rows.rungs(session, f"alert:{alert.id}")
    taken = frozenset((row.rung, row.turn) for row in rungs)
    return AlertProgress(anchor_at=alert.anchor_at, taken=taken, held_until=alert.held_until)


def _take(
    session: WriteSession, alert: Alert, steps: Sequence[Step], published: Published, *, now: datetime
) -> frozenset[str]:
    """Takes the steps, the latest first, so that a person gets the most urgent word only; returns who was told."""
    told: frozenset[str] = frozenset()
    for step in reversed(steps):
        people = recipients.for_role(session, step.role, published=published, now=now, worker_id=alert.worker_id)
        reached = [person for person in people if person.username not in told]
        for person in reached:
            turn = f"rung:{step.index}:{step.turn}"
            notices.alert(session, person, alert, turn=turn, role=step.role, now=now)
        _record_step(session, alert, step, people=people, reached=reached, now=now)
        told |= {person.username for person in people}
    return told


def _record_step(
    session: WriteSession,
    alert: Alert,
    step: Step,
    *,
    people: Sequence[Recipient],
    reached: Sequence[Recipient],
    now: datetime,
) -> None:
    result = RungResult.TOLD if reached else RungResult.OVERTAKEN if people else RungResult.NOBODY
    names = [person.username for person in reached]
    session.add(
        RungTaken(
            owner_key=f"alert:{alert.id}",
            rung=step.index,
            turn=step.turn,
            role=step.role,
            intended_at=step.intended_at,
            taken_at=now,
            result=result,
            people_told=",".join(names),
        )
    )
    summary = f"Alert to {step.role}: {result}"
    intended_at = step.intended_at.isoformat()
    record(
        session,
        alert,
        EventKind.RUNG_TAKEN,
        summary,
        actor=SYSTEM,
        now=now,
        role=step.role,
        intended_at=intended_at,
        people=names,
    )


def record(
    session: WriteSession,
    alert: Alert,
    kind: EventKind,
    summary: str,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
    **more: object,
) -> None:
    """Adds one event about an alert, with what the alert is about."""
    history.record(
        session,
        kind,
        summary=summary,
        actor=actor,
        now=now,
        contact_id=alert.contact_id,
        referral_id=alert.referral_id,
        details={"alert": alert.id, "subject": alert.subject_key, **more},
        request_id=request_id,
    )


def people_told(session: WriteSession, alert: Alert) -> frozenset[str]:
    """The user names of everybody whom the alert has reached."""
    rungs = alert_rows.rungs(session, f"alert:{alert.id}")
    return frozenset(name for row in rungs for name in row.people_told.split(",") if name)


def lock(session: WriteSession, alert_id: int) -> Alert:
    """The alert, locked after its contact or worker, in the order that every command keeps. Raises NotFound."""
    alert = alert_rows.find(session, alert_id)
    if alert.contact_id is not None:
        contact_rows.lock(session, alert.contact_id)
    if alert.worker_id is not None:
        staff_rows.lock_worker_for_review(session, alert.worker_id)
    return alert_rows.lock(session, alert_id)


def close_for(
    session: WriteSession, subject_key: str, *, because: str, now: datetime, actor: Actor, beside: str = ""
) -> None:
    """Closes the open alert about a subject, if there is one, and tells those who had been alerted, not ``beside``."""
    alert = alert_rows.open_for(session, subject_key)
    if alert is None:
        return
    alert.closed_at = now
    alert.closed_because = because
    alert.next_at = None
    alert.held_until = None
    record(session, alert, EventKind.ALERT_CLOSED, f"Alert closed: {because}", actor=actor, now=now)
    for person in recipients.told_before(session, people_told(session, alert) - {beside}):
        notices.alert_closed(session, person, alert, now=now)
