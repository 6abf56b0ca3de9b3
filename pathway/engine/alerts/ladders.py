"""Alerts: opened with a frozen ladder, climbed rung by rung, closed when the duty is met."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pathway.engine import history
from pathway.engine.act import Act
from pathway.engine.alerts import notices, recipients
from pathway.engine.alerts.recipients import Recipient
from pathway.engine.rulebooks.published_books import Published
from rules import escalation
from rules.escalation import AlertProgress, LadderDecision, Step
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, EventKind, Role, RungResult
from storage.queries.alerts import alert_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Alert, Clock, Contact, Referral, RungTaken

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an alert is opened about. ``subject_key``: one open alert a key. The headline never names a child."""

    kind: AlertKind
    subject_key: str
    headline: str
    next_step: str
    ladder: Ladder
    due_at: datetime
    about: Contact | Referral | Clock | None = None
    worker_id: int | None = None


def open_alert(act: Act, matter: Matter, *, published: Published | None = None) -> Alert:
    """Opens an alert and takes the rungs that are due; an open one about the same subject is returned as it is.

    ``published``: the book and calendar by which people are found at the first rungs; the council's own if none.
    """
    if (there := alert_rows.open_for(act.session, matter.subject_key)) is not None:
        return there
    alert = _alert(matter, opened_at=act.now)
    act.session.add(alert)
    act.session.flush()
    record(act, alert, EventKind.ALERT_OPENED, f"Alert opened: {matter.headline}")
    climb(act, alert, published or act.published)
    return alert


def _alert(matter: Matter, *, opened_at: datetime) -> Alert:
    contact_id, referral_id = history.subject_ids(matter.about)
    return Alert(
        kind=matter.kind,
        subject_key=matter.subject_key,
        headline=matter.headline,
        next_step=matter.next_step,
        contact_id=contact_id,
        referral_id=referral_id,
        clock_id=matter.about.id if isinstance(matter.about, Clock) else None,
        worker_id=matter.worker_id,
        ladder=json.dumps(escalation.ladder_to_terms(matter.ladder)),
        due_at=matter.due_at,
        opened_at=opened_at,
        anchor_at=matter.due_at,
    )


def climb(act: Act, alert: Alert, published: Published) -> int:
    """Takes every rung that is due, each person told once in this step; returns how many rungs were taken.

    Nobody to tell is an outcome on record, and the next rung is taken at once. While the clock is in doubt none is: the
    sweep takes it afterwards.
    """
    if act.in_doubt:
        alert.next_at = act.now
        return 0
    ladder, progress = ladder_of(alert), progress_of(act.session, alert)
    return _take_all(act, alert, escalation.decide(ladder, progress, act.now), published)


def climb_on(act: Act, alert: Alert) -> int:
    """Takes the next rung at once, whenever it would be due: nobody who was told is left."""
    ladder, progress = ladder_of(alert), progress_of(act.session, alert)
    return _take_all(act, alert, escalation.skip_to_next(ladder, progress, act.now), act.published)


def _take_all(act: Act, alert: Alert, decision: LadderDecision, published: Published) -> int:
    """Takes the steps that are due, and the next one for as long as nobody was reached; returns how many it took."""
    steps = list(decision.steps)
    reached = _take(act, alert, decision.steps, published)
    while decision.steps and not reached:
        decision = escalation.skip_to_next(ladder_of(alert), decision.progress, act.now)
        steps += decision.steps
        reached = _take(act, alert, decision.steps, published)
    alert.anchor_at = decision.anchor_at
    alert.held_until = decision.held_until
    alert.next_at = decision.next_at
    alert.failures = 0
    return len(steps)


def ladder_of(alert: Alert) -> Ladder:
    """The ladder as it was when the alert opened."""
    return escalation.ladder_from_terms(json.loads(alert.ladder))


def progress_of(session: WriteSession, alert: Alert) -> AlertProgress:
    """How far an alert has come."""
    rungs = alert_rows.rungs(session, f"alert:{alert.id}")
    taken = frozenset((row.rung, row.turn) for row in rungs)
    return AlertProgress(anchor_at=alert.anchor_at, taken=taken, held_until=alert.held_until)


