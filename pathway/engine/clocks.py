"""Clocks of referrals: begun and ended by events, judged by the facts.

A duty met after its due moment is a breach even if no sweep ran in between; a duty met in time is none even if a sweep,
which knew nothing of it yet, recorded one.
"""

from __future__ import annotations

from datetime import datetime

from pathway.engine import alerts, books, history
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.books import Published
from rules import timescales
from rules.rulebook import ClockRule
from rules.vocabulary import ClockState, EventKind, NotApplicable
from storage.queries import clocks
from storage.sessions import WriteSession
from storage.tables import Clock, Contact, Referral, id_of


def begin(
    session: WriteSession,
    referral: Referral,
    contact: Contact,
    event: EventKind,
    *,
    occurred_at: datetime,
    published: Published,
    now: datetime,
    actor: Actor = SYSTEM,
    watched: bool = True,
) -> list[Clock]:
    """Starts every clock of the book that this event starts; ``watched=False`` for imported history."""
    return [
        _begin_one(
            session,
            referral,
            contact,
            rule,
            started_at=occurred_at,
            published=published,
            now=now,
            actor=actor,
            watched=watched,
        )
        for rule in published.book.clocks_started_by(event)
    ]


def _begin_one(
    session: WriteSession,
    referral: Referral,
    contact: Contact,
    rule: ClockRule,
    *,
    started_at: datetime,
    published: Published,
    now: datetime,
    actor: Actor,
    watched: bool,
) -> Clock:
    reason = _not_applicable(rule, contact)
    due_at = timescales.due_moment(rule.limit, started_at, published.calendar, counting=rule.counting)
    clock = Clock(
        referral_id=id_of(referral),
        contact_id=id_of(contact),
        kind=rule.kind,
        duty=rule.duty,
        round=1,
        state=ClockState.NOT_APPLICABLE if reason else ClockState.RUNNING,
        started_at=started_at,
        limit_amount=rule.limit.amount,
        limit_unit=rule.limit.unit,
        due_at=due_at,
        rulebook_version_id=published.rulebook_version_id,
        calendar_version_id=published.calendar_version_id,
        not_applicable_because=reason or "",
        watched=watched,
        attention_at=_first_look(rule, due_at) if watched and not reason else None,
    )
    session.add(clock)
    _record_begun(session, clock, rule, actor=actor, now=now)
    return clock


def _not_applicable(rule: ClockRule, contact: Contact) -> NotApplicable | None:
    facts = {
        NotApplicable.ANONYMOUS: contact.referrer_kind == NotApplicable.ANONYMOUS,
        NotApplicable.UNSAFE_TO_CONTACT: contact.unsafe_to_contact,
        NotApplicable.IMPORTED: contact.imported,
    }
    return next((reason for reason in NotApplicable if facts[reason] and reason in rule.not_applicable_when), None)


def _first_look(rule: ClockRule, due_at: datetime) -> datetime:
    return min((due_at + rung.offset for rung in rule.ladder.warnings), default=due_at)


def _record_begun(session: WriteSession, clock: Clock, rule: ClockRule, *, actor: Actor, now: datetime) -> None:
    if clock.state == ClockState.NOT_APPLICABLE:
        kind, summary = EventKind.CLOCK_NOT_APPLICABLE, f"{rule.title}: not applicable ({clock.not_applicable_because})"
    else:
        kind, summary = EventKind.CLOCK_STARTED, f"{rule.title}: {rule.limit} from {rule.starts_on}"
    history.of_clock(session, clock, kind, summary, actor=actor, now=now, occurred_at=clock.started_at)


def rule_of(session: WriteSession, clock: Clock) -> ClockRule:
    """The rule under which a clock started."""
    published = books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    return published.book.clocks[clock.kind]


def end(
    session: WriteSession,
    referral: Referral,
    event: EventKind,
    *,
    occurred_at: datetime,
    now: datetime,
    actor: Actor = SYSTEM,
) -> list[Clock]:
    """Stops every running clock of the referral that this event stops, judges it, and closes its alert."""
    stopped = []
    for clock in clocks.running(session, id_of(referral)):
        rule = rule_of(session, clock)
        if rule.stops_on is event:
            _stop(session, clock, rule, occurred_at=occurred_at, now=now, actor=actor)
            stopped.append(clock)
    return stopped


def _stop(
    session: WriteSession, clock: Clock, rule: ClockRule, *, occurred_at: datetime, now: datetime, actor: Actor
) -> None:
    clock.state = ClockState.STOPPED
    clock.stopped_at = occurred_at
    clock.attention_at = None
    judge(session, clock, rule, now=now)
    late = clock.breached_at is not None
    summary = f"{rule.title}: met {'late' if late else 'in time'}"
    history.of_clock(
        session, clock, EventKind.CLOCK_STOPPED, summary, actor=actor, now=now, occurred_at=occurred_at, late=late
    )
    if clock.watched:
        alerts.close_for(session, f"clock:{clock.id}", because=f"{rule.title}: done.", now=now, actor=actor)


def judge(session: WriteSession, clock: Clock, rule: ClockRule, *, now: datetime) -> None:
    """Sets or clears the breach from the facts: the moment the duty was met, or now where it is not."""
    late = clock.stopped_at > clock.due_at if clock.stopped_at else now >= clock.due_at
    if not late:
        clock.breached_at = None
        return
    clock.breached_at = clock.due_at
    if clock.breach_recorded_at is None:
        clock.breach_recorded_at = now
        history.of_clock(
            session,
            clock,
            EventKind.BREACHED,
            f"{rule.title}: not done in {rule.limit}",
            actor=SYSTEM,
            now=now,
            occurred_at=clock.due_at,
        )


def make_not_applicable(
    session: WriteSession, clock: Clock, reason: NotApplicable, *, now: datetime, actor: Actor
) -> None:
    """Ends a clock that no longer applies: it counts as neither met nor missed."""
    clock.state = ClockState.NOT_APPLICABLE
    clock.not_applicable_because = reason
    clock.attention_at = None
    clock.breached_at = None
    summary = f"{clock.duty}: not applicable ({reason})"
    history.of_clock(session, clock, EventKind.CLOCK_NOT_APPLICABLE, summary, actor=actor, now=now)
    alerts.close_for(session, f"clock:{clock.id}", because=f"Not applicable: {reason}.", now=now, actor=actor)
