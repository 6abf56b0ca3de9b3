"""Telling staff: a notice to each whom a rung reaches, written with the rung; immediate danger goes out with it too.

Everything else is bundled by person and sent by ``pathway.engine.watch.bundling`` (ADR 13).
"""

from __future__ import annotations

from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.alerts import notice_texts, wording
from pathway.engine.alerts.recipients import Recipient
from rules import escalation
from rules.messages import MessageKind
from rules.vocabulary import AlertKind, EventKind, Role
from storage.sessions import Conflict, WriteSession
from storage.tables import Alert, Clock, Contact, Council, Notice, Referral

DANGER = 1
ALERT = 2
WARNING = 3
IN_DANGER = ":danger"  # how the subject of an alert ends that goes out at once though it has no contact yet


def warn(act: Act, person: Recipient, clock: Clock, title: str, *, step: escalation.DueRung, turn: int = 0) -> None:
    """One warning to one person that a duty will soon be late; ``turn`` counts due moments that were moved since."""
    referral = act.session.get_one(Referral, clock.referral_id)
    again = f":{turn}" if turn else ""
    in_danger = _is_of_danger(clock)
    notice = _notice(
        person,
        MessageKind.WARNING,
        key=f"clock:{clock.id}:warning:{step.index}{again}:{person.key}",
        subject_key=f"clock:{clock.id}",
        priority=wording.URGENT if in_danger else WARNING,
        headline=title,
        next_step="Open the referral and do what is due.",
        now=act.now,
    )
    notice.referral_ref, notice.link = referral.ref, f"/referrals/{referral.ref}"
    notice.role, notice.due_at, notice.clock_id = step.role, clock.due_at, clock.id
    _tell(act, notice, at_once=in_danger)


def alert(act: Act, person: Recipient, alert: Alert, *, turn: str, role: Role | None) -> None:
    """One alert to one person, told as ``role``; ``turn`` tells the rungs and repeats of one alert apart."""
    in_full = alert.kind == AlertKind.NEW_INFORMATION and role in (Role.SOCIAL_WORKER, Role.TEAM_MANAGER)
    kind = MessageKind.NEW_INFORMATION if in_full else MessageKind.ALERT
    notice = _about(act, person, alert, kind, turn=turn, priority=_priority(act.session, alert))
    notice.role, notice.alone = role or "", in_full
    _tell(act, notice, at_once=_is_danger(act.session, alert))


def alert_closed(act: Act, person: Recipient, alert: Alert) -> None:
    """The end of an alert, to one of those who had been told.

    Never in a message of its own: a family that is decided together ends several. What was told at once is bundled
    before everything else.
    """
    priority = wording.URGENT if _is_danger(act.session, alert) else WARNING
    turn = f"closed:{act.now.isoformat()}"  # what opens again closes again
    notice = _about(act, person, alert, MessageKind.ALERT_CLOSED, turn=turn, priority=priority)
    notice.closed_because = alert.closed_because
    act.session.add(notice)


def tell_of_search(act: Act, person: Recipient, *, key: str, headline: str, next_step: str, link: str) -> bool:
    """One notice of one search, by its key; False where this person has it already, or gets it at this moment."""
    notice = _notice(
        person,
        MessageKind.ALERT,
        key=f"{key}:{person.key}",
        subject_key=key,
        priority=ALERT,
        headline=headline,
        next_step=next_step,
        now=act.now,
    )
    notice.link = link
    try:
        with act.session.savepoint():
            act.session.add(notice)
    except Conflict:
        return False
    return True


def _tell(act: Act, notice: Notice, *, at_once: bool) -> None:
    """Keeps the notice; what goes at once goes by itself, and what it must not wait for is the bundling."""
    notice.alone = notice.alone or at_once
    act.session.add(notice)
    if at_once:
        act.session.flush()
        notice_texts.write(act, [notice], act.session.get_one(Council, 1))


def _about(act: Act, person: Recipient, alert: Alert, kind: MessageKind, *, turn: str, priority: int) -> Notice:
    notice = _notice(
        person,
        kind,
        key=f"alert:{alert.id}:{turn}:{person.key}",
        subject_key=alert.subject_key,
        priority=priority,
        headline=alert.headline,
        next_step=alert.next_step,
        now=act.now,
    )
    referral = act.session.get_one(Referral, alert.referral_id) if alert.referral_id else None
    notice.referral_ref = referral.ref if referral else ""
    notice.link = _page_of(act.session, alert, referral)
    notice.due_at = None if alert.kind == AlertKind.DANGER else alert.due_at
    notice.alert_id, notice.clock_id = alert.id, alert.clock_id
    return notice


def _notice(
    person: Recipient,
    kind: MessageKind,
    *,
    key: str,
    subject_key: str,
    priority: int,
    headline: str,
    next_step: str,
    now: datetime,
) -> Notice:
    return Notice(
        recipient_key=person.key,
        user_id=person.user_id,
        recipient_name=person.name,
        recipient_address=person.email,
        kind=kind,
        priority=priority,
        subject_key=subject_key,
        headline=headline,
        next_step=next_step,
        dedup_key=key,
        created_at=now,
        wait_until=now,
    )


def _priority(session: WriteSession, alert: Alert) -> int:
    if alert.kind == AlertKind.SYSTEM or _is_danger(session, alert):
        return wording.URGENT
    contact = session.get_one(Contact, alert.contact_id) if alert.contact_id is not None else None
    return DANGER if contact is not None and contact.immediate_danger else ALERT


def _is_danger(session: WriteSession, alert: Alert) -> bool:
    """True for immediate danger and for the hour that a manager has then."""
    if alert.kind == AlertKind.DANGER or alert.subject_key.endswith(IN_DANGER):
        return True
    return alert.clock_id is not None and _is_of_danger(session.get_one(Clock, alert.clock_id))


def _is_of_danger(clock: Clock) -> bool:
    return clock.started_on == EventKind.DANGER_MARKED


def _page_of(session: WriteSession, alert: Alert, referral: Referral | None) -> str:
    if referral is not None:
        return f"/referrals/{referral.ref}"
    if alert.kind == AlertKind.UNFINISHED:
        return f"/unfinished/{alert.subject_key.split(':')[1]}"
    if alert.contact_id is not None:
        return f"/contacts/{session.get_one(Contact, alert.contact_id).ref}"
    return "/alerts"
