"""Contacts that somebody began to type and left."""

from __future__ import annotations

from datetime import timedelta

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.drafts import keeping
from pathway.engine.drafts.keeping import NEW_CONTACT, Typed
from storage.tables import Draft
from support.front_door import OFFICER, FrontDoor

NOW = timedelta(0)
LONG_AGO = timedelta(hours=3)


def begin(
    door: FrontDoor,
    text: str = "Two bruises",
    *,
    token: str = "a token",
    ago: timedelta = NOW,
    by: Actor = OFFICER,
    **more: str,
) -> Draft:
    """Somebody types, and goes away; ``ago`` is how long that is past."""
    fields = {"concern_facts": [text], **{name: [value] for name, value in more.items()}}
    typed = Typed(token=token, form=NEW_CONTACT, fields=fields, page="one")
    with door.database.write() as session:
        return keeping.keep(Act(session, by, door.now - ago), typed).draft
