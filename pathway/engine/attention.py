"""What the sweep does with one clock or one alert, whoever calls it: the sweep, or a command that finds itself late already."""

from __future__ import annotations

from datetime import datetime

from pathway.engine import alerts, books, clocks, history, telling
from pathway.engine.actors import SYSTEM
from pathway.engine.books import Published
from rules import escalation, timescales
from rules.rulebook import ClockRule
from rules.vocabulary import AlertKind, ClockState, EventKind, RungResult
from storage.queries import alerts as alert_rows, clocks as clock_rows
from storage.sessions import WriteSession
from storage.tables import Clock, Contact, Referral, RungTaken

_NEXT_STEPS = {
    "decision": "Open the referral, decide and give your reasons, or acknowledge and say what you are doing.",
    "feedback": "See that the referrer is told in writing, or acknowledge and say what you are doing.",
    "allocation": "Allocate the child to a worker, or acknowledge and say what you are doing.",
}
_ANY_NEXT_STEP = "Open the referral and do what is owed, or acknowledge and say what you are doing."


def look_at_once(session: WriteSession, contact: Contact, *, now: datetime) -> None:
    """Looks at every clock of a contact whose moment has come: a contact logged late alerts at once, not at the next sweep."""
    assert contact.id is not None
    for clock in clock_rows.awaiting_attention(session, contact.id, now=now):
        look_at_clock(session, clock, contact, now=now)


def look_at_clock(session: WriteSession, clock: Clock, contact: Contact, *, now: datetime) -> None:
    """Re-derives the due moment, and takes what is due: warnings, the breach, the alert and its first rungs.

    1. The due column is a hint: the due moment is counted again from the facts. 2. Past it: record the breach, open the
    alert, climb. 3. Take the warnings; whoever was told of the alert is not warned as well. 4. Say when to look again.
    """
    if clock.state != ClockState.RUNNING or not clock.watched:
        clock.attention_at = None
        return
    published = books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    rule = published.book.clocks[clock.kind]
    clock.due_at = timescales.due_moment(rule.limit, clock.started_at, published.calendar, counting=rule.counting)
    told = _breach(session, clock, rule, contact, published, now=now) if now >= clock.due_at else frozenset()
    taken = _warn(session, clock, rule, contact, published, told=told, now=now)
    next_warning = escalation.next_warning_at(rule.ladder, clock.due_at, taken, now)
    clock.attention_at = None if now >= clock.due_at else next_warning or clock.due_at
    clock.failures = 0


def _breach(
    session: WriteSession, clock: Clock, rule: ClockRule, contact: Contact, published: Published, *, now: datetime
) -> frozenset[str]:
    clocks.judge(session, clock, rule, now=now)
    referral = session.get_one(Referral, clock.referral_id)
    danger = "Immediate danger. " if contact.immediate_danger else ""
    alert = alerts.open_alert(
        session,
        kind=AlertKind.CLOCK,
        subject_key=f"clock:{clock.id}",
        headline=f"{danger}{rule.title} is late: referral {referral.ref}",
        next_step=_NEXT_STEPS.get(clock.duty, _ANY_NEXT_STEP),
        ladder=rule.ladder,
        published=published,
        due_at=clock.due_at,
        now=now,
        actor=SYSTEM,
        contact_id=clock.contact_id,
        referral_id=clock.referral_id,
        clock_id=clock.id,
    )
    return alerts.people_told(session, alert)


def _warn(
    session: WriteSession,
    clock: Clock,
    rule: ClockRule,
    contact: Contact,
    published: Published,
    *,
    told: frozenset[str],
    now: datetime,
) -> frozenset[int]:
    """Takes each warning that is due, once, the latest first; returns the numbers of all warnings taken."""
    taken = frozenset(row.rung for row in alert_rows.rungs(session, f"clock:{clock.id}"))
    for step in reversed(escalation.due_warnings(rule.ladder, clock.due_at, taken, now)):
        told |= _take_warning(session, clock, rule, step, published, told=told, now=now)
        taken |= {step.index}
    return taken


def _take_warning(
    session: WriteSession,
    clock: Clock,
    rule: ClockRule,
    step: escalation.DueRung,
    published: Published,
    *,
    told: frozenset[str],
    now: datetime,
) -> frozenset[str]:
    people = telling.people_for(session, step.role, book=published.book, calendar=published.calendar, now=now)
    reached = [person for person in people if person.username not in told]
    for person in reached:
        telling.warn(session, person, clock, rule.title, rung=step.index, role=step.role, now=now)
    result = _result(len(people), len(reached))
    names = [person.username for person in reached]
    _record_warning(session, clock, rule, step, result, names, now=now)
    return frozenset(names)


def _result(asked: int, reached: int) -> RungResult:
    if reached:
        return RungResult.TOLD
    return RungResult.OVERTAKEN if asked else RungResult.NOBODY


def _record_warning(
    session: WriteSession,
    clock: Clock,
    rule: ClockRule,
    step: escalation.DueRung,
    result: RungResult,
    names: list[str],
    *,
    now: datetime,
) -> None:
    session.add(
        RungTaken(
            owner_key=f"clock:{clock.id}",
            rung=step.index,
            role=step.role,
            intended_at=step.intended_at,
            taken_at=now,
            result=result,
            people_told=",".join(names),
        )
    )
    history.of_clock(
        session,
        clock,
        EventKind.RUNG_TAKEN,
        f"{rule.title}: warning to {step.role}: {result}",
        actor=SYSTEM,
        now=now,
        role=step.role,
        intended_at=step.intended_at.isoformat(),
        people=names,
    )
