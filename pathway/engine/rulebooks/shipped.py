"""The books and calendars that come with the product, as text."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from rules.errors import NotFound

_ENDING = ".toml"


def shipped_books() -> tuple[str, ...]:
    """The names of the shipped books, in order."""
    return _names("books")


def shipped_calendars() -> tuple[str, ...]:
    """The names of the shipped calendars, in order."""
    return _names("calendars")


def book_text(name: str) -> str:
    """The TOML text of a shipped book; raises NotFound."""
    return _text("books", name)


def calendar_text(name: str) -> str:
    """The TOML text of a shipped calendar; raises NotFound."""
    return _text("calendars", name)


def _folder(kind: str) -> Traversable:
    return resources.files("rules").joinpath(kind)


def _names(kind: str) -> tuple[str, ...]:
    found = (entry.name for entry in _folder(kind).iterdir() if entry.name.endswith(_ENDING))
    return tuple(sorted(name.removesuffix(_ENDING) for name in found))


def _text(kind: str, name: str) -> str:
    known = _names(kind)
    if name not in known:
        raise NotFound(
            f"No {kind[:-1]} {name!r} is shipped; there are: {', '.join(known)}. Name one, or give a file's path."
        )
    return _folder(kind).joinpath(f"{name}{_ENDING}").read_text(encoding="utf-8")
