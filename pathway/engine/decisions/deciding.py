"""Deciding about one child, with reasons (plan action 2.1.1: a decision and its rationale within 24 hours)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import closing
from pathway.engine.decisions import consequences, second_look
from pathway.engine.inputs import DecisionInput
from pathway.engine.intake import immediate_danger
from pathway.engine.letters import feedback
from pathway.engine.rulebooks import published_books
from rules.pathway import Facts
from rules.rulebook import Outcome
from rules.vocabulary import Action, EventKind, Trigger
from storage.sessions import WriteSession
from storage.tables import Contact, Decision, Referral, id_of


def decide(
    session: WriteSession,
    referral_id: int,
    data: DecisionInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Records the decision, stops its clock, sends an accepted child to allocation, and writes the letter when due.

    Raises Refused with everything that is missing, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    published = published_books.published_of(session, referral)
    permissions.require(published_books.current(session, now=now).book, actor, Action.DECIDE)
    facts = guard_facts.facts_for_decision(guard_facts.facts_of(session, referral), data, published)
    machine.fire(referral, Trigger.DECIDE, facts)
    outcome = published.book.outcomes[data.outcome]
    decision = keep(session, referral, data, outcome, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.DECIDED, occurred_at=now, now=now, actor=actor)
    contact = session.get_one(Contact, referral.contact_id)
    _leave_checks_owed(session, referral, contact, facts.checks_missing, actor=actor, now=now)
    take_effect(session, referral, decision, outcome, actor=actor, now=now)
    second_look.ask_when_due(session, referral, actor=actor, now=now)
    locking.changed(session, referral)
    immediate_danger.close_when_decided(session, contact, now=now, actor=actor)
    feedback.write_when_due(session, contact, actor=actor, now=now)
    # Last: whatever else a decision leaves owed is owed by now.
    closing.close_when_done(session, referral, now=now)
    return referral


def keep(
    session: WriteSession,
    referral: Referral,
    data: DecisionInput,
    outcome: Outcome,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> Decision:
    """Puts a decision on record; one that corrects another says why, and is a row of its own beside it.

    Raises InvalidInput for a worker whom there is not, and for a receiver's address that can't be written to.
    """
    data = consequences.fitting(session, data, outcome)
    decision = Decision(
        referral_id=id_of(referral), decided_at=now, decided_by=actor.username, recorded_at=now, **data.model_dump()
    )
    session.add(decision)
    session.flush()
    referral.outcome = outcome.code
    referral.decided_at = now
    kind, summary = EventKind.DECIDED, f"Decided: {outcome.title}"
    if because := decision.correction_reason:
        kind, summary = EventKind.DECISION_CORRECTED, f"Decision corrected: {outcome.title}, because: {because}"
    history.of_referral(
        session,
        referral,
        kind,
        summary,
        actor=actor,
        now=now,
        request_id=request_id,
        reasons=data.reasons,
        accepted=outcome.effect.accepts,
    )
    return decision


def take_effect(
    session: WriteSession,
    referral: Referral,
    decision: Decision,
    outcome: Outcome,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """What an outcome leads to, after a first decision and after a corrected one alike."""
    if outcome.effect.accepts:
        if referral.accepted_at is None:
            contact = session.get_one(Contact, referral.contact_id)
            accept(session, referral, contact, accepted_at=now, actor=actor, now=now)
        machine.fire(referral, Trigger.SEND_TO_ALLOCATION, Facts(outcome_accepts=True))
        return
    consequences.begin(session, referral, decision, outcome, actor=actor, now=now)
    because = f"decided as {outcome.title.lower()}"
    closing.should_be_closed(session, referral, because=because, occurred_at=now, now=now, actor=actor)


def _leave_checks_owed(
    session: WriteSession, referral: Referral, contact: Contact, missing: Sequence[str], *, actor: Actor, now: datetime
) -> None:
    """In immediate danger the decision goes first: what was not checked stays owed, with a clock."""
    if not missing:
        return
    event = EventKind.DECIDED_BEFORE_CHECKS
    summary = f"Decided before these checks, which are owed: {', '.join(missing)}"
    history.of_referral(session, referral, event, summary, actor=actor, now=now, missing=list(missing))
    in_force = published_books.in_force_for(session, referral, at=now)
    clocks.begin(session, referral, contact, event, occurred_at=now, published=in_force, now=now, actor=actor)


def accept(
    session: WriteSession,
    referral: Referral,
    contact: Contact,
    *,
    accepted_at: datetime,
    actor: Actor,
    now: datetime,
    watched: bool = True,
) -> None:
    """Marks an accepted referral and starts the clocks that this starts, under the book in force at that moment."""
    referral.accepted_at = accepted_at
    summary = "Accepted: to be allocated to a worker"
    history.of_referral(session, referral, EventKind.ACCEPTED, summary, actor=actor, now=now, occurred_at=accepted_at)
    clocks.begin(
        session,
        referral,
        contact,
        EventKind.ACCEPTED,
        occurred_at=accepted_at,
        published=published_books.in_force_for(session, referral, at=accepted_at),
        now=now,
        actor=actor,
        watched=watched,
    )
