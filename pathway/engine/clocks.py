"""Clocks of referrals: begun and ended by events, judged by the facts.

A duty met after its due moment is a breach even if no sweep ran in between; a duty met in time is none even if a sweep,
which knew nothing of it yet, recorded one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.rulebook import NO_CONDITIONS, ClockRule, Limit
from rules.timing import timescales
from rules.vocabulary import ClockState, Condition, EventKind, NotApplicable, Unit
from storage.queries import clock_rows, event_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Contact, Event, Referral, id_of

_WRITTEN_TO_THE_REFERRER = (EventKind.ACKNOWLEDGED, EventKind.FEEDBACK_GIVEN)


def _every(_: ClockRule) -> bool:
    return True


def met_by(event: EventKind) -> Callable[[ClockRule], bool]:
    """Of the clocks that could begin, those which this event stops."""
    return lambda rule: rule.stops_on is event


def begin(
    act: Act,
    referral: Referral,
    contact: Contact,
    event: EventKind,
    *,
    occurred_at: datetime,
    published: Published,
    watched: bool = True,
    only: Callable[[ClockRule], bool] = _every,
    conditions: frozenset[Condition] = NO_CONDITIONS,
) -> list[Clock]:
    """Starts every clock of the book that this event, with these facts, starts; in a new round where it comes back.

    A duty that is owed already is not owed twice, and a referral that is set aside owes nothing. ``watched=False`` for
    imported history; ``only``: which of the clocks are meant.
    """
    if referral.set_aside_at is not None:
        return []
    rules = [rule for rule in published.book.clocks_started_by(event) if rule.started_by(event, conditions)]
    rules = [rule for rule in rules if only(rule)]
    # Nothing has run before a referral is received: no need to ask.
    there = clock_rows.of_referral(act.session, id_of(referral)) if rules and event is not EventKind.RECEIVED else []
    begun = []
    for rule in rules:
        before = [clock for clock in there if clock.kind == rule.kind]
        if any(clock.state == ClockState.RUNNING for clock in before):
            continue
        started_on, started_at = counted_from(act.session, referral, rule, event, occurred_at=occurred_at)
        begun.append(
            start(
                act,
                referral,
                contact,
                rule,
                number=len(before) + 1,
                started_on=started_on,
                started_at=started_at,
                published=published,
                watched=watched,
            )
        )
    return begun


def counted_from(
    session: WriteSession, referral: Referral, rule: ClockRule, event: EventKind, *, occurred_at: datetime
) -> tuple[EventKind, datetime]:
    """From which event and moment a clock counts that ``event`` starts. A reopening counts as a new receipt."""
    if rule.counts_from is None or event in rule.again_on:
        return event, occurred_at
    kinds = [rule.counts_from, EventKind.REOPENED]
    earlier = event_rows.latest_of(session, id_of(referral), kinds, before=occurred_at)
    return (event, occurred_at) if earlier is None else (EventKind(earlier.kind), moment_of(session, referral, earlier))


def moment_of(session: WriteSession, referral: Referral, event: Event) -> datetime:
    """When an event happened, as far as is known now: a time of receipt is corrected, and the event stays as it was."""
    if event.kind == EventKind.RECEIVED and referral.named_by_referrer:
        return session.get_one(Contact, referral.contact_id).received_at
    return event.occurred_at


def start(
    act: Act,
    referral: Referral,
    contact: Contact,
    rule: ClockRule,
    *,
    number: int,
    started_on: EventKind,
    started_at: datetime,
    published: Published,
    watched: bool,
    met_at: datetime | None = None,
) -> Clock:
    """Starts round ``number`` of one clock, which counts from ``started_at``; ``met_at``: it was met in the past."""
    reason, limit = _not_applicable(rule, referral, contact), rule.limit_for(referral.rating)
    clock = Clock(
        referral_id=id_of(referral),
        contact_id=id_of(contact),
        kind=rule.kind,
        duty=rule.duty,
        round=number,
        state=ClockState.NOT_APPLICABLE if reason else ClockState.STOPPED if met_at else ClockState.RUNNING,
        started_at=started_at,
        started_on=started_on,
        limit_amount=limit.amount,
        limit_unit=limit.unit,
        due_at=timescales.due_moment(limit, started_at, published.calendar, counting=rule.counting),
        rulebook_version_id=published.rulebook_version_id,
        calendar_version_id=published.calendar_version_id,
        stopped_at=None if reason else met_at,
        not_applicable_because=reason or "",
        watched=watched,
    )
    look_again(clock, rule)
    act.session.add(clock)
    _record_begun(act, clock, rule)
    if clock.stopped_at is not None:
        _record_met(act, clock, rule)
    return clock


def limit_of(clock: Clock) -> Limit:
    """The limit with which a clock counts: fixed when it starts."""
    return Limit(clock.limit_amount, Unit(clock.limit_unit))


def count_again(clock: Clock, rule: ClockRule, published: Published) -> None:
    """Derives the due moment afresh from what the clock was counted with."""
    clock.due_at = timescales.due_moment(limit_of(clock), clock.started_at, published.calendar, counting=rule.counting)


def look_again(clock: Clock, rule: ClockRule) -> None:
    """Has the sweep look at the first rung of a clock that runs and is watched."""
    waits = clock.watched and clock.state == ClockState.RUNNING
    clock.attention_at = _first_look(rule, clock.due_at) if waits else None


def count_from(
    act: Act,
    clock: Clock,
    rule: ClockRule,
    *,
    started_on: EventKind,
    started_at: datetime,
    because: str,
    limit: Limit | None = None,
) -> None:
    """Counts a clock from another moment, perhaps with another limit, and says why in the history.

    An alert that is open stays as it opened.
    """
    before = clock.due_at
    clock.started_on, clock.started_at = started_on, started_at
    if limit is not None:
        clock.limit_amount, clock.limit_unit = limit.amount, limit.unit
    count_again(clock, rule, published_books.of(act.session, clock.rulebook_version_id, clock.calendar_version_id))
    look_again(clock, rule)
    record_moved(act, clock, rule, before=before, because=because)


def record_moved(act: Act, clock: Clock, rule: ClockRule, *, before: datetime, because: str) -> None:
    """Writes into the history that a clock is due at another moment, and why."""
    summary = f"{rule.title}: {limit_of(clock)} from {clock.started_on}. {because}"
    act.note(EventKind.CLOCK_MOVED, summary, about=clock, due_before=before.isoformat())


def _not_applicable(rule: ClockRule, referral: Referral, contact: Contact) -> NotApplicable | None:
    # Whatever a book says: nothing that is written to a referrer is owed for a child whom that referrer did not name.
    if not referral.named_by_referrer and rule.stops_on in _WRITTEN_TO_THE_REFERRER:
        return NotApplicable.NOT_NAMED
    facts = {
        NotApplicable.NOT_NAMED: not referral.named_by_referrer,
        NotApplicable.ANONYMOUS: contact.referrer_kind == NotApplicable.ANONYMOUS,
        NotApplicable.UNSAFE_TO_CONTACT: contact.unsafe_to_contact,
        NotApplicable.IMPORTED: contact.imported,
    }
    return next((reason for reason in facts if facts[reason] and reason in rule.not_applicable_when), None)


def _first_look(rule: ClockRule, due_at: datetime) -> datetime:
    return min((due_at + rung.offset for rung in rule.ladder.warnings), default=due_at)


def _record_begun(act: Act, clock: Clock, rule: ClockRule) -> None:
    if clock.state == ClockState.NOT_APPLICABLE:
        kind, summary = EventKind.CLOCK_NOT_APPLICABLE, f"{rule.title}: not applicable ({clock.not_applicable_because})"
    else:
        kind, summary = EventKind.CLOCK_STARTED, f"{rule.title}: {limit_of(clock)} from {clock.started_on}"
    act.note(kind, summary, about=clock, occurred_at=clock.started_at)


def rule_of(session: ReadSession | WriteSession, clock: Clock) -> ClockRule:
    """The rule under which a clock started."""
    published = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    return published.book.clocks[clock.kind]


def end(act: Act, referral: Referral, event: EventKind, *, occurred_at: datetime) -> list[Clock]:
    """Stops every running clock of the referral that this event stops, judges it, and closes its alert."""
    stopped = []
    for clock in clock_rows.running(act.session, id_of(referral)):
        rule = rule_of(act.session, clock)
        if rule.stopped_by(event):
            stop(act, clock, rule, occurred_at=occurred_at)
            stopped.append(clock)
    return stopped


def step(act: Act, referral: Referral, event: EventKind, *, occurred_at: datetime, watched: bool = True) -> list[Clock]:
    """A step of the pathway: stops what it stops, and starts what the book in force at that moment starts on it."""
    stopped = end(act, referral, event, occurred_at=occurred_at)
    published = published_books.in_force_for(act.session, referral, at=occurred_at)
    if published.book.clocks_started_by(event):
        contact = act.session.get_one(Contact, referral.contact_id)
        begin(act, referral, contact, event, occurred_at=occurred_at, published=published, watched=watched)
    return stopped


def stop(act: Act, clock: Clock, rule: ClockRule, *, occurred_at: datetime) -> None:
    """Stops a clock at the moment when the duty was met, judges it by that, and closes its alert."""
    clock.state = ClockState.STOPPED
    clock.stopped_at = occurred_at
    clock.attention_at = None
    _record_met(act, clock, rule)
    if clock.watched:
        ladders.close_for(act, f"clock:{clock.id}", because=f"{rule.title}: done.")


def _record_met(act: Act, clock: Clock, rule: ClockRule) -> None:
    judge(act, clock, rule)
    late = clock.breached_at is not None
    summary = f"{rule.title}: met {'late' if late else 'in time'}"
    met_at = clock.stopped_at
    act.note(EventKind.CLOCK_STOPPED, summary, about=clock, occurred_at=met_at, late=late)


def end_with_referral(act: Act, referral: Referral) -> None:
    """Ends what is still owed when a referral is closed: a duty late by then stays missed, another applies no more."""
    for clock in clock_rows.running(act.session, id_of(referral)):
        because = "when the referral was closed"
        give_up(act, clock, NotApplicable.CLOSED, because=because, at=act.now)


def give_up(act: Act, clock: Clock, reason: NotApplicable, *, because: str, at: datetime) -> None:
    """Ends a duty that nobody will meet any more: late by ``at`` it stays missed, in time it applies no more."""
    if at <= clock.due_at:
        make_not_applicable(act, clock, reason)
        return
    rule = rule_of(act.session, clock)
    clock.state, clock.attention_at = ClockState.STOPPED, None
    clock.stopped_at, clock.not_applicable_because = at, reason
    judge(act, clock, rule)
    summary = f"{rule.title}: not met {because}"
    act.note(EventKind.CLOCK_STOPPED, summary, about=clock, occurred_at=at, late=True)
    ladders.close_for(act, f"clock:{clock.id}", because=f"Not met {because}.")


def judge(act: Act, clock: Clock, rule: ClockRule) -> None:
    """Sets or clears the breach from the facts: the moment the duty was met, or now where it is not."""
    late = clock.stopped_at > clock.due_at if clock.stopped_at else act.now >= clock.due_at
    if not late:
        clock.breached_at = None
        return
    clock.breached_at = clock.due_at
    if clock.breach_recorded_at is None:
        clock.breach_recorded_at = act.now
        act.by_itself.note(
            EventKind.BREACHED, f"{rule.title}: not done in {limit_of(clock)}", about=clock, occurred_at=clock.due_at
        )


def make_not_applicable(act: Act, clock: Clock, reason: NotApplicable) -> None:
    """Ends a clock that no longer applies: it counts as neither met nor missed."""
    clock.state = ClockState.NOT_APPLICABLE
    clock.not_applicable_because = reason
    clock.attention_at = None
    clock.breached_at = None
    summary = f"{clock.duty}: not applicable ({reason})"
    act.note(EventKind.CLOCK_NOT_APPLICABLE, summary, about=clock)
    ladders.close_for(act, f"clock:{clock.id}", because=f"Not applicable: {reason}.")
