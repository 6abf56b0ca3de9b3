"""Looking at one clock, whoever calls for it: the sweep, or a command that finds itself late already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.alerts import ladders, notices, recipients
from pathway.engine.alerts.ladders import Matter
from pathway.engine.letters import feedback
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules import escalation
from rules.rulebook import ClockRule
from rules.vocabulary import AlertKind, ClockState, EventKind, RungResult
from storage.queries import clock_rows
from storage.queries.alerts import alert_rows
from storage.tables import Clock, Contact, Referral, RungTaken, id_of

_NEXT_STEPS = {
    "decision": "Open the referral, decide and give your reasons, or acknowledge and say what you are doing.",
    "feedback": "See that the referrer is told in writing, or acknowledge and say what you are doing.",
    "allocation": "Allocate the child to a worker, or acknowledge and say what you are doing.",
}
_ANY_NEXT_STEP = "Open the referral and do what is owed, or acknowledge and say what you are doing."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look at one clock, under its contact's lock."""

    act: Act
    contact: Contact
    clock: Clock
    rule: ClockRule
    published: Published


def look_at_contact(act: Act, contact: Contact) -> None:
    """Looks at every clock of a contact whose moment has come: what is logged late alerts at once."""
    for clock in clock_rows.awaiting_attention(act.session, id_of(contact), now=act.now):
        look_at_clock(act, clock, contact)


def look_at_clock(act: Act, clock: Clock, contact: Contact) -> None:
    """Re-derives the due moment from the facts, and takes what is due.

    1. The due column is a hint: the due moment is counted again.
    2. Feedback owed for several children can go in part, from the first warning on.
    3. Past the due moment: record the breach, open the alert, take its rungs.
    4. Take the warnings; whoever has just been told of the alert is not warned as well.
    5. Say when to look again; an open alert looks after itself.

    While the clock is in doubt nothing is judged: the hint stays, and the sweep looks afterwards.
    """
    if act.in_doubt:
        return
    if clock.state != ClockState.RUNNING or not clock.watched:
        clock.attention_at = None
        return
    published = published_books.of(act.session, clock.rulebook_version_id, clock.calendar_version_id)
    rule = published.book.clocks[clock.kind]
    clocks.count_again(clock, rule, published)
    look = _Look(act=act.by_itself, contact=contact, clock=clock, rule=rule, published=published)
    _write_in_part(look)
    late = act.now >= clock.due_at
    taken = _warn(look, told=_breach(look) if late else frozenset())
    upcoming = escalation.next_warning_at(rule.ladder, clock.due_at, taken, act.now)
    clock.attention_at = None if late else upcoming or clock.due_at
    clock.failures = 0


def _write_in_part(look: _Look) -> None:
    """From the first warning of the feedback clock on, a letter goes for the children decided, with more to follow."""
    if look.rule.stops_on is not EventKind.FEEDBACK_GIVEN:
        return
    due_at = look.clock.due_at
    if look.act.now >= min((due_at + rung.offset for rung in look.rule.ladder.warnings), default=due_at):
        feedback.write_when_due(look.act, look.contact, in_part=True)


def _breach(look: _Look) -> frozenset[str]:
    """Records the breach and opens the alert; returns who has been told."""
    clocks.judge(look.act, look.clock, look.rule)
    alert = ladders.open_alert(look.act, _overdue(look), published=look.published)
    return ladders.people_told(look.act.session, alert)


def _overdue(look: _Look) -> Matter:
    referral = look.act.session.get_one(Referral, look.clock.referral_id)
    danger = "Immediate danger. " if look.contact.immediate_danger else ""
    return Matter(
        kind=AlertKind.CLOCK,
        subject_key=f"clock:{look.clock.id}",
        headline=f"{danger}Overdue: {look.rule.title.lower()}, referral {referral.ref}",
        next_step=_NEXT_STEPS.get(look.clock.duty, _ANY_NEXT_STEP),
        ladder=look.rule.ladder,
        due_at=look.clock.due_at,
        about=look.clock,
    )


def _warn(look: _Look, *, told: frozenset[str]) -> frozenset[int]:
    """Takes each warning that is due, once, the latest first; returns the numbers of all warnings taken."""
    rows = alert_rows.rungs(look.act.session, f"clock:{look.clock.id}")
    taken = _given(look, rows)
    for step in reversed(escalation.due_warnings(look.rule.ladder, look.clock.due_at, taken, look.act.now)):
        turn = sum(row.rung == step.index for row in rows)
        told |= _take_warning(look, step, told=told, turn=turn)
        taken |= {step.index}
    return taken


def _given(look: _Look, rows: Sequence[RungTaken]) -> frozenset[int]:
    """The warnings already given. One given before its moment belongs to an earlier due moment: it comes again."""
    moments = [(rung.role, look.clock.due_at + rung.offset) for rung in look.rule.ladder.warnings]
    return frozenset(
        index
        for index, (role, moment) in enumerate(moments)
        if any(row.role == role and row.taken_at >= moment for row in rows)
    )


def _take_warning(look: _Look, step: escalation.DueRung, *, told: frozenset[str], turn: int) -> frozenset[str]:
    of_role = recipients.for_role(look.act, step.role, published=look.published)
    beside = recipients.who_may_open(look.act, contact_id=look.clock.contact_id, referral_id=look.clock.referral_id)
    people = recipients.every_one(of_role, beside)
    reached = [person for person in people if person.username not in told]
    for person in reached:
        notices.warn(look.act, person, look.clock, look.rule.title, step=step, turn=turn)
    names = [person.username for person in reached]
    result = RungResult.TOLD if reached else RungResult.OVERTAKEN if people else RungResult.NOBODY
    _record_warning(look, step, result, names, turn=turn)
    return frozenset(names)


def _record_warning(look: _Look, step: escalation.DueRung, result: RungResult, names: list[str], *, turn: int) -> None:
    look.act.session.add(
        RungTaken(
            owner_key=f"clock:{look.clock.id}",
            rung=step.index,
            turn=turn,
            role=step.role,
            intended_at=step.intended_at,
            taken_at=look.act.now,
            result=result,
            people_told=",".join(names),
        )
    )
    summary = f"{look.rule.title}: warning to {step.role}: {result}"
    intended_at = step.intended_at.isoformat()
    look.act.note(
        EventKind.RUNG_TAKEN, summary, about=look.clock, role=step.role, intended_at=intended_at, people=names
    )
