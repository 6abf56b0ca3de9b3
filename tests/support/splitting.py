"""Children taken apart in tests, and put together again."""

from __future__ import annotations

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.children import splitting
from storage.tables import PersonSplit, Referral, id_of
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
