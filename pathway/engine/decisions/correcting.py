"""A wrong decision is followed by a new one, with its date and its reason; nothing is edited (plan action 2.1.1)."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine import clocks, due_clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.casework import allocating, closing, transferring
from pathway.engine.decisions import consequences, deciding, decision_input, reopening
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.inputs import Text
from pathway.engine.letters import cancelling, feedback, writing
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.messages import MessageKind
from rules.pathway import Facts
from rules.timing.rounds import AFTER_ACCEPTANCE
from rules.vocabulary import Action, NotApplicable, State, Trigger
from storage.queries import clock_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Referral, id_of

REOPEN_FIRST = "This referral is closed. Reopen it first: the right decision is made there, as a new one."
NO_LONGER = "The decision was corrected."


class CorrectionInput(DecisionInput):
    """The decision that follows a wrong one, and why."""

    correction_reason: Text = ""


def correct(act: Act, referral_id: int, data: CorrectionInput, *, version: int | None = None) -> None:
    """Records the decision that follows a wrong one, ends what only the wrong one led to, and tells the referrer again.

    An allocated child whom the new decision accepts as well stays with its worker. Raises Refused with everything that
    is missing and for a closed referral, InvalidInput, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.CORRECT_DECISION)
    if referral.state == State.CLOSED:
        raise Refused([REOPEN_FIRST])
    published, before = published_books.published_of(act.session, referral), referral.state
    machine.fire(referral, Trigger.CORRECT, _facts(act.session, referral, data))
    outcome = published.book.outcomes[data.outcome]
    decision = deciding.keep(act, referral, data, outcome)
    _end_what_it_led_to(act, referral, accepted=outcome.effect.accepts)
    deciding.take_effect(act, referral, decision, outcome)
    if before == State.ALLOCATED and referral.state == State.AWAITING_ALLOCATION:
        machine.fire(referral, Trigger.ALLOCATE, Facts(has_discussion=True))
    locking.changed(act.session, referral)
    _tell_again(act, referral)
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


def _facts(session: WriteSession, referral: Referral, data: CorrectionInput) -> Facts:
    published = published_books.published_of(session, referral)
    facts = decision_input.facts_for_decision(guard_facts.facts_of(session, referral), data, published)
    return replace(facts, has_correction_reason=bool(data.correction_reason.strip()))


def _end_what_it_led_to(act: Act, referral: Referral, *, accepted: bool) -> None:
    consequences.end(act, referral, NotApplicable.CORRECTED)
    if accepted:
        closing.need_not_be_closed(act, referral, reason=NotApplicable.CORRECTED)
    elif referral.accepted_at is not None:
        _take_acceptance_back(act, referral)


def _take_acceptance_back(act: Act, referral: Referral) -> None:
    """Nobody holds the child any more, and what an accepted referral owes applies no more."""
    referral.accepted_at = None
    for clock in clock_rows.running(act.session, id_of(referral)):
        if clocks.rule_of(act.session, clock).starts_on in AFTER_ACCEPTANCE:
            clocks.make_not_applicable(act, clock, NotApplicable.CORRECTED)
    transferring.end_open(act, referral, because=NO_LONGER)
    referral.worker_id = referral.team_id = None
    allocating.end_allocation(act, referral)


def _tell_again(act: Act, referral: Referral) -> None:
    """Stops the letter that has not left; where one has, a letter goes at once that says what was corrected."""
    contact = act.session.get_one(Contact, referral.contact_id)
    if not referral.named_by_referrer:
        return
    cancelling.cancel_feedback(act, referral, because=NO_LONGER)
    if referral.feedback_at is not None or letter_rows.told_before(act.session, id_of(referral)):
        reopening.tell_again(act, referral)
        if feedback.may_be_written_to(contact):
            act.refuse_letter_in_doubt()
            child = (referral, act.session.get_one(Person, referral.person_id))
            writing.write(act, contact, MessageKind.CORRECTED_OUTCOME, [child])
