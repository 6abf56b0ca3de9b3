"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.vocabulary import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody, or the product itself, doing something; ``username`` is what the history keeps."""

    username: str
    name: str
    roles: frozenset[Role]


class SystemName(StrEnum):
    """Under which name the product acts by itself."""

    PATHWAY = "pathway"


def of_system(name: SystemName) -> Actor:
    """The product itself, which may do everything."""
    return Actor(username=name, name=name.title(), roles=frozenset(Role))


SYSTEM = of_system(SystemName.PATHWAY)
