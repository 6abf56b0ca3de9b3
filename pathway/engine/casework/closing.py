"""Closing a referral: by itself when nothing is owed any more, by a manager where it was accepted; never while owed.

Inspectors found cases left open after their work had ended (Joint Area Review): what should be closed has a clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.casework import allocating, closure_codes, transferring
from pathway.engine.inputs import ClosureInput
from pathway.engine.rulebooks import published_books
from rules import pathway
from rules.vocabulary import Action, ClockState, EventKind, NotApplicable, State, Trigger
from storage.queries import clock_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Referral, id_of


def close(
    session: WriteSession,
    referral_id: int,
    data: ClosureInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Closes the referral and takes the child off the worker's caseload.

    An accepted one needs a reason of the department's list. Raises Refused while anything is owed, an accepted child
    has no worker or no reason fits, InvalidInput for a code that does not fit, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.CLOSE)
    closure_codes.refuse_unfit(session, referral, data.code)
    facts = replace(guard_facts.facts_of(session, referral), has_closure_code=bool(data.code))
    machine.fire(referral, Trigger.CLOSE, facts)
    referral.closure_code = data.code
    summary = f"Closed: {closure_codes.words(data.code)}{data.reason}"
    _end(session, referral, reason=data.reason, summary=summary, actor=actor, now=now, request_id=request_id)
    return referral


def close_when_done(session: WriteSession, referral: Referral, *, now: datetime, actor: Actor = SYSTEM) -> bool:
    """Closes a referral that was decided, was not accepted, and owes nobody anything; True when it did.

    The contact must be locked. Safe to call whenever something owed has been met; does nothing while anything is.
    """
    if referral.state != State.DECIDED or referral.accepted_at is not None:
        return False
    # What the caller has just stopped must be seen by the questions that follow.
    session.flush()
    facts = guard_facts.facts_of(session, referral)
    arrow = pathway.find(Trigger.CLOSE, State.DECIDED)
    if arrow is None or arrow.refusals(facts):
        return False
    machine.fire(referral, Trigger.CLOSE, facts)
    why = _why_by_itself(session, referral)
    summary, reason = f"Closed by itself: {why}", why[:1].upper() + why[1:]
    _end(session, referral, reason=reason, summary=summary, actor=actor, now=now)
    return True


def _why_by_itself(session: WriteSession, referral: Referral) -> str:
    """Why nothing is owed: in the words that the record keeps as the reason for closing."""
    outcome = published_books.published_of(session, referral).book.outcomes.get(referral.outcome or "")
    decided = f"decided as {outcome.title.lower()}" if outcome else "decided"
    if referral.feedback_at is not None:
        return f"{decided}, the referrer has been told, and nothing else is owed."
    feedback = published_books.published_of(session, referral).book.clocks_stopped_by(EventKind.FEEDBACK_GIVEN)
    kinds = {rule.kind for rule in feedback}
    told = [clock for clock in clock_rows.of_referral(session, id_of(referral)) if clock.kind in kinds]
    because = {clock.not_applicable_because for clock in told if clock.not_applicable_because}
    no_letter = f"no letter is owed to the referrer ({', '.join(sorted(because))})" if because else "no letter is owed"
    return f"{decided}, {no_letter}, and nothing else is owed."


def should_be_closed(
    session: WriteSession, referral: Referral, *, because: str, occurred_at: datetime, now: datetime, actor: Actor
) -> None:
    """Says that nothing is left but to close it, and starts the clock of that."""
    summary = f"Should be closed: {because}"
    history.of_referral(
        session, referral, EventKind.SHOULD_BE_CLOSED, summary, actor=actor, now=now, occurred_at=occurred_at
    )
    clocks.begin(
        session,
        referral,
        session.get_one(Contact, referral.contact_id),
        EventKind.SHOULD_BE_CLOSED,
        occurred_at=occurred_at,
        published=published_books.in_force_for(session, referral, at=occurred_at),
        now=now,
        actor=actor,
    )


def need_not_be_closed(
    session: WriteSession, referral: Referral, *, reason: NotApplicable, now: datetime, actor: Actor
) -> None:
    """Ends the clock of closing where the referral goes on after all: corrected, or refused by its receiver."""
    for clock in clock_rows.running(session, id_of(referral)):
        if clocks.rule_of(session, clock).stops_on is EventKind.CLOSED and clock.state == ClockState.RUNNING:
            clocks.make_not_applicable(session, clock, reason, now=now, actor=actor)


def _end(
    session: WriteSession,
    referral: Referral,
    *,
    reason: str,
    summary: str,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> None:
    referral.closed_at = now
    referral.closure_reason = reason
    history.of_referral(session, referral, EventKind.CLOSED, summary, actor=actor, now=now, request_id=request_id)
    clocks.end(session, referral, EventKind.CLOSED, occurred_at=now, now=now, actor=actor)
    clocks.end_with_referral(session, referral, now=now, actor=actor)
    transferring.end_open(session, referral, because="The referral was closed.", now=now, actor=actor)
    locking.changed(session, referral)
    allocating.end_allocation(session, referral, now=now, actor=actor)
