"""Screening: history, siblings and checks come before the decision (plan actions 2.2.6 and 2.2.7, JAR 21)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import books, changes, guards, history, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import CheckInput
from rules.errors import Fault, InvalidInput, Refused
from rules.vocabulary import Action, EventKind, State, Trigger
from storage.sessions import WriteSession
from storage.tables import Check, Referral, id_of

_OPEN_TO_CHECKS = (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION)


def screen(
    session: WriteSession,
    referral_id: int,
    checks: Sequence[CheckInput],
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Begins screening, records checks, and moves on to the decision when every needed check is recorded.

    Raises InvalidInput, Refused once there is a decision, Stale, NotAllowed, NotFound.
    """
    referral = changes.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(books.current(session, now=now).book, actor, Action.SCREEN)
    _refuse(referral, checks)
    if referral.state == State.RECEIVED:
        machine.fire(referral, Trigger.BEGIN_SCREENING)
        history.of_referral(session, referral, EventKind.SCREENING_BEGUN, "Screening begun", actor=actor, now=now)
    for number, check in enumerate(checks):
        token = request_id if number == 0 else None
        _record(session, referral, check, actor=actor, now=now, request_id=token)
    session.flush()
    _complete(session, referral, actor=actor, now=now)
    return changes.changed(session, referral)


def _refuse(referral: Referral, checks: Sequence[CheckInput]) -> None:
    if referral.state not in _OPEN_TO_CHECKS:
        raise Refused([f"This referral is {referral.state}: checks are recorded before the decision."])
    faults = [fault for number, check in enumerate(checks) if (fault := _fault(number, check))]
    if not checks:
        faults = [Fault(place="checks", problem="No check was filled in", remedy="Record at least one check")]
    if faults:
        raise InvalidInput(faults)


def _fault(number: int, check: CheckInput) -> Fault | None:
    if check.made and not check.found.strip():
        remedy = "Write what was found, or that nothing was"
        return Fault(place=f"checks.{number}.found", problem=f"Say what the check '{check.kind}' found", remedy=remedy)
    if not check.made and not check.not_made_because.strip():
        problem = f"Say why the check '{check.kind}' was not made"
        return Fault(place=f"checks.{number}.not_made_because", problem=problem, remedy="Give the reason")
    return None


def _record(
    session: WriteSession,
    referral: Referral,
    check: CheckInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    session.add(Check(referral_id=id_of(referral), recorded_at=now, recorded_by=actor.username, **check.model_dump()))
    summary = f"Check '{check.kind}': " + ("made" if check.made else f"not made: {check.not_made_because}")
    history.of_referral(session, referral, EventKind.CHECKED, summary, actor=actor, now=now, request_id=request_id)


def _complete(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    facts = guards.facts_of(session, referral)
    if referral.state != State.SCREENING or facts.checks_missing:
        return
    machine.fire(referral, Trigger.COMPLETE_SCREENING, facts)
    history.of_referral(session, referral, EventKind.SCREENED, "Screened: awaiting decision", actor=actor, now=now)
