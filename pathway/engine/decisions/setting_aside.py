"""Setting a referral aside that was logged twice or in error: it counts in no figure, and its history stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pathway.engine import clocks, guard_facts, history, locking, machine, permissions
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.casework import allocating, transferring
from pathway.engine.children import re_referrals
from pathway.engine.decisions import consequences
from pathway.engine.inputs import SetAsideInput
from pathway.engine.intake import immediate_danger
from pathway.engine.letters import cancelling, feedback
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Action, ClockState, EventKind, Mark, NotApplicable, State, Trigger
from storage.queries import clock_rows, contact_rows, referral_rows
from storage.queries.decisions import setting_aside_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, Referral, id_of

BECAUSE = "The referral was set aside."
_PLACE = "right_ref"


def set_aside(
    session: WriteSession,
    referral_id: int,
    data: SetAsideInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Marks a referral in any state: its clocks apply no more, its letters stop, nobody holds the child by it.

    Raises InvalidInput at ``right_ref`` where the right referral is missing or odd, Refused for one that is set aside
    already, Stale, NotAllowed, NotFound.
    """
    _lock_in_order(session, referral_id, data)
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.SET_ASIDE)
    _one(session, referral, data, actor=actor, now=now, request_id=request_id)
    return referral


def set_aside_contact(
    session: WriteSession,
    contact_id: int,
    data: SetAsideInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Contact:
    """Sets aside every referral of a contact that is not yet; ``right_ref`` may then be the right contact's reference.

    Raises as ``set_aside`` does, and Refused where every one is set aside already.
    """
    for referral in referral_rows.of_contact(session, contact_id)[:1]:
        _lock_in_order(session, id_of(referral), data)
    contact = contact_rows.lock(session, contact_id)
    if history.done_already(session, request_id):
        return contact
    permissions.require(published_books.current(session, now=now).book, actor, Action.SET_ASIDE)
    children = [
        locking.lock_referral(session, id_of(one), version=None)
        for one in referral_rows.of_contact(session, contact_id)
    ]
    standing = [one for one in children if one.state != State.SET_ASIDE]
    if not standing:
        raise Refused(["Every child of this contact is set aside already."])
    for referral in standing:
        _one(session, referral, data, actor=actor, now=now, request_id=request_id)
        request_id = None  # one event a token
    return contact


def _lock_in_order(session: WriteSession, referral_id: int, data: SetAsideInput) -> None:
    """Locks both contacts in the order of their numbers: two who set aside each other's right one must not wait."""
    mine = session.get(Referral, referral_id)
    both = (
        {one.contact_id for one, _ in setting_aside_rows.candidates(session, data.right_ref)}
        if data.right_ref
        else set()
    )
    for contact_id in sorted(both | ({mine.contact_id} if mine else set())):
        contact_rows.lock(session, contact_id)


def _one(
    session: WriteSession,
    referral: Referral,
    data: SetAsideInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    facts = replace(guard_facts.facts_of(session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.SET_ASIDE, facts)
    right = _right_one(session, referral, data)
    _mark(session, referral, data, right, actor=actor, now=now, request_id=request_id)
    for clock in clock_rows.of_referral(session, id_of(referral)):
        if clock.state != ClockState.NOT_APPLICABLE:
            clocks.make_not_applicable(session, clock, NotApplicable.SET_ASIDE, now=now, actor=actor)
    consequences.end(session, referral, NotApplicable.SET_ASIDE, actor=actor, now=now)
    transferring.end_open(session, referral, because=BECAUSE, now=now, actor=actor)
    _stop_letters(session, referral, actor=actor, now=now)
    _close_alerts(session, referral, actor=actor, now=now)
    referral.worker_id = referral.team_id = None
    locking.changed(session, referral)
    allocating.end_allocation(session, referral, now=now, actor=actor)
    re_referrals.review(session, referral.person_id)


def _right_one(session: WriteSession, referral: Referral, data: SetAsideInput) -> Referral | None:
    """The referral that is the right one; one of the other contact's where that contact was named."""
    if data.mark is not Mark.LOGGED_TWICE:
        if data.right_ref:
            raise InvalidInput.of(_PLACE, "Only what was logged twice has a right referral", "Leave it empty")
        return None
    found = [
        (one, person) for one, person in setting_aside_rows.candidates(session, data.right_ref) if one.id != referral.id
    ]
    standing = [(one, person) for one, person in found if one.state != State.SET_ASIDE]
    if not standing:
        raise _odd_right_one(data, found=bool(found))
    child = session.get_one(Person, referral.person_id)
    same = [one for one, person in standing if person.id == child.id]
    alike = [one for one, person in standing if person.name_key and person.name_key == child.name_key]
    chosen = same or alike or [one for one, _ in standing]
    if len(chosen) > 1:
        remedy = f"Give one of them: {', '.join(one.ref for one in chosen)}"
        raise InvalidInput.of(_PLACE, f"{data.right_ref} is about several children", remedy)
    return chosen[0]


def _odd_right_one(data: SetAsideInput, *, found: bool) -> InvalidInput:
    if not data.right_ref:
        return InvalidInput.of(_PLACE, "What was logged twice has a right referral", "Give its reference")
    if found:
        return InvalidInput.of(_PLACE, f"{data.right_ref} is set aside itself", "Give the one that stands")
    return InvalidInput.of(_PLACE, f"There is no other referral {data.right_ref}", "Check the reference")


def _mark(
    session: WriteSession,
    referral: Referral,
    data: SetAsideInput,
    right: Referral | None,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    referral.mark = data.mark
    referral.set_aside_at = now
    referral.set_aside_because = data.reason
    referral.right_referral_id = right.id if right else None
    referral.re_referral_of_id = None
    beside = f"; the right one is {right.ref}" if right else ""
    history.of_referral(
        session,
        referral,
        EventKind.SET_ASIDE,
        f"Set aside, {data.mark}{beside}: {data.reason}",
        actor=actor,
        now=now,
        request_id=request_id,
        right=right.ref if right else "",
    )
    session.flush()


def _stop_letters(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    """Stops what would be said of this child, and any letter that is about no other; the others' goes when due."""
    cancelling.cancel_feedback(session, referral, because=BECAUSE, actor=actor, now=now)
    for letter in letter_rows.waiting(session, referral.contact_id):
        if all(named.set_aside_at is not None for named in letter_rows.referrals_named(session, id_of(letter))):
            cancelling.cancel(session, letter, because=BECAUSE, actor=actor, now=now)
    contact = session.get_one(Contact, referral.contact_id)
    feedback.write_when_due(session, contact, actor=actor, now=now)


def _close_alerts(session: WriteSession, referral: Referral, *, actor: Actor, now: datetime) -> None:
    session.flush()
    immediate_danger.close_when_decided(session, session.get_one(Contact, referral.contact_id), now=now, actor=actor)
    others = referral_rows.of_contact(session, referral.contact_id)
    alone = all(one.set_aside_at is not None for one in others)
    for subject in setting_aside_rows.open_subjects(session, referral, whole_contact=alone):
        ladders.close_for(session, subject, because=BECAUSE, now=now, actor=actor)