def _take(act: Act, alert: Alert, steps: Sequence[Step], published: Published) -> frozenset[str]:
    """Takes the steps, the latest first, so that a person gets the most urgent word only; returns who was told."""
    told: frozenset[str] = frozenset()
    beside = recipients.who_may_open(act, contact_id=alert.contact_id, referral_id=alert.referral_id) if steps else ()
    not_to = ladder_of(alert).not_to
    for step in reversed(steps):
        of_role = recipients.for_role(act, step.role, published=published, worker_id=alert.worker_id)
        people = [one for one in recipients.every_one(of_role, beside) if one.username != not_to]
        reached = [person for person in people if person.username not in told]
        for person in reached:
            turn = f"rung:{step.index}:{step.turn}"
            notices.alert(act, person, alert, turn=turn, role=step.role)
        _record_step(act, alert, step, people=people, reached=reached)
        told |= {person.username for person in people}
    return told


def _record_step(
    act: Act, alert: Alert, step: Step, *, people: Sequence[Recipient], reached: Sequence[Recipient]
) -> None:
    result = RungResult.TOLD if reached else RungResult.OVERTAKEN if people else RungResult.NOBODY
    names = [person.username for person in reached]
    act.session.add(
        RungTaken(
            owner_key=f"alert:{alert.id}",
            rung=step.index,
            turn=step.turn,
            role=step.role,
            intended_at=step.intended_at,
            taken_at=act.now,
            result=result,
            people_told=",".join(names),
        )
    )
    summary = f"Alert to {step.role}: {result}"
    intended_at = step.intended_at.isoformat()
    record(act.by_itself, alert, EventKind.RUNG_TAKEN, summary, role=step.role, intended_at=intended_at, people=names)


def tell_as_well(act: Act, alert: Alert, usernames: Collection[str]) -> None:
    """Tells people of an alert who stand on no rung of its ladder; each once, and not whom it has reached already."""
    for person in recipients.told_before(act.session, frozenset(usernames) - people_told(act.session, alert)):
        notices.alert(act.by_itself, person, alert, turn="as well", role=None)


def record(
    act: Act,
    alert: Alert,
    kind: EventKind,
    summary: str,
    **more: object,
) -> None:
    """Adds one event about an alert, with what the alert is about."""
    act.note(kind, summary, about=alert, details={"alert": alert.id, "subject": alert.subject_key, **more})


def people_told(session: WriteSession, alert: Alert) -> frozenset[str]:
    """The user names of everybody whom the alert has reached."""
    rungs = alert_rows.rungs(session, f"alert:{alert.id}")
    return frozenset(name for row in rungs for name in row.people_told.split(",") if name)


def lock(act: Act, alert_id: int) -> Alert:
    """The alert, locked after its contact or worker, in the order that every command keeps. Raises NotFound."""
    alert = alert_rows.find(act.session, alert_id)
    if alert.contact_id is not None:
        act.hold(alert.contact_id)
    if alert.worker_id is not None:
        staff_rows.lock_worker_for_review(act.session, alert.worker_id)
    return alert_rows.lock(act.session, alert_id)


def reopen_for(act: Act, subject_key: str, *, closed_at: datetime) -> None:
    """Opens an alert again whose reason is there after all: its ladder goes on as if it had never been closed.

    Whoever was told that it is closed is told that it is open.
    """
    alert = alert_rows.closed_at(act.session, subject_key, at=closed_at)
    if alert is None or alert_rows.open_for(act.session, subject_key) is not None:
        return
    alert.closed_at, alert.closed_because = None, ""
    if alert.acknowledged_at is not None:
        held_until = alert.acknowledged_at + ladder_of(alert).hold
        alert.held_until = held_until if held_until > closed_at else None
    record(act, alert, EventKind.ALERT_OPENED, f"Alert opened again: {alert.headline}")
    before = people_told(act.session, alert)
    climb(act, alert, act.published)
    for person in recipients.told_before(act.session, before - _told_now(act, alert)):
        notices.alert(act.by_itself, person, alert, turn=f"again:{act.now.isoformat()}", role=None)


def _told_now(act: Act, alert: Alert) -> frozenset[str]:
    rungs = alert_rows.rungs(act.session, f"alert:{alert.id}")
    return frozenset(name for row in rungs if row.taken_at == act.now for name in row.people_told.split(","))


def close_for(act: Act, subject_key: str, *, because: str, except_for: str = "") -> None:
    """Closes the open alert about a subject, if there is one, and tells those who were alerted, ``except_for`` one."""
    alert = alert_rows.open_for(act.session, subject_key)
    if alert is None:
        return
    alert.closed_at = act.now
    alert.closed_because = because
    alert.next_at = None
    alert.held_until = None
    record(act, alert, EventKind.ALERT_CLOSED, f"Alert closed: {because}")
    for person in recipients.told_before(act.session, people_told(act.session, alert) - {except_for}):
        notices.alert_closed(act, person, alert)
