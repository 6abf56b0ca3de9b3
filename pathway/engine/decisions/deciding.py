"""Deciding about one child, with reasons (plan action 2.1.1: a decision and its rationale within 24 hours)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import clocks, guard_facts, locking, machine, why_late
from pathway.engine.act import Act
from pathway.engine.casework import closing
from pathway.engine.children import match_answers, third_contacts
from pathway.engine.decisions import consequences, decision_input, within_grace
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.rulebooks import published_books
from rules.pathway import Facts
from rules.rulebook import ClockRule, Outcome
from rules.vocabulary import Action, Condition, Effect, EventKind, NotApplicable, Trigger
from storage.queries import clock_rows
from storage.tables import Contact, Decision, Referral, id_of


def decide(act: Act, referral_id: int, data: DecisionInput, *, version: int | None = None) -> None:
    """Records the decision, stops its clock, sends an accepted child to allocation, and writes the letter when due.

    Raises Refused with everything that is missing, Stale, NotAllowed, NotFound.
    """
    match_answers.lock(act, data.matches)
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    published = published_books.published_of(act.session, referral)
    act.require(Action.DECIDE)
    facts = decision_input.facts_for_decision(guard_facts.facts_of(act.session, referral), data, published)
    machine.fire(referral, Trigger.DECIDE, why_late.with_question(act, referral, facts, data))
    match_answers.record(act, referral, data.matches)
    outcome = published.book.outcomes[data.outcome]
    why_late.keep(act, referral, data, at=act.now, by=why_late.BY_DECIDING)
    decision = keep(act, referral, data, outcome)
    clocks.step(act, referral, EventKind.DECIDED, occurred_at=act.now)
    contact = act.session.get_one(Contact, referral.contact_id)
    _leave_checks_owed(act, referral, contact, facts.checks_missing)
    take_effect(act, referral, decision, outcome)
    third_contacts.ask_when_due(act, referral)
    locking.changed(act.session, referral)


def keep(act: Act, referral: Referral, data: DecisionInput, outcome: Outcome) -> Decision:
    """Puts a decision on record; one that corrects another says why, and is a row of its own beside it.

    Raises InvalidInput for a worker whom there is not, and for a receiver's address that can't be written to.
    """
    data = consequences.fitting(act.session, data, outcome)
    corrects = bool(getattr(data, "correction_reason", ""))
    decision = Decision(
        referral_id=id_of(referral),
        decided_at=act.now,
        decided_by=act.actor.username,
        recorded_at=act.now,
        grace_until=within_grace.begin(act, referral, corrects=corrects),
        **data.model_dump(exclude={"matches", *why_late.FIELDS}),
    )
    act.session.add(decision)
    referral.outcome = outcome.code
    referral.decided_at = act.now
    act.session.flush()
    kind, summary = EventKind.DECIDED, f"Decided: {outcome.title}"
    if because := decision.correction_reason:
        kind, summary = EventKind.DECISION_CORRECTED, f"Decision corrected: {outcome.title}, because: {because}"
    act.note(kind, summary, about=referral, reasons=data.reasons, accepted=outcome.effect.accepts)
    return decision


def take_effect(act: Act, referral: Referral, decision: Decision, outcome: Outcome) -> None:
    """What an outcome leads to, after a first decision and after a corrected one alike."""
    if outcome.effect.accepts:
        contact = act.session.get_one(Contact, referral.contact_id)
        if referral.accepted_at is None:
            accept(act, referral, contact, outcome.effect, accepted_at=act.now)
        else:
            _change_pace(act, referral, contact, outcome.effect)
        machine.fire(referral, Trigger.SEND_TO_ALLOCATION, Facts(outcome_accepts=True))
        return
    consequences.begin(act, referral, decision, outcome)
    because = f"decided as {outcome.title.lower()}"
    closing.should_be_closed(act, referral, because=because, occurred_at=act.now)


def _leave_checks_owed(act: Act, referral: Referral, contact: Contact, missing: Sequence[str]) -> None:
    """In immediate danger the decision goes first: what was not checked stays owed, with a clock."""
    if not missing:
        return
    event = EventKind.DECIDED_BEFORE_CHECKS
    summary = f"Decided before these checks, which are owed: {', '.join(missing)}"
    act.note(event, summary, about=referral, missing=list(missing))
    in_force = published_books.in_force_for(act.session, referral, at=act.now)
    clocks.begin(act, referral, contact, event, occurred_at=act.now, published=in_force)


def accept(
    act: Act, referral: Referral, contact: Contact, effect: Effect, *, accepted_at: datetime, watched: bool = True
) -> None:
    """Marks an accepted referral and starts the clocks that this starts, under the book in force at that moment."""
    referral.accepted_at = accepted_at
    summary = f"Accepted{', at once' if effect.conditions else ''}: to be allocated to a worker"
    known = sorted(effect.conditions)
    act.note(EventKind.ACCEPTED, summary, about=referral, occurred_at=accepted_at, conditions=known)
    clocks.begin(
        act,
        referral,
        contact,
        EventKind.ACCEPTED,
        occurred_at=accepted_at,
        published=published_books.in_force_for(act.session, referral, at=accepted_at),
        watched=watched,
        conditions=effect.conditions,
    )


def _change_pace(act: Act, referral: Referral, contact: Contact, effect: Effect) -> None:
    """A corrected decision that still accepts: what hangs on "at once" is owed from now on, or no longer."""
    if not effect.conditions:
        for clock in clock_rows.running(act.session, id_of(referral)):
            if clocks.rule_of(act.session, clock).starts_when is Condition.AT_ONCE:
                clocks.make_not_applicable(act, clock, NotApplicable.CORRECTED)
        return
    clocks.begin(
        act,
        referral,
        contact,
        EventKind.ACCEPTED,
        occurred_at=act.now,
        published=published_books.in_force_for(act.session, referral, at=act.now),
        only=lambda rule: rule.starts_when is Condition.AT_ONCE and not _allocated_already(referral, rule),
        conditions=effect.conditions,
    )


def _allocated_already(referral: Referral, rule: ClockRule) -> bool:
    return rule.stops_on is EventKind.ALLOCATED and referral.worker_id is not None
