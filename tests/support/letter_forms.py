"""Asking a referrer for what is missing, and writing to a parent or carer. The door comes first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.letters import parents
from pathway.engine.referrers import asking_for_information
from storage.tables import Contact, Letter, Referral, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.scenes import kept

THINGS = ("Where the child is now", "The name of the doctor")
TO_PARENTS = {
    "name": "Petra Parent",
    "email": "petra@home.example.org",
    "next_steps": "We will call you this week.",
    "no_risk": True,
    "no_risk_because": "The mother asked for help herself.",
}


@kept
def ask(
    door: FrontDoor, contact: Contact, things: Sequence[str] | str = THINGS, by: Actor = OFFICER, **more: Any
) -> Letter:
    """Asks the referrer in writing."""
    with door.acting(by, token=more.get("request_id")) as act:
        data = inputs.parse(asking_for_information.AskingInput, {"things": things})
        return asking_for_information.ask(act, id_of(contact), data)


@kept
def write_to_parents(door: FrontDoor, referral: Referral, by: Actor = MANAGER, **changes: Any) -> Letter:
    """A manager writes to a parent or carer of one child."""
    request_id = changes.pop("request_id", None)
    with door.acting(by, token=request_id) as act:
        data = inputs.parse(parents.ParentsInput, TO_PARENTS | changes)
        return parents.write(act, id_of(referral), data, version=None)
