"""Undoing a decision within its grace, with the reason: it is revoked, and the duty to decide is owed as before.

Both decisions, the revoked one and the one that will follow, stay on record. Nobody gains time by it: the clock runs on
to its first due moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathway.engine import clocks, due_clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.alerts import answers_needed, ladders
from pathway.engine.casework import allocating, transferring
from pathway.engine.decisions import consequences, within_grace
from pathway.engine.inputs import ReasonInput
from pathway.engine.letters import cancelling
from rules.timing import undone
from rules.vocabulary import Action, ClockState, EventKind, NotApplicable, Trigger
from storage.queries import clock_rows, event_rows, information_rows
from storage.queries.decisions import undone_rows
from storage.tables import Clock, Contact, Decision, Referral, UndoneDecision, id_of

BECAUSE = "The decision was undone."


def undo(act: Act, referral_id: int, data: ReasonInput, *, version: int | None = None) -> None:
    """Revokes the decision that stands, stops its letter, ends what it began, and owes a decision again.

    A correction made within the grace is revoked together with the decision that it follows. Whoever may decide may
    undo, whoever has decided. Raises Refused once the letter is claimed, or where there is none the grace is over;
    Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.DECIDE)
    past = within_grace.held(act, referral).past
    facts = guard_facts.facts_of(act.session, referral)
    facts = replace(facts, has_reasons=bool(data.reason.strip()), undoing_is_past=past)
    machine.fire(referral, Trigger.UNDO, facts)
    revoked = undone_rows.standing_together(act.session, referral_id)
    begun = _begun_by(act, revoked[0])
    cancelling.cancel_feedback(act, referral, because=BECAUSE)
    _keep(act, referral, revoked, reason=data.reason)
    consequences.end(act, referral, NotApplicable.UNDONE)
    _take_effect_back(act, referral, begun)
    _owe_again(act, referral, revoked[0])
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, act.session.get_one(Contact, referral.contact_id))


def _begun_by(act: Act, first: Decision) -> Sequence[Clock]:
    """The clocks that began with the decision or what only it leads to, met or not: none of them counts."""
    after = undone_rows.decided_by_event(act.session, first)
    begun = event_rows.clocks_begun(act.session, first.referral_id, after=after)
    known = clock_rows.of_referral(act.session, first.referral_id)
    mine = (clock for clock in known if (clock.kind, clock.round) in begun)
    return [clock for clock in mine if clocks.rule_of(act.session, clock).starts_on in undone.OF_A_DECISION]


def _keep(act: Act, referral: Referral, revoked: Sequence[Decision], *, reason: str) -> None:
    for decision in revoked:
        by = act.actor.username
        act.session.add(UndoneDecision(decision_id=id_of(decision), undone_at=act.now, undone_by=by, reason=reason))
    first = undone_rows.decided_by_event(act.session, revoked[0])
    told = {"decisions": [decision.id for decision in revoked], undone.FROM: first}
    act.note(EventKind.DECISION_UNDONE, f"Decision undone: {reason}", about=referral, details=told)
    referral.outcome = referral.decided_at = referral.grace_until = None
    act.session.flush()


def _take_effect_back(act: Act, referral: Referral, begun: Sequence[Clock]) -> None:
    for clock in begun:
        if clock.state != ClockState.NOT_APPLICABLE:
            clocks.make_not_applicable(act, clock, NotApplicable.UNDONE)
            clock.stopped_at = None
    _answer_questions(act, referral)
    if referral.accepted_at is None:
        return
    transferring.end_open(act, referral, because=BECAUSE)
    referral.accepted_at = referral.worker_id = referral.team_id = None
    allocating.end_allocation(act, referral)


def _answer_questions(act: Act, referral: Referral) -> None:
    """Whoever asked whether the decision stands has the answer: it does not."""
    asked = information_rows.open_questions(act.session, id_of(referral))
    for one in asked:
        question = one.question
        question.answered_at, question.answered_by = act.now, act.actor.username
        question.stands, question.reason = False, BECAUSE
    if asked:
        answers_needed.answered(act, f"stands:{referral.id}")


def _owe_again(act: Act, referral: Referral, first: Decision) -> None:
    """The very clocks that the decision stopped run on, late where they are late, and their ladders with them."""
    for clock in clock_rows.of_referral(act.session, id_of(referral)):
        rule = clocks.rule_of(act.session, clock)
        stopped = clock.state == ClockState.STOPPED and clock.stopped_at == first.decided_at
        if not (stopped and rule.stops_on is EventKind.DECIDED):
            continue
        clock.state, clock.stopped_at = ClockState.RUNNING, None
        clocks.look_again(clock, rule)
        clocks.record_moved(act, clock, rule, before=clock.due_at, because="The decision was undone: it is owed again.")
        ladders.reopen_for(act, f"clock:{clock.id}", closed_at=first.decided_at)
    act.session.flush()
