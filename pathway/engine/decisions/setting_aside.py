"""Setting a referral aside that was logged twice or in error: it counts in no figure, and its history stays."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine import clocks, guard_facts, locking, machine
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.casework import allocating, transferring
from pathway.engine.children import re_referrals
from pathway.engine.decisions import consequences
from pathway.engine.inputs import Input, Line, NeededText
from pathway.engine.letters import cancelling
from rules.errors import InvalidInput, Refused
from rules.vocabulary import Action, ClockState, EventKind, Mark, NotApplicable, State, Trigger
from storage.queries import clock_rows, referral_rows
from storage.queries.decisions import setting_aside_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Person, Referral, id_of

BECAUSE = "The referral was set aside."
_PLACE = "right_ref"


class SetAsideInput(Input):
    """Why a referral is set aside; ``right_ref`` is the right one where it was logged twice."""

    mark: Mark
    reason: NeededText
    right_ref: Line = ""


def set_aside(act: Act, referral_id: int, data: SetAsideInput, *, version: int | None = None) -> None:
    """Marks a referral in any state: its clocks apply no more, its letters stop, nobody holds the child by it.

    Raises InvalidInput at ``right_ref`` where the right referral is missing or odd, Refused for one that is set aside
    already, Stale, NotAllowed, NotFound.
    """
    _lock_in_order(act, referral_id, data)
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.SET_ASIDE)
    put(act, referral, data)


def set_aside_contact(act: Act, contact_id: int, data: SetAsideInput) -> None:
    """Sets aside every referral of a contact that is not yet; ``right_ref`` may then be the right contact's reference.

    Raises as ``set_aside`` does, and Refused where every one is set aside already.
    """
    for referral in referral_rows.of_contact(act.session, contact_id)[:1]:
        _lock_in_order(act, id_of(referral), data)
    contact = act.lock_contact(contact_id)
    if contact is None:
        return
    act.require(Action.SET_ASIDE)
    children = referral_rows.of_contact(act.session, contact_id)
    standing = [one for one in children if one.state != State.SET_ASIDE]
    if not standing:
        raise Refused(["Every child of this contact is set aside already."])
    for referral in standing:
        put(act, referral, data)


def _lock_in_order(act: Act, referral_id: int, data: SetAsideInput) -> None:
    """Locks both contacts in the order of their numbers: two who set aside each other's right one must not wait."""
    mine = act.session.get(Referral, referral_id)
    both = (
        {one.contact_id for one, _ in setting_aside_rows.candidates(act.session, data.right_ref)}
        if data.right_ref
        else set()
    )
    for contact_id in sorted(both | ({mine.contact_id} if mine else set())):
        act.hold(contact_id)


def put(act: Act, referral: Referral, data: SetAsideInput) -> None:
    """Sets one referral aside, whose contact is locked, whoever asked for it. Raises as ``set_aside`` does."""
    facts = replace(guard_facts.facts_of(act.session, referral), has_reasons=bool(data.reason.strip()))
    machine.fire(referral, Trigger.SET_ASIDE, facts)
    right = _right_one(act.session, referral, data)
    _mark(act, referral, data, right)
    for clock in clock_rows.of_referral(act.session, id_of(referral)):
        if clock.state != ClockState.NOT_APPLICABLE:
            clocks.make_not_applicable(act, clock, NotApplicable.SET_ASIDE)
    consequences.end(act, referral, NotApplicable.SET_ASIDE)
    transferring.end_open(act, referral, because=BECAUSE)
    _stop_letters(act, referral)
    _close_alerts(act, referral)
    referral.worker_id = referral.team_id = referral.grace_until = None
    locking.changed(act.session, referral)
    allocating.end_allocation(act, referral)
    re_referrals.review(act.session, [referral.person_id])


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


def _mark(act: Act, referral: Referral, data: SetAsideInput, right: Referral | None) -> None:
    referral.mark = data.mark
    referral.set_aside_at = act.now
    referral.set_aside_because = data.reason
    referral.right_referral_id = right.id if right else None
    referral.re_referral_of_id = None
    beside = f"; the right one is {right.ref}" if right else ""
    act.note(
        EventKind.SET_ASIDE,
        f"Set aside, {data.mark}{beside}: {data.reason}",
        about=referral,
        right=right.ref if right else "",
    )
    act.session.flush()


def _stop_letters(act: Act, referral: Referral) -> None:
    """Stops what would be said of this child, and any letter that is about no other; the others' goes when due."""
    cancelling.cancel_feedback(act, referral, because=BECAUSE)
    for letter in letter_rows.waiting(act.session, referral.contact_id):
        if all(named.set_aside_at is not None for named in letter_rows.referrals_named(act.session, id_of(letter))):
            cancelling.cancel(act, letter, because=BECAUSE)


def _close_alerts(act: Act, referral: Referral) -> None:
    act.session.flush()
    others = referral_rows.of_contact(act.session, referral.contact_id)
    alone = all(one.set_aside_at is not None for one in others)
    for subject in setting_aside_rows.open_subjects(act.session, referral, whole_contact=alone):
        ladders.close_for(act, subject, because=BECAUSE)
