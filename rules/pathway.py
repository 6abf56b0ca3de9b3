"""The pathway of a referral: one table from which the machine, the tests, the page and the diagram are made.

Source: Haringey action plan 2.1.1 (decision and rationale), 2.1.4 (allocation after discussion), 2.1.5 (each child
alone), 2.2.6 and 2.2.7 (history and siblings before the decision).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from rules.vocabulary import State, Trigger

UNDOING_IS_PAST = "Undoing is past: correct the decision instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guards look at: the facts of one referral at the moment somebody tries to move it."""

    checks_missing: tuple[str, ...] = ()
    matches_open: Mapping[int, str] = field(default_factory=dict)
    outcome_accepts: bool = False
    has_outcome: bool = False
    has_level_of_need: bool = False
    has_primary_need: bool = False
    has_reasons: bool = False
    has_discussion: bool = False
    caseload_refusal: str = ""
    feedback_owed: bool = False
    immediate_danger: bool = False
    needs_worker: bool = False
    has_worker: bool = False
    needs_receiver: bool = False
    has_receiver: bool = False
    has_correction_reason: bool = False
    receiver_refused: bool = False
    undoing_is_past: str = UNDOING_IS_PAST
    still_owed: tuple[str, ...] = ()
    has_closure_code: bool = False
    why_late: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition and the reason given when it does not hold."""

    reason: Callable[[Facts], str]
    name: str

    def refusal(self, facts: Facts) -> str:
        """The reason why the step is refused, or the empty string."""
        return self.reason(facts)


def _checks_recorded(facts: Facts) -> str:
    if not facts.checks_missing or facts.immediate_danger:
        return ""
    return f"Record these checks first, as made or as not made and why: {', '.join(facts.checks_missing)}."


def _all_checks(facts: Facts) -> str:
    return _checks_recorded(replace(facts, immediate_danger=False))


def _in_danger(facts: Facts) -> str:
    if facts.immediate_danger:
        return ""
    return f"Only in immediate danger is a decision made before the checks. {_checks_recorded(facts)}".strip()


def _matches_answered(facts: Facts) -> str:
    return (
        "Say of each possible match whether it is this child, or why it can't be told yet."
        if facts.matches_open
        else ""
    )


def _outcome(facts: Facts) -> str:
    return "" if facts.has_outcome else "Choose an outcome."


def _level_of_need(facts: Facts) -> str:
    return "" if facts.has_level_of_need else "Choose a level of need."


def _reasons(facts: Facts) -> str:
    return "" if facts.has_reasons else "Give the reasons for the decision; the referrer is told them."


def _primary_need(facts: Facts) -> str:
    if facts.outcome_accepts and not facts.has_primary_need:
        return "Choose a primary need: this outcome accepts the referral."
    return ""


def _worker_named(facts: Facts) -> str:
    if facts.needs_worker and not facts.has_worker:
        return "Name the allocated worker: this outcome passes the information to somebody who has the child already."
    return ""


def _receiver_named(facts: Facts) -> str:
    if facts.needs_receiver and not facts.has_receiver:
        return "Name who receives the child: this outcome refers the child onward."
    return ""


def _correction_reason(facts: Facts) -> str:
    return "" if facts.has_correction_reason else "Say why the decision is corrected."


def _reason_to_undo(facts: Facts) -> str:
    return "" if facts.has_reasons else "Give the reason why the decision is undone."


def _not_past(facts: Facts) -> str:
    return facts.undoing_is_past


def _receiver_refused(facts: Facts) -> str:
    return "" if facts.receiver_refused else "It is taken back only when the receiver has refused it."


def _nothing_owed(facts: Facts) -> str:
    return f"Something is still owed: {', '.join(facts.still_owed)}." if facts.still_owed else ""


def _closure_code(facts: Facts) -> str:
    if facts.outcome_accepts and not facts.has_closure_code:
        return "Choose the department's reason for closing."
    return ""


def _why_late(facts: Facts) -> str:
    return facts.why_late


def _reason_to_set_aside(facts: Facts) -> str:
    return "" if facts.has_reasons else "Give the reason why it is set aside."


def _reason_to_restore(facts: Facts) -> str:
    return "" if facts.has_reasons else "Give the reason why it is restored."


def _accepted(facts: Facts) -> str:
    return "" if facts.outcome_accepts else "Only an accepted referral goes to allocation."


def _discussion(facts: Facts) -> str:
    if facts.has_discussion:
        return ""
    return "Record the discussion with the worker first: when, by whom and what was agreed."


def _caseload(facts: Facts) -> str:
    return facts.caseload_refusal


def _feedback_given(facts: Facts) -> str:
    return "Written feedback to the referrer is still owed." if facts.feedback_owed else ""


def _reason_to_reopen(facts: Facts) -> str:
    return "" if facts.has_reasons else "Give the reason why it is taken up again."


def _not_accepted(facts: Facts) -> str:
    return "An accepted referral is allocated before it can be closed." if facts.outcome_accepts else ""


CHECKS_RECORDED = Guard(_checks_recorded, "checks recorded, or immediate danger")
ALL_CHECKS = Guard(_all_checks, "checks recorded")
IN_DANGER = Guard(_in_danger, "immediate danger")
WORKER_NAMED = Guard(_worker_named, "worker named where one has the child already")
RECEIVER_NAMED = Guard(_receiver_named, "receiver named where referred onward")
CORRECTION_REASON = Guard(_correction_reason, "reason for the correction")
REASON_TO_UNDO = Guard(_reason_to_undo, "reason")
UNDOING_NOT_PAST = Guard(_not_past, "letter not claimed; without a letter, within the grace")
RECEIVER_REFUSED = Guard(_receiver_refused, "refused by the receiver")
NOTHING_OWED = Guard(_nothing_owed, "nothing else owed")
WHY_LATE = Guard(_why_late, "why it is late, where it is")
CLOSURE_CODE = Guard(_closure_code, "reason code where accepted")
REASON_TO_SET_ASIDE = Guard(_reason_to_set_aside, "reason")
REASON_TO_RESTORE = Guard(_reason_to_restore, "reason")
OUTCOME = Guard(_outcome, "outcome")
LEVEL_OF_NEED = Guard(_level_of_need, "level of need")
MATCHES_ANSWERED = Guard(_matches_answered, "possible matches answered")
REASONS = Guard(_reasons, "reasons")
PRIMARY_NEED = Guard(_primary_need, "primary need where accepted")
ACCEPTED = Guard(_accepted, "accepted")
DISCUSSION = Guard(_discussion, "discussed with the worker")
WITHIN_CASELOAD = Guard(_caseload, "caseload within the limit or overridden")
FEEDBACK_GIVEN = Guard(_feedback_given, "no feedback owed")
REASON_TO_REOPEN = Guard(_reason_to_reopen, "reason")
NOT_ACCEPTED = Guard(_not_accepted, "not accepted")


@dataclass(frozen=True, slots=True)
class Transition:
    """One arrow of the pathway."""

    trigger: Trigger
    source: State
    target: State
    guards: tuple[Guard, ...] = ()

    def refusals(self, facts: Facts) -> tuple[str, ...]:
        """The reasons why these facts do not allow the step; empty when they do."""
        return tuple(reason for guard in self.guards if (reason := guard.refusal(facts)))


INITIAL = State.RECEIVED
UNDECIDED = (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION)
DECISION = (OUTCOME, LEVEL_OF_NEED, REASONS, PRIMARY_NEED, WORKER_NAMED, RECEIVER_NAMED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Trigger.BEGIN_SCREENING, State.RECEIVED, State.SCREENING),
    Transition(Trigger.COMPLETE_SCREENING, State.SCREENING, State.AWAITING_DECISION, (ALL_CHECKS,)),
    Transition(
        Trigger.DECIDE,
        State.AWAITING_DECISION,
        State.DECIDED,
        (CHECKS_RECORDED, MATCHES_ANSWERED, *DECISION, WHY_LATE),
    ),
    # In immediate danger the decision goes first: the checks stay owed, and no possible match holds it up.
    Transition(Trigger.DECIDE, State.RECEIVED, State.DECIDED, (IN_DANGER, *DECISION)),
    Transition(Trigger.DECIDE, State.SCREENING, State.DECIDED, (IN_DANGER, *DECISION)),
    Transition(Trigger.SEND_TO_ALLOCATION, State.DECIDED, State.AWAITING_ALLOCATION, (ACCEPTED,)),
    Transition(Trigger.ALLOCATE, State.AWAITING_ALLOCATION, State.ALLOCATED, (DISCUSSION, WITHIN_CASELOAD)),
    Transition(Trigger.CLOSE, State.DECIDED, State.CLOSED, (FEEDBACK_GIVEN, NOTHING_OWED, NOT_ACCEPTED)),
    Transition(Trigger.CLOSE, State.ALLOCATED, State.CLOSED, (FEEDBACK_GIVEN, NOTHING_OWED, CLOSURE_CODE)),
    Transition(Trigger.REOPEN, State.CLOSED, State.AWAITING_DECISION, (REASON_TO_REOPEN,)),
    # A wrong decision is followed by a new one; an accepted child then goes on from "decided" as after the first.
    *(
        Transition(Trigger.CORRECT, state, State.DECIDED, (*DECISION, CORRECTION_REASON))
        for state in (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)
    ),
    # Within its grace a decision is revoked: the duty to decide is owed again.
    *(
        Transition(Trigger.UNDO, state, State.AWAITING_DECISION, (REASON_TO_UNDO, UNDOING_NOT_PAST))
        for state in (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)
    ),
    # The worker has left, and nobody else was named: nothing may stand in the way of that.
    Transition(Trigger.BACK_TO_ALLOCATION, State.ALLOCATED, State.AWAITING_ALLOCATION),
    Transition(Trigger.TAKE_BACK, State.DECIDED, State.AWAITING_DECISION, (RECEIVER_REFUSED,)),
    *(
        Transition(Trigger.SET_ASIDE, state, State.SET_ASIDE, (REASON_TO_SET_ASIDE,))
        for state in State
        if state is not State.SET_ASIDE
    ),
    Transition(Trigger.RESTORE, State.SET_ASIDE, State.SCREENING, (REASON_TO_RESTORE,)),
)


def find(trigger: Trigger, source: State) -> Transition | None:
    """The arrow for ``trigger`` out of ``source``, or None where there is none."""
    return next((arrow for arrow in TRANSITIONS if arrow.trigger is trigger and arrow.source is source), None)
