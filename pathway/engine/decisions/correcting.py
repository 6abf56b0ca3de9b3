"""A wrong decision is followed by a new one, with its date and its reason; nothing is edited (plan action 2.1.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, due_clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.casework import allocating, closing, transferring
from pathway.engine.decisions import consequences, deciding, reopening
from pathway.engine.inputs import CorrectionInput
from pathway.engine.letters import cancelling, feedback, writing
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.pathway import Facts
from rules.timing.rounds import AFTER_ACCEPTANCE
from rules.vocabulary import Action, MessageKind, NotApplicable, State, Trigger
from storage.queries import clock_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Referral, id_of

REOPEN_FIRST = "This referral is closed. Reopen it first: the right decision is made there, as a new one."
NO_LONGER = "The decision was corrected."


def correct(
    session: WriteSession,
    referral_id: int,
    data: CorrectionInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Records the decision that follows a wrong one, ends what only the wrong one led to, and tells the referrer again.

    An allocated child whom the new decision accepts as well stays with its worker. Raises Refused with everything that
    is missing and for a closed referral, InvalidInput, Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.CORRECT_DECISION)
    if referral.state == State.CLOSED:
        raise Refused([REOPEN_FIRST])
    published, before = published_books.published_of(session, referral), referral.state
    machine.fire(referral, Trigger.CORRECT, _facts(session, referral, data))
    outcome = published.book.outcomes[data.outcome]
    decision = deciding.keep(session, referral, data, outcome, actor=actor, now=now, request_id=request_id)
    _end_what_it_led_to(session, referral, accepted=outcome.effect.accepts, actor=actor, now=now)
    deciding.take_effect(session, referral, decision, outcome, actor=actor, now=now)
    if before == State.ALLOCATED and referral.state == State.AWAITING_ALLOCATION:
        machine.fire(referral, Trigger.ALLOCATE, Facts(has_discussion=True))
    locking.changed(session, referral)
    _tell_again(session, referral, actor=actor, now=now)
    closing.close_when_done(session, referral, now=now)
    due_clocks.look_at_contact(session, session.get_one(Contact, referral.contact_id), now=now)
    return referral


def _facts(session: WriteSession, referral: Referral, data: CorrectionInput) -> Facts:
    published = published_books.published_of(session, referral)
    facts = guard_facts.facts_for_decision(guard_facts.facts_of(session, referral), data, published)
    return replace(facts, has_correction_reason=bool(data.correction_reason.strip()))


def _end_what_it_led_to(
    session: WriteSession, referral: Referral, *, accepted: bool, actor: Actor, now: datetime
) -> None:
    consequences.end(session, referral, NotApplicable.CORRECTED, actor=actor, now=now)
    if accepted:
        closing.need_not_be_closed(session, referral, reason=NotApplicable.CORRECTED, now=now, actor=actor)
    elif referral.accepted_at is not None:
        _take_acceptance_back(session, referral, actor=actor, now=now)


def _take_acceptance_back(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Nobody holds the child any more, and what an accepted referral owes applies no more."""
    referral.accepted_at = None
    for clock in clock_rows.running(session, id_of(referral)):
        if clocks.rule_of(session, clock).starts_on in AFTER_ACCEPTANCE:
            clocks.make_not_applicable(session, clock, NotApplicable.CORRECTED, now=now, actor=actor)
    transferring.end_open(session, referral, because=NO_LONGER, now=now, actor=actor)
    referral.worker_id = referral.team_id = None
    allocating.end_allocation(session, referral, now=now, actor=actor)


def _tell_again(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Stops the letter that has not left; where one has, a letter goes at once that says what was corrected."""
    contact = session.get_one(Contact, referral.contact_id)
    if not referral.named_by_referrer:
        return
    cancelling.cancel_feedback(session, referral, because=NO_LONGER, actor=actor, now=now)
    if referral.feedback_at is not None or letter_rows.told_before(session, id_of(referral)):
        reopening.tell_again(session, referral, actor=actor, now=now)
        if feedback.may_be_written_to(contact):
            child = (referral, session.get_one(Person, referral.person_id))
            writing.write(session, contact, MessageKind.CORRECTED_OUTCOME, [child], actor=actor, now=now)
    feedback.write_when_due(session, contact, actor=actor, now=now)
