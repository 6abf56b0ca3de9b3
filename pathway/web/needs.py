"""What a route declares: who may come, and what it shows, so that the access log can't be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from pathway.engine.actors import Actor
from rules.errors import NotAllowed
from rules.rulebook import Rulebook
from rules.vocabulary import Action, Role


class Open(Enum):
    """Needs that are no action of the rulebook."""

    EVERYBODY = "everybody"
    SIGNED_IN = "whoever is signed in"
    CALL_BACK = "a machine that bears the token of call-backs"


class Shows(StrEnum):
    """What a page shows of children's records; all but NOTHING is written to the access log."""

    NOTHING = "nothing"
    LIST = "list"
    CONTACT = "contact"
    REFERRAL = "referral"
    LETTER = "letter"
    MESSAGE = "message"
    MAIL = "mail"
    ALERT = "alert"
    QUERY = "query"
    BOUNCE = "bounce"
    ADULT = "adult"
    PERSON = "person"
    MATCH = "match"
    MERGE = "merge"
    DRAFT = "draft"


# An action of the rulebook, any of several, or neither.
Needs = Action | tuple[Action, ...] | Open
Handler = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One page or form: its handler, who may come (``needs``) and what the access log calls it (``title``).

    ``keeps``: what is typed into it is kept until it is recorded.
    """

    method: str
    path: str
    handler: Handler
    needs: Needs
    title: str
    shows: Shows = Shows.NOTHING
    keeps: bool = False


def may(needs: Needs, *, actor: Actor, book: Rulebook) -> bool:
    """True when somebody who is signed in may come."""
    if isinstance(needs, Open):
        return True
    return not actor.roles.isdisjoint(roles_for(needs, book))


def roles_for(needs: Action | tuple[Action, ...], book: Rulebook) -> frozenset[Role]:
    """The roles that meet a need."""
    actions = (needs,) if isinstance(needs, Action) else needs
    return frozenset(role for action in actions for role in book.permissions.get(action, frozenset()))


def require(route: Route, *, actor: Actor, book: Rulebook) -> None:
    """Raises NotAllowed, naming the roles that may."""
    if may(route.needs, actor=actor, book=book):
        return
    roles = "" if isinstance(route.needs, Open) else ", ".join(sorted(roles_for(route.needs, book)))
    raise NotAllowed(f"Your role does not open this page ({route.title}). It is for: {roles or 'nobody'}.")
