"""Restoring a referral that was set aside by mistake: it waits for a decision again, and nobody gains time by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, due_clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.children import re_referrals
from pathway.engine.inputs import ReasonInput
from pathway.engine.intake import immediate_danger, screening
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.vocabulary import Action, ClockState, EventKind, NotApplicable, Trigger
from storage.queries import clock_rows, event_rows
from storage.queries.decisions import setting_aside_rows
from storage.queries.intake import import_run_rows
from storage.tables import Clock, Contact, Referral, id_of

_RECEIPTS = (EventKind.RECEIVED, EventKind.CHILD_ADDED, EventKind.REOPENED)


def restore(act: Act, referral_id: int, data: ReasonInput, *, version: int | None = None) -> None:
    """Puts a referral back to screening, or to the decision where its checks are recorded; clocks count from receipt.

    Duties that had been met stay met for the figures. Raises Refused unless it is set aside, and where the child stands
    in the contact by another referral; Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.SET_ASIDE)
    if import_run_rows.is_taken_back(act.session, referral.contact_id):
        raise Refused(["Its import was taken back: import the file again."])
    facts = replace(guard_facts.facts_of(act.session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.RESTORE, facts)
    if (other := setting_aside_rows.standing_of_child(act.session, referral)) is not None:
        raise Refused([f"This child stands in the contact by another referral, {other.ref}. Set that one aside first."])
    _forget_the_mark(referral, now=act.now)
    summary = f"Restored: {data.reason}"
    act.note(EventKind.RESTORED, summary, about=referral)
    act.session.flush()
    _count_again(act, referral)
    screening.complete(act, referral)
    locking.changed(act.session, referral)
    re_referrals.review(act.session, [referral.person_id])
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


def _forget_the_mark(referral: Referral, *, now: datetime) -> None:
    """What the row says of the mark and of the end before it; decisions, allocations and history keep it."""
    referral.mark = referral.set_aside_because = ""
    referral.set_aside_at = referral.right_referral_id = None
    referral.outcome = referral.decided_at = referral.accepted_at = referral.closed_at = None
    referral.closure_reason = referral.closure_code = ""
    # Whoever was told before is told of the new decision.
    referral.feedback_at, referral.tell_again_from = None, now


def _count_again(act: Act, referral: Referral) -> None:
    contact = act.session.get_one(Contact, referral.contact_id)
    for clock in clock_rows.of_referral(act.session, id_of(referral)):
        if clock.not_applicable_because == NotApplicable.SET_ASIDE:
            _as_it_was(act, clock)
    act.session.flush()
    received = event_rows.latest_of(act.session, id_of(referral), _RECEIPTS, before=act.now)
    at = clocks.moment_of(act.session, referral, received) if received else contact.received_at
    published = published_books.in_force_for(act.session, referral, at=act.now)
    clocks.begin(act, referral, contact, EventKind.RESTORED, occurred_at=at, published=published)
    immediate_danger.begin_for(act, referral, contact, at=at)


def _as_it_was(act: Act, clock: Clock) -> None:
    """A duty that had been met is met again; one that was owed is owed on, unless only a decision had begun it."""
    rule = clocks.rule_of(act.session, clock)
    if clock.stopped_at is None and not rule.started_by(EventKind.RESTORED):
        return
    clock.state = ClockState.STOPPED if clock.stopped_at else ClockState.RUNNING
    clock.not_applicable_because = ""
    if clock.stopped_at:
        clocks.judge(act, clock, rule)
    clocks.look_again(clock, rule)
    because = "Restored: it stands as it stood before."
    clocks.record_moved(act, clock, rule, before=clock.due_at, because=because)
