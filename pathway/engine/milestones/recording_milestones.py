"""Milestones of an accepted child: assessments, strategy discussions, conferences, reviews, each at its own moment.

They start and stop the later clocks (Working Together 2006 and 2023; plan action 2.5.3 for minutes). *Done* and
*entered* are two moments: what counts is when it was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pydantic import AwareDatetime

from pathway.engine import due_clocks, inputs, locking
from pathway.engine.act import Act
from pathway.engine.casework import closing
from pathway.engine.inputs import Input, OptionalAnswer, Text
from pathway.engine.milestones import later_clocks
from pathway.engine.milestones.later_clocks import Child
from rules.errors import Fault, InvalidInput, Refused
from rules.timing import zones
from rules.vocabulary import Action, Condition, MilestoneKind, State
from storage.queries.casework import milestone_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Milestone, Referral, id_of

LONDON = zones.zone_named(zones.LONDON)
STATES = (State.AWAITING_ALLOCATION, State.ALLOCATED)
NOT_YET = "Milestones are for an accepted referral, from its acceptance until it is closed; this one is {state}."


class MilestoneInput(Input):
    """Something that happened after a referral was accepted; which facts are needed depends on the kind."""

    kind: MilestoneKind
    occurred_at: AwareDatetime
    note: Text = ""
    reason_for_overrun: Text = ""
    enquiry_started: OptionalAnswer = None
    took_part: Text = ""
    seen_alone: OptionalAnswer = None


def record(act: Act, referral_id: int, data: MilestoneInput, *, version: int | None = None) -> None:
    """Puts a milestone on record at the moment when it happened, and brings the clocks that hang on it into line.

    Raises Refused unless the referral is accepted and open, InvalidInput for a moment in the future or before receipt,
    for missing facts, and for a duty met late whose book asks for the reason; Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.RECORD_MILESTONE)
    if referral.state not in STATES:
        raise Refused([NOT_YET.format(state=referral.state)])
    contact = act.session.get_one(Contact, referral.contact_id)
    _refuse_odd(data, contact, now=act.now)
    _keep(act, referral, data)
    act.session.flush()
    child = Child(act=act, referral=referral, contact=contact)
    for rule in later_clocks.rules_touched(child, data.kind.event, at=data.occurred_at):
        later_clocks.bring_into_line(child, rule)
        if rule.reason_when_late and not data.reason_for_overrun.strip():
            _refuse_unexplained(act.session, referral, data, kind=rule.kind)
    if data.kind is MilestoneKind.WORK_ENDED:
        because, at = "the work has ended", data.occurred_at
        closing.should_be_closed(act, referral, because=because, occurred_at=at)
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, contact)


def conditions_of(data: MilestoneInput | Milestone) -> frozenset[Condition]:
    """The facts of a milestone on which clocks may hang."""
    facts = {Condition.ENQUIRY_STARTED: data.enquiry_started, Condition.SEEN_ALONE: data.seen_alone}
    return frozenset(condition for condition, holds in facts.items() if holds)


def _refuse_odd(data: MilestoneInput, contact: Contact, *, now: datetime) -> None:
    inputs.refuse_future("occurred_at", data.occurred_at, now=now)
    if data.occurred_at < contact.received_at:
        problem = "This is before the contact was received"
        raise InvalidInput.of("occurred_at", problem, "Give the moment when it really happened")
    if faults := list(_facts_missing(data)):
        raise InvalidInput(faults)


def _facts_missing(data: MilestoneInput) -> Iterator[Fault]:
    discussion, visit = data.kind is MilestoneKind.STRATEGY_DISCUSSION_HELD, data.kind is MilestoneKind.CHILD_SEEN
    if discussion and data.enquiry_started is None:
        yield _missing("enquiry_started", "Say whether it started a section 47 enquiry")
    if discussion and not data.took_part.strip():
        yield _missing("took_part", "Say who took part; police and health belong to it")
    if visit and data.seen_alone is None:
        yield _missing("seen_alone", "Say whether the child was seen alone")
    if data.enquiry_started is not None and not discussion:
        yield _odd("enquiry_started", "Only a strategy discussion starts an enquiry")
    if data.seen_alone is not None and not visit:
        yield _odd("seen_alone", "Only a visit says whether the child was seen alone")


def _missing(place: str, remedy: str) -> Fault:
    return Fault(place=place, problem="This is needed", remedy=remedy)


def _odd(place: str, problem: str) -> Fault:
    return Fault(place=place, problem=problem, remedy="Leave it out, or record that milestone by itself")


def _keep(act: Act, referral: Referral, data: MilestoneInput) -> None:
    act.session.add(
        Milestone(referral_id=id_of(referral), recorded_at=act.now, recorded_by=act.actor.username, **data.model_dump())
    )
    known = sorted(conditions_of(data))
    summary = f"{data.kind.capitalize()} ({', '.join(known)})" if known else data.kind.capitalize()
    reason = data.reason_for_overrun.strip()
    act.note(
        data.kind.event,
        f"{summary}. Late because: {reason}" if reason else summary,
        about=referral,
        occurred_at=data.occurred_at,
        conditions=known,
    )


def _refuse_unexplained(session: WriteSession, referral: Referral, data: MilestoneInput, *, kind: str) -> None:
    """The whole transaction is taken back with this error, the milestone included."""
    late = milestone_rows.met_late(session, id_of(referral), kind, at=data.occurred_at)
    if late is not None:
        problem = f"This was due on {late.due_at.astimezone(LONDON):%-d %B %Y} and is late"
        raise InvalidInput.of("reason_for_overrun", problem, "Give the reason for the overrun")
