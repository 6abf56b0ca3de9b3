"""Children taken apart in tests, and put together again."""

from __future__ import annotations

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.children import splitting
from storage.tables import PersonSplit, Referral, id_of
from support import matching, rows
from support.front_door import MANAGER, FrontDoor
from support.scenes import kept


@kept
def split(door: FrontDoor, referral: Referral, *also: Referral, by: Actor = MANAGER, **more: object) -> PersonSplit:
    """This is another child, and so are ``also``."""
    refs = tuple(one.ref for one in also)
    data = inputs.parse(splitting.SplitInput, {"reason": "Another mother.", "also": refs} | more)
    with door.acting(by) as act:
        return splitting.split(act, id_of(referral), data)


@kept
def undo(door: FrontDoor, row: PersonSplit, by: Actor = MANAGER) -> PersonSplit:
    """The same child after all."""
    data = inputs.ReasonInput(reason="One child after all.")
    with door.acting(by) as act:
        return splitting.undo(act, id_of(row), data)


def every_page(door: FrontDoor) -> None:
    """A record with two contacts, and a third that was taken off it."""
    known = {"birth_date": "1999-01-03", "nhs_number": "401 023 2137"}
    for _ in range(2):
        matching.child(door, "Kezia", "Quince", **known)
    split(door, matching.child(door, "Kezia", "Quince", address="3 Green Lanes, London N8 6SG", **known))


def refs(door: FrontDoor) -> dict[str, str]:
    """The reference of a referral that may be another child's, and of one that was found to be."""
    with door.database.read() as session:
        row = rows.everything(session, PersonSplit)[0]
        held = {one.person_id: one.ref for one in rows.everything(session, Referral)}
    return {"together": held[row.from_id], "apart": held[row.to_id]}
