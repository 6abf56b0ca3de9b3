"""Taking a closed referral up again, with the reason: it waits for another decision, in rounds of its own."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine import clocks, due_clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededText
from pathway.engine.rulebooks import published_books
from rules.vocabulary import Action, EventKind, Trigger
from storage.tables import Contact, Referral


class ReopeningInput(Input):
    """Why a closed referral is taken up again, and whether the referrer is owed another letter."""

    reason: NeededText
    tell_again: bool = False


def reopen(act: Act, referral_id: int, data: ReopeningInput, *, version: int | None = None) -> None:
    """Puts a closed referral before a manager again; ``tell_again``: the referrer is owed another letter.

    The first decision and the first letter stay on record, and figures judge those. Raises Refused unless the referral
    is closed, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.REOPEN)
    facts = replace(guard_facts.facts_of(act.session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.REOPEN, facts)
    _forget_the_end(referral)
    summary = f"Reopened: {data.reason}"
    act.note(EventKind.REOPENED, summary, about=referral)
    _begin(act, referral, EventKind.REOPENED)
    if data.tell_again:
        tell_again(act, referral)
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


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


def tell_again(act: Act, referral: Referral) -> None:
    """The referrer is owed another letter after the next decision; those written before count no more."""
    referral.feedback_at = None
    referral.tell_again_from = act.now
    summary = "The referrer is to be told of the new decision"
    act.note(EventKind.TO_BE_TOLD_AGAIN, summary, about=referral)
    _begin(act, referral, EventKind.TO_BE_TOLD_AGAIN)


def _begin(act: Act, referral: Referral, event: EventKind) -> None:
    clocks.begin(
        act,
        referral,
        act.session.get_one(Contact, referral.contact_id),
        event,
        occurred_at=act.now,
        published=published_books.in_force_for(act.session, referral, at=act.now),
    )
