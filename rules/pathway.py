"""The pathway of a referral: one table from which the machine, the tests, the page and the diagram are made.

Source: Haringey action plan 2.1.1 (decision and rationale), 2.1.4 (allocation after discussion), 2.1.5 (each child
alone), 2.2.6 and 2.2.7 (history and siblings before the decision).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rules.vocabulary import State, Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the guards look at: the facts of one referral at the moment somebody tries to move it."""

    checks_missing: tuple[str, ...] = ()
    outcome_accepts: bool = False
    has_outcome: bool = False
    has_level_of_need: bool = False
    has_primary_need: bool = False
    has_reasons: bool = False
    has_discussion: bool = False
    caseload_refusal: str = ""
    feedback_owed: bool = False


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition and the reason given when it does not hold."""

    reason: Callable[[Facts], str]
    name: str

    def refusal(self, facts: Facts) -> str:
        """The reason why the step is refused, or the empty string."""
        return self.reason(facts)


def _checks_recorded(facts: Facts) -> str:
    if not facts.checks_missing:
        return ""
    return f"Record these checks first, as made or as not made and why: {', '.join(facts.checks_missing)}."


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


CHECKS_RECORDED = Guard(_checks_recorded, "checks recorded")
OUTCOME = Guard(_outcome, "outcome")
LEVEL_OF_NEED = Guard(_level_of_need, "level of need")
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

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Trigger.BEGIN_SCREENING, State.RECEIVED, State.SCREENING),
    Transition(Trigger.COMPLETE_SCREENING, State.SCREENING, State.AWAITING_DECISION, (CHECKS_RECORDED,)),
    Transition(
        Trigger.DECIDE,
        State.AWAITING_DECISION,
        State.DECIDED,
        (CHECKS_RECORDED, OUTCOME, LEVEL_OF_NEED, REASONS, PRIMARY_NEED),
    ),
    Transition(Trigger.SEND_TO_ALLOCATION, State.DECIDED, State.AWAITING_ALLOCATION, (ACCEPTED,)),
    Transition(Trigger.ALLOCATE, State.AWAITING_ALLOCATION, State.ALLOCATED, (DISCUSSION, WITHIN_CASELOAD)),
    Transition(Trigger.CLOSE, State.DECIDED, State.CLOSED, (FEEDBACK_GIVEN, NOT_ACCEPTED)),
    Transition(Trigger.CLOSE, State.ALLOCATED, State.CLOSED, (FEEDBACK_GIVEN,)),
    Transition(Trigger.REOPEN, State.CLOSED, State.AWAITING_DECISION, (REASON_TO_REOPEN,)),
)


def find(trigger: Trigger, source: State) -> Transition | None:
    """The arrow for ``trigger`` out of ``source``, or None where there is none."""
    return next((arrow for arrow in TRANSITIONS if arrow.trigger is trigger and arrow.source is source), None)
