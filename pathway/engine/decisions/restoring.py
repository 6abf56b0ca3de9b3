"""Restoring a referral that was set aside by mistake: it waits for a decision again, and nobody gains time by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, due_clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.children import re_referrals
from pathway.engine.inputs import RestoreInput
from pathway.engine.intake import immediate_danger, screening
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import Action, ClockState, EventKind, NotApplicable, Trigger
from storage.queries import clock_rows, event_rows
from storage.queries.decisions import setting_aside_rows
from storage.sessions import WriteSession
from storage.tables import Clock, Contact, Referral, id_of

_RECEIPTS = (EventKind.RECEIVED, EventKind.CHILD_ADDED, EventKind.REOPENED)


def restore(
    session: WriteSession,
    referral_id: int,
    data: RestoreInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Puts a referral back to screening, or to the decision where its checks are recorded; clocks count from receipt.

    Duties that had been met stay met for the figures. Raises Refused unless it is set aside, and where the child stands
    in the contact by another referral; Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.SET_ASIDE)
    facts = replace(guard_facts.facts_of(session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.RESTORE, facts)
    if (other := setting_aside_rows.standing_of_child(session, referral)) is not None:
        raise Refused([f"This child stands in the contact by another referral, {other.ref}. Set that one aside first."])
    _forget_the_mark(referral, now=now)
    summary = f"Restored: {data.reason}"
    history.of_referral(session, referral, EventKind.RESTORED, summary, actor=actor, now=now, request_id=request_id)
    session.flush()
    _count_again(session, referral, actor=actor, now=now)
    screening.complete(session, referral, actor=actor, now=now)
    locking.changed(session, referral)
    re_referrals.review(session, referral.person_id)
    due_clocks.look_at_contact(session, session.get_one(Contact, referral.contact_id), now=now)
    return referral


def _forget_the_mark(referral: Referral, *, now: datetime) -> None:
    """What the row says of the mark and of the end before it; decisions, allocations and history keep it."""
    referral.mark = referral.set_aside_because = ""
    referral.set_aside_at = referral.right_referral_id = None
    referral.outcome = referral.decided_at = referral.accepted_at = referral.closed_at = None
    referral.closure_reason = referral.closure_code = ""
    # Whoever was told before is told of the new decision.
    referral.feedback_at, referral.tell_again_from = None, now


def _count_again(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    contact = session.get_one(Contact, referral.contact_id)
    for clock in clock_rows.of_referral(session, id_of(referral)):
        if clock.not_applicable_because == NotApplicable.SET_ASIDE:
            _as_it_was(session, clock, actor=actor, now=now)
    session.flush()
    received = event_rows.latest_of(session, id_of(referral), _RECEIPTS, before=now)
    at = received.occurred_at if received else contact.received_at
    published = published_books.in_force_for(session, referral, at=now)
    clocks.begin(
        session, referral, contact, EventKind.RESTORED, occurred_at=at, published=published, now=now, actor=actor
    )
    immediate_danger.begin_for(session, referral, contact, at=at, now=now, actor=actor)


def _as_it_was(session: WriteSession, clock: Clock, *, actor: Actor, now: datetime) -> None:
    """A duty that had been met is met again; one that was owed is owed on, unless only a decision had begun it."""
    rule = clocks.rule_of(session, clock)
    if clock.stopped_at is None and not rule.started_by(EventKind.RESTORED):
        return
    clock.state = ClockState.STOPPED if clock.stopped_at else ClockState.RUNNING
    clock.not_applicable_because = ""
    if clock.stopped_at:
        clocks.judge(session, clock, rule, now=now)
    clocks.look_again(clock, rule)
    because = "Restored: it stands as it stood before."
    clocks.record_moved(session, clock, rule, before=clock.due_at, because=because, actor=actor, now=now)
