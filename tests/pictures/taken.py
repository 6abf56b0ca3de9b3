"""Which pictures there are: who looks, and how they get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

PASSWORD = "demonstration"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the guides: its name, who looks (a user of the demonstration, or nobody), and the way there."""

    name: str
    who: str
    go: Callable[[Page], object]


def at(path: str) -> Callable[[Page], object]:
    """A page by its address."""
    return lambda page: page.goto(path)


PICTURES: tuple[Picture, ...] = ()
