"""What people do where a letter can't simply go by e-mail."""

from __future__ import annotations

from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.post import excusing, handing_over
from pathway.engine.referrers import finding_address, protected_identity, unsafe_to_contact
from storage.tables import Contact, Letter, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.scenes import kept

NOWHERE = {"referrer_email": "", "referrer_address": ""}
WHY = "Her husband reads her letters."


@kept
def change(door: FrontDoor, command: Any, target: Contact | Letter, data: Any, *, by: Actor, **more: Any) -> Any:
    """One command in one transaction."""
    with door.acting(by, token=more.get("request_id")) as act:
        command(act, id_of(target), data)
    with door.database.read() as session:
        return session.get_one(type(target), id_of(target))


def find_address(door: FrontDoor, contact: Contact, by: Actor = OFFICER, **typed: Any) -> Contact:
    """Somebody finds out where the referrer can be written to."""
    return change(door, finding_address.find_address, contact, inputs.parse(finding_address.AddressInput, typed), by=by)


def excuse(
    door: FrontDoor, letter: Letter, by: Actor = MANAGER, reason: str = "Nobody knows where she works."
) -> Letter:
    """A manager says why a letter can't be sent."""
    return change(door, excusing.excuse, letter, inputs.parse(inputs.ReasonInput, {"reason": reason}), by=by)


def mark_unsafe(door: FrontDoor, contact: Contact, by: Actor = OFFICER, **more: Any) -> Contact:
    """Somebody learns that a letter would be a danger."""
    return change(door, unsafe_to_contact.mark, contact, inputs.ReasonInput(reason=WHY), by=by, **more)


def lift_unsafe(door: FrontDoor, contact: Contact, by: Actor = MANAGER) -> Contact:
    """A manager lets the referrer be written to again."""
    return change(door, unsafe_to_contact.lift, contact, inputs.ReasonInput(reason="She has moved out."), by=by)


def protect(door: FrontDoor, contact: Contact, by: Actor = OFFICER) -> Contact:
    """The referrer's identity is not to be shared from now on."""
    return change(door, protected_identity.protect, contact, inputs.ReasonInput(reason="She fears the father."), by=by)


def share(door: FrontDoor, contact: Contact, by: Actor = MANAGER) -> Contact:
    """The referrer's identity may be shared again."""
    return change(door, protected_identity.share, contact, inputs.ReasonInput(reason="She agrees now."), by=by)


def record(door: FrontDoor, letter: Letter, how: str, by: Actor = OFFICER, note: str = "", **more: Any) -> Letter:
    """Records how a letter left just now, or that the referrer was told by telephone."""
    typed = {"delivery": how, "handed_over_at": door.now, "note": note}
    return change(
        door, handing_over.record_handover, letter, inputs.parse(handing_over.HandoverInput, typed), by=by, **more
    )
