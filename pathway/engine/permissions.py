"""Who may do what, as the rulebook says."""

from __future__ import annotations

from pathway.engine.actors import Actor
from rules.errors import NotAllowed
from rules.rulebook import Rulebook
from rules.vocabulary import Action


def may(book: Rulebook, actor: Actor, action: Action) -> bool:
    """True when one of the actor's roles allows the action."""
    return not actor.roles.isdisjoint(book.permissions.get(action, frozenset()))


def require(book: Rulebook, actor: Actor, action: Action) -> None:
    """Raises NotAllowed when no role of the actor allows the action; names the roles that do."""
    if may(book, actor, action):
        return
    roles = ", ".join(sorted(book.permissions.get(action, frozenset()))) or "nobody"
    raise NotAllowed(f"Your role does not allow you to {action}. It is for: {roles}.")
