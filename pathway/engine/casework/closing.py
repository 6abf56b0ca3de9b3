"""Closing a referral: by itself when nothing is owed any more, by a manager where it was accepted; never while owed.

Inspectors found cases left open after their work had ended (Joint Area Review): what should be closed has a clock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.casework import allocating, closure_codes, transferring
from pathway.engine.inputs import Input, Line, NeededText
from pathway.engine.rulebooks import published_books
from rules import pathway
from rules.timing import grace
from rules.vocabulary import Action, ClockState, EventKind, NotApplicable, State, Trigger
from storage.queries import clock_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Referral, id_of


class ClosureInput(Input):
    """Why a referral is closed; an accepted one with the department's ``code`` for the reason."""

    reason: NeededText
    code: Line = ""


def close(act: Act, referral_id: int, data: ClosureInput, *, version: int | None = None) -> None:
    """Closes the referral and takes the child off the worker's caseload.

    An accepted one needs a reason of the department's list. Raises Refused while anything is owed, an accepted child
    has no worker or no reason fits, InvalidInput for a code that does not fit, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.CLOSE)
    closure_codes.refuse_unfit(act.session, referral, data.code)
    facts = replace(guard_facts.facts_of(act.session, referral), has_closure_code=bool(data.code))
    machine.fire(referral, Trigger.CLOSE, facts)
    referral.closure_code = data.code
    summary = f"Closed: {closure_codes.words(data.code)}{data.reason}"
    _end(act, referral, reason=data.reason, summary=summary)


def close_when_done(act: Act, referral: Referral) -> bool:
    """Closes a referral that was decided, was not accepted, and owes nobody anything; True when it did.

    The contact must be locked. Safe to call whenever something owed has been met; does nothing while anything is.
    """
    if referral.state != State.DECIDED or referral.accepted_at is not None:
        return False
    if grace.runs(referral.grace_until, now=act.now):
        return False  # the sweep asks again when it is over
    # What the caller has just stopped must be seen by the questions that follow.
    act.session.flush()
    if guard_facts.feedback_owed(act.session, referral):
        return False  # so it is for nearly everybody who asks: the other questions cost more
    if guard_facts.answer_may_come_back(act.session, referral, now=act.now):
        return False
    facts = guard_facts.facts_of(act.session, referral)
    arrow = pathway.find(Trigger.CLOSE, State.DECIDED)
    if arrow is None or arrow.refusals(facts):
        return False
    machine.fire(referral, Trigger.CLOSE, facts)
    why = _why_by_itself(act.session, referral)
    summary, reason = f"Closed by itself: {why}", why[:1].upper() + why[1:]
    _end(act, referral, reason=reason, summary=summary)
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


def should_be_closed(act: Act, referral: Referral, *, because: str, occurred_at: datetime) -> None:
    """Says that nothing is left but to close it, and starts the clock of that."""
    summary = f"Should be closed: {because}"
    act.note(EventKind.SHOULD_BE_CLOSED, summary, about=referral, occurred_at=occurred_at)
    clocks.begin(
        act,
        referral,
        act.session.get_one(Contact, referral.contact_id),
        EventKind.SHOULD_BE_CLOSED,
        occurred_at=occurred_at,
        published=published_books.in_force_for(act.session, referral, at=occurred_at),
    )


def need_not_be_closed(act: Act, referral: Referral, *, reason: NotApplicable) -> None:
    """Ends the clock of closing where the referral goes on after all: corrected, or refused by its receiver."""
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clocks.rule_of(act.session, clock).stops_on is EventKind.CLOSED and clock.state == ClockState.RUNNING:
            clocks.make_not_applicable(act, clock, reason)


def _end(act: Act, referral: Referral, *, reason: str, summary: str) -> None:
    referral.closed_at, referral.grace_until = act.now, None
    referral.closure_reason = reason
    act.note(EventKind.CLOSED, summary, about=referral)
    clocks.end(act, referral, EventKind.CLOSED, occurred_at=act.now)
    clocks.end_with_referral(act, referral)
    transferring.end_open(act, referral, because="The referral was closed.")
    locking.changed(act.session, referral)
    allocating.end_allocation(act, referral)
