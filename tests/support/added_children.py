"""Steps about children whom the referrer did not name."""

from __future__ import annotations

from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.intake import added_child
from storage.tables import Contact, Referral, id_of
from support.front_door import OFFICER, FrontDoor, child_fields
from support.scenes import kept

WHY = "A younger brother lives in the home; the school did not know of him."


@kept
def add_child(door: FrontDoor, contact: Contact, name: str = "Noah", by: Actor = OFFICER, **more: Any) -> Referral:
    """Screening adds a child by name; with ``person_id`` one who is known of the household."""
    typed: dict[str, Any] = {"why": WHY} if "person_id" in more else {"why": WHY, "child": child_fields(name)}
    request_id = more.pop("request_id", None)
    with door.acting(by, token=request_id) as act:
        data = inputs.parse(added_child.AddedChildInput, typed | more)
        return added_child.add_child(act, id_of(contact), data)
