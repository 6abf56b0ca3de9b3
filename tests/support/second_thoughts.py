"""What people do when something was wrong: set aside, restore, correct, look a second time. The door comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.children import re_referrals
from pathway.engine.decisions import correcting, restoring, second_look, setting_aside
from rules.vocabulary import Role
from storage.queries.children import repeat_rows
from storage.tables import Contact, Referral, id_of
from support import grace
from support.front_door import MANAGER, FrontDoor, person_in
from support.scenes import kept

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@kept
def set_aside(door: FrontDoor, referral: Referral, by: Actor = MANAGER, **more: Any) -> Referral:
    """Marks a referral as logged in error, or as told."""
    typed = {"mark": "logged in error", "reason": "Meant for adult services."} | more
    with door.acting(by) as act:
        data = inputs.parse(setting_aside.SetAsideInput, typed)
        setting_aside.set_aside(act, id_of(referral), data, version=None)
    return door.fresh(referral)


def twice(door: FrontDoor, referral: Referral, right_ref: str, by: Actor = MANAGER) -> Referral:
    """Marks a referral as logged twice."""
    return set_aside(door, referral, by, mark="logged twice", reason="The school rang us both.", right_ref=right_ref)


@kept
def set_aside_contact(door: FrontDoor, contact: Contact, by: Actor = MANAGER, **more: Any) -> Contact:
    """Marks every referral of a contact."""
    typed = {"mark": "logged in error", "reason": "A test entry."} | more
    with door.acting(by) as act:
        data = inputs.parse(setting_aside.SetAsideInput, typed)
        setting_aside.set_aside_contact(act, id_of(contact), data)
    return door.fresh_contact(contact)


@kept
def restore(door: FrontDoor, referral: Referral, by: Actor = MANAGER, reason: str = "It was right.") -> Referral:
    """Takes the mark back."""
    with door.acting(by) as act:
        data = inputs.parse(inputs.ReasonInput, {"reason": reason})
        restoring.restore(act, id_of(referral), data, version=None)
    return door.fresh(referral)


@kept
def correct(
    door: FrontDoor, referral: Referral, outcome: str = "assessment", by: Actor = MANAGER, **more: Any
) -> Referral:
    """Follows a wrong decision with another one."""
    typed = {"outcome": outcome, "level_of_need": "3", "primary_need": "N1", "reasons": "Bruises were seen."}
    typed |= {"receiver": "Early help hub", "correction_reason": "The wrong box was ticked."} | more
    with door.acting(by) as act:
        data = inputs.parse(correcting.CorrectionInput, typed)
        correcting.correct(act, id_of(referral), data, version=None)
    return door.fresh(referral)


@kept
def look_again(
    door: FrontDoor, referral: Referral, by: Actor = SERVICE_MANAGER, *, agrees: bool = True, note: str = "So would I."
) -> Referral:
    """Gives a second look."""
    with door.acting(by) as act:
        data = inputs.parse(second_look.SecondLookInput, {"agrees": agrees, "note": note})
        second_look.give(act, id_of(referral), data, version=None)
    return door.fresh(referral)


def contacts_in_a_year(door: FrontDoor, referral: Referral) -> int:
    """How many contacts about the child there were in the twelve months up to this one."""
    with door.database.read() as session:
        return re_referrals.contacts_in_a_year(session, door.fresh(referral))


def looks_waiting(door: FrontDoor) -> list[str]:
    """The referrals that wait for a second look."""
    with door.database.read() as session:
        return [referral.ref for _, referral, _, _ in repeat_rows.waiting_looks(session)]


def every_page(door: FrontDoor) -> None:
    """What the pages for second thoughts are about: a third contact, within its grace, and one that was set aside."""
    for days in (200, 90):
        door.log("Thrice", received_at=door.now - timedelta(days=days))
    grace.give(door)
    door.decide(*door.referrals(door.log("Thrice")), outcome="assessment")
    grace.give(door, 0)
    set_aside(door, *door.referrals(door.log("Aside")))
