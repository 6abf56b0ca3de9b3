"""Saved views: a list as somebody filtered it, under a name, for oneself or shared by a manager with everybody.

A view holds filters and no record. Words of a search may be a child's name: they stay with whoever typed them, so a
view with such words is never shared.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from pydantic import BeforeValidator, Field

from pathway.engine import permissions
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.inputs import Input, tidy
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.rulebook import Rulebook
from rules.vocabulary import Action
from storage.queries.lists import saved_view_rows
from storage.tables import SavedView

MOST = 100
WORDS = "q"
NOT_KEPT = frozenset({"after", "before", "page", "notice", "as"})
SHARES = (Action.ALLOCATE, Action.DECIDE)
WITH_WORDS = (
    "A shared view holds no words of a search, which may be a child’s name. Take the words out, or keep it to yourself."
)


class ViewInput(Input):
    """The view as somebody wants it named. ``path`` and ``query`` are those of the list's address."""

    path: Annotated[str, Field(min_length=1, max_length=100)]
    query: Annotated[str, Field(max_length=2000)] = ""
    name: Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(tidy)]
    shared: bool = False


class ViewChange(Input):
    """What is changed of a view."""

    name: Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(tidy)]
    shared: bool = False


def may_share(actor: Actor, book: Rulebook) -> bool:
    """True for managers: whoever may decide or allocate."""
    return any(permissions.may(book, actor, action) for action in SHARES)


def save(act: Act, data: ViewInput) -> SavedView:
    """Keeps a view; one's own of the same name and list takes the new filters, so that a second click changes nothing.

    Raises InvalidInput, NotAllowed where one is shared by somebody who may not, Refused where there are too many.
    """
    query = _query(data.query)
    _require_sharable(act, query, shared=data.shared)
    there = saved_view_rows.named(act.session, act.actor.username, data.path, data.name)
    if there is None:
        if saved_view_rows.count_of(act.session, act.actor.username) >= MOST:
            raise Refused([f"You have {MOST} saved views. Delete one that you no longer use."])
        there = SavedView(path=data.path, name=data.name, owner=act.actor.username, query=query, saved_at=act.now)
    there.query, there.shared, there.saved_at = query, data.shared, act.now
    act.session.add(there)
    act.session.flush()
    return there


def change(act: Act, view_id: int, data: ViewChange) -> SavedView:
    """Renames, shares or takes back a view of one's own. Raises InvalidInput, NotAllowed, NotFound."""
    view = saved_view_rows.lock(act.session, view_id)
    if view.owner != act.actor.username:
        raise NotAllowed("This view belongs to somebody else. Save it under a name of your own to change it.")
    if view.shared or data.shared != view.shared:
        _require_sharable(act, view.query, shared=data.shared)
    other = saved_view_rows.named(act.session, view.owner, view.path, data.name)
    if other is not None and other.id != view.id:
        raise InvalidInput.of("name", "You have a view of this name on the same list", "Choose another name")
    view.name, view.shared = data.name, data.shared
    act.session.flush()
    return view


def delete(act: Act, view_id: int) -> None:
    """Deletes a view of one's own; of others a shared one, where somebody may share. Raises NotAllowed, NotFound."""
    view = saved_view_rows.lock(act.session, view_id)
    if view.owner != act.actor.username and not (view.shared and may_share(act.actor, act.book)):
        raise NotAllowed("This view belongs to somebody else.")
    act.session.delete(view)
    act.session.flush()


def _query(typed: str) -> str:
    pairs = [(name, value) for name, value in parse_qsl(typed.lstrip("?")) if name not in NOT_KEPT]
    return urlencode(pairs)


def _require_sharable(act: Act, query: str, *, shared: bool) -> None:
    if not shared:
        return
    if not may_share(act.actor, act.book):
        raise NotAllowed("Only managers share a view: whoever may decide or allocate.")
    if any(name == WORDS for name, _ in parse_qsl(query)):
        raise InvalidInput.of("shared", *WITH_WORDS.split(". ", 1))
