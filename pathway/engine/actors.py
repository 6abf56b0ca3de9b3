"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass

from rules.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody, or the product itself, doing something; ``username`` is what the history keeps."""

    username: str
    name: str
    roles: frozenset[Role]


SYSTEM = Actor(username="pathway", name="Pathway", roles=frozenset(Role))
