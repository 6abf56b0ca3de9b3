"""Screening: history, siblings and checks come before the decision (plan actions 2.2.6 and 2.2.7, JAR 21)."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.inputs import Input, Text
from pathway.engine.intake import own_search
from pathway.engine.intake.own_search import Answer, OwnSearch
from rules.errors import Fault, InvalidInput, Refused
from rules.vocabulary import Action, CheckKind, EventKind, State, Trigger
from storage.sessions import ReadSession, WriteSession
from storage.tables import Check, Referral, id_of

_OPEN_TO_CHECKS = (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION)
_AFTER_THE_DECISION = (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)


NOT_NOTHING = "Pathway's own search can't answer this: something is on record, or somebody is still to say who it is"
LOOK = "Look at what is known of the child, and write what you found"


class CheckInput(Input):
    """One check before a decision: made, with what was found, or not made, because.

    ``taken_over``: made by Pathway's own search, which finds nothing still.
    """

    kind: CheckKind
    made: bool
    found: Text = ""
    not_made_because: Text = ""
    taken_over: bool = False


def screen(act: Act, referral_id: int, checks: Sequence[CheckInput], *, version: int | None = None) -> None:
    """Begins screening, records checks, and moves on to the decision when every needed check is recorded.

    After a decision only the checks that an urgent one left owed are recorded; then the state stays.
    Raises InvalidInput, Refused once there is a decision and nothing is owed, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.SCREEN)
    checks = _with_own_searches(act.session, referral, checks)
    _refuse(act.session, referral, checks)
    if referral.state == State.RECEIVED:
        machine.fire(referral, Trigger.BEGIN_SCREENING)
        act.note(EventKind.SCREENING_BEGUN, "Screening begun", about=referral)
        clocks.step(act, referral, EventKind.SCREENING_BEGUN, occurred_at=act.now)
    for check in checks:
        _record(act, referral, check)
    act.session.flush()
    complete(act, referral)
    locking.changed(act.session, referral)


def _refuse(session: WriteSession, referral: Referral, checks: Sequence[CheckInput]) -> None:
    if referral.state not in _OPEN_TO_CHECKS and not takes_owed_checks(session, referral):
        raise Refused([f"This referral is {referral.state}: checks are recorded before the decision."])
    faults = [fault for number, check in enumerate(checks) if (fault := _fault(number, check))]
    if not checks:
        faults = [Fault(place="checks", problem="No check was filled in", remedy="Record at least one check")]
    if faults:
        raise InvalidInput(faults)


def _with_own_searches(session: WriteSession, referral: Referral, checks: Sequence[CheckInput]) -> Sequence[CheckInput]:
    """The checks that are taken over with what was searched, now; one that finds something by now has no words."""
    if not any(check.taken_over for check in checks):
        return checks
    searches = own_search.of_child(session, referral)
    return [_searched(check, searches.get(check.kind)) if check.taken_over else check for check in checks]


def _searched(check: CheckInput, search: OwnSearch | None) -> CheckInput:
    found = search.words if search is not None and search.answer is Answer.NOTHING else ""
    return check.model_copy(update={"made": True, "found": found, "not_made_because": ""})


def _fault(number: int, check: CheckInput) -> Fault | None:
    if check.taken_over and not check.found:
        return Fault(place=f"checks.{number}.found", problem=NOT_NOTHING, remedy=LOOK)
    if check.made and not check.found.strip():
        remedy = "Write what was found, or that nothing was"
        return Fault(place=f"checks.{number}.found", problem=f"Say what the check '{check.kind}' found", remedy=remedy)
    if not check.made and not check.not_made_because.strip():
        problem = f"Say why the check '{check.kind}' was not made"
        return Fault(place=f"checks.{number}.not_made_because", problem=problem, remedy="Give the reason")
    return None


def _record(act: Act, referral: Referral, check: CheckInput) -> None:
    act.session.add(
        Check(referral_id=id_of(referral), recorded_at=act.now, recorded_by=act.actor.username, **check.model_dump())
    )
    made = "made, taken over from Pathway's own search" if check.taken_over else "made"
    summary = f"Check '{check.kind}': {made if check.made else f'not made: {check.not_made_because}'}"
    act.note(EventKind.CHECKED, summary, about=referral)


def takes_owed_checks(session: WriteSession | ReadSession, referral: Referral) -> bool:
    """True for a decided referral whose checks an urgent decision left owed."""
    return referral.state in _AFTER_THE_DECISION and guard_facts.checks_left_owed(session, referral)


def complete(act: Act, referral: Referral) -> None:
    """Says that screening is complete, once no needed check is missing, and goes on from there; else does nothing."""
    facts = guard_facts.facts_of(act.session, referral)
    if facts.checks_missing:
        return
    if referral.state == State.SCREENING:
        machine.fire(referral, Trigger.COMPLETE_SCREENING, facts)
        summary = "Screened: awaiting decision"
    elif guard_facts.checks_left_owed(act.session, referral):
        summary = "Screened: every check that was left owed is recorded"
    else:
        return
    act.note(EventKind.SCREENED, summary, about=referral)
    clocks.step(act, referral, EventKind.SCREENED, occurred_at=act.now)
