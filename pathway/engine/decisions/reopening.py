"""Taking a closed referral up again, with the reason: it waits for another decision, in rounds of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, due_clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import ReopeningInput
from pathway.engine.rulebooks import published_books
from rules.vocabulary import Action, EventKind, Trigger
from storage.sessions import WriteSession
from storage.tables import Contact, Referral


def reopen(
    session: WriteSession,
    referral_id: int,
    data: ReopeningInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Puts a closed referral before a manager again; ``tell_again``: the referrer is owed another letter.

    The first decision and the first letter stay on record, and figures judge those. Raises Refused unless the referral
    is closed, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.REOPEN)
    facts = replace(guard_facts.facts_of(session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.REOPEN, facts)
    _forget_the_end(referral)
    summary = f"Reopened: {data.reason}"
    history.of_referral(session, referral, EventKind.REOPENED, summary, actor=actor, now=now, request_id=request_id)
    _begin(session, referral, EventKind.REOPENED, actor=actor, now=now)
    if data.tell_again:
        tell_again(session, referral, actor=actor, now=now)
    locking.changed(session, referral)
    due_clocks.look_at_contact(session, session.get_one(Contact, referral.contact_id), now=now)
    return referral


def _forget_the_end(referral: Referral) -> None:
    """What the row says of the last end; decisions, allocations and history keep it."""
    referral.closed_at = None
    referral.closure_reason = ""
    referral.closure_code = ""
    referral.outcome = None
    referral.decided_at = None
    referral.accepted_at = None
    referral.worker_id = None
    referral.team_id = None


def tell_again(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """The referrer is owed another letter after the next decision; those written before count no more."""
    referral.feedback_at = None
    referral.tell_again_from = now
    summary = "The referrer is to be told of the new decision"
    history.of_referral(session, referral, EventKind.TO_BE_TOLD_AGAIN, summary, actor=actor, now=now)
    _begin(session, referral, EventKind.TO_BE_TOLD_AGAIN, actor=actor, now=now)


def _begin(session: WriteSession, referral: Referral, event: EventKind, *, actor: Actor, now: datetime) -> None:
    clocks.begin(
        session,
        referral,
        session.get_one(Contact, referral.contact_id),
        event,
        occurred_at=now,
        published=published_books.in_force_for(session, referral, at=now),
        now=now,
        actor=actor,
    )
