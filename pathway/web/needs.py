"""What a route declares: who may come, and what it shows, so that the access log can't be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from pathway.engine import permissions
from pathway.engine.actors import Actor
from rules.errors import NotAllowed
from rules.rulebook import Rulebook
from rules.vocabulary import Action, Role


class Open(Enum):
    """Needs that are no action of the rulebook."""

    EVERYBODY = "everybody"
    SIGNED_IN = "whoever is signed in"


class Shows(StrEnum):
    """What a page shows of children's records; all but NOTHING is written to the access log."""

    NOTHING = "nothing"
    LIST = "list"
    CONTACT = "contact"
    REFERRAL = "referral"
    LETTER = "letter"


Needs = Action | Open | frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One page or form: its handler, who may come (``needs``) and what the access log says that they saw (``title``)."""

    method: str
    path: str
    handler: Callable[..., Any]
    needs: Needs
    title: str
    shows: Shows = Shows.NOTHING


def may(needs: Needs, *, actor: Actor, book: Rulebook) -> bool:
    """True when somebody who is signed in may come."""
    if isinstance(needs, Action):
        return permissions.may(book, actor, needs)
    return isinstance(needs, Open) or not actor.roles.isdisjoint(needs)


def require(route: Route, *, actor: Actor, book: Rulebook) -> None:
    """Raises NotAllowed, naming the roles that may."""
    if isinstance(route.needs, Action):
        permissions.require(book, actor, route.needs)
    elif not may(route.needs, actor=actor, book=book):
        roles = ", ".join(sorted(route.needs)) if isinstance(route.needs, frozenset) else ""
        raise NotAllowed(f"Your role does not allow you to open this page ({route.title}). It is for: {roles}.")
