"""Lists that somebody saved as views."""

from __future__ import annotations

from pathway.engine.actors import Actor
from pathway.engine.staff import saved_views
from pathway.engine.staff.saved_views import ViewInput
from storage.tables import SavedView
from support.front_door import MANAGER, FrontDoor


def view(
    door: FrontDoor,
    name: str,
    query: str = "late=yes",
    *,
    path: str = "/referrals",
    by: Actor = MANAGER,
    shared: bool = False,
) -> SavedView:
    """A view of a list."""
    with door.acting(by) as act:
        return saved_views.save(act, ViewInput(path=path, query=query, name=name, shared=shared))
