"""Scenes: what many tests begin with is played once in a process; later its rows are put in place instead.

A scene is known by everything that was done since the database was empty: each deed, its moment and its words. Whoever
writes past the deeds ends the story: from then on every deed is played. A scene is kept when it is played for the
second time, and a long one that stands on a kept one at once. It is put in place at the first look at the database, so
that of deeds in a row only the last one's is.
"""

from __future__ import annotations

import functools
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from types import FunctionType
from typing import Any, Protocol, TypeVar

from sqlmodel import SQLModel

from storage import mark_file
from storage.sessions import Database, ReadSession, WriteSession

LONG = 0.3
"""Seconds: so long a deed is kept when it is played for the first time."""
MOST = 100
"""Scenes kept in a process: 150 MB and more of SQLite."""
Story = tuple[str, ...]
Deed = TypeVar("Deed", bound=Callable[..., Any])


class Stage(Protocol):
    """Where the rows of a scene come from, and where they are put in place of all others."""

    def taken(self) -> Any:
        """All rows as they are."""

    def put(self, rows: Any) -> None:
        """These rows and no others; None for an empty database."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All rows after a deed, and what the deed returned."""

    rows: Any
    returned: bytes


class Staged(Database):
    """A database of the tests, for one test after another."""

    def __init__(self, url: str) -> None:
        self._awaited: list[Any] = []
        self._setting = RLock()
        super().__init__(url)
        self.stage: Stage
        self._played: set[Story] = set()
        self._kept: dict[Story, Scene] = {}  # the one put in place last stands last
        self._story: Story | None = None
        self._playing = False

    @property
    def url(self) -> str:
        """The address, for somebody who goes there by another way: of what is done there no story knows."""
        self.end_story()
        return self._url

    @url.setter
    def url(self, address: str) -> None:
        self._url = address

    def begin(self) -> Staged:
        """Another test begins, with an empty database."""
        self._story, self._awaited, self._playing = (), [None], False
        if (mark := mark_file.beside(self)) is not None:
            mark.unlink(missing_ok=True)
        return self

    def end_story(self) -> None:
        """From now on each deed is played: somebody watches how, or did something else."""
        self._set()
        self._story = None

    def read(self) -> AbstractContextManager[ReadSession]:
        """A session for looking."""
        self._set()
        return super().read()

    def write(self) -> AbstractContextManager[WriteSession]:
        """A session for changing; outside of a deed it ends the story."""
        if not self._playing:
            self.end_story()
        return super().write()

    def rehearse(self) -> AbstractContextManager[WriteSession]:
        """A session in which nothing is kept."""
        self._set()
        return super().rehearse()

    def played(self, words: str | None, deed: Callable[[], Any]) -> Any:
        """What a deed returns, played or put in place; ``words`` say it whole, None where they can't."""
        if self._playing or self._story is None:
            return deed()
        if words is None:
            self.end_story()
            return deed()
        self._story = (*self._story, words)
        if scene := self._kept.pop(self._story, None):
            self._kept[self._story] = scene
            self._awaited = [scene.rows]
            return pickle.loads(scene.returned)
        return self._play(self._story, deed)

    def _play(self, story: Story, deed: Callable[[], Any]) -> Any:
        self._set()
        self._playing, self._story = True, None  # a deed that fails ends the story
        begun = _worked()
        try:
            returned = deed()
        finally:
            self._playing = False
        self._story = story
        if story in self._played or (_worked() - begun > LONG and self._stands_on_kept(story)):
            self._keep(story, Scene(self.stage.taken(), pickle.dumps(returned)))
        self._played.add(story)
        return returned

    def _keep(self, story: Story, scene: Scene) -> None:
        """Keeps a scene; of too many those go that stand on the one that was not put in place for the longest time.

        They go together: played again it has other references than they know.
        """
        self._kept[story] = scene
        if len(self._kept) > MOST:
            oldest = next(iter(self._kept))
            self._kept = {one: kept for one, kept in self._kept.items() if one[: len(oldest)] != oldest}

    def _stands_on_kept(self, story: Story) -> bool:
        """True where what was done before is put in place next time too; played again it has other references."""
        return len(story) == 1 or story[:-1] in self._kept

    def _set(self) -> None:
        with self._setting:
            if self._awaited:
                self.stage.put(self._awaited.pop())


def _worked() -> float:
    """Seconds of work of this process; a stopped clock does not stop them."""
    return sum(os.times()[:2])


def kept(deed: Deed) -> Deed:
    """A deed at a front door, played or put in place."""

    @functools.wraps(deed)
    def at_a_door(door: Any, *words: Any, **more: Any) -> Any:
        def play() -> tuple[Any, datetime]:
            return deed(door, *words, **more), door.now

        if not isinstance(door.database, Staged):
            return play()[0]
        returned, moment = door.database.played(told((deed, door.now, words, more)), play)
        if moment != door.now:
            door.frozen.move_to(moment)
        return returned

    return at_a_door  # type: ignore[return-value]


def told(thing: Any) -> str | None:
    """The words for what a deed is told; rows are named by their number; None for what has no words."""
    match thing:
        case SQLModel(id=int(number)):
            return f"{type(thing).__name__} {number}"
        case FunctionType() if "<" not in thing.__qualname__:
            return f"{thing.__module__}.{thing.__qualname__}"
        case Mapping():
            return _all_told([part for pair in thing.items() for part in pair])
        case Sequence() if not isinstance(thing, str | bytes):
            return _all_told(thing)
    words = repr(thing)
    return None if " at 0x" in words or isinstance(thing, SQLModel) else words


def _all_told(things: Sequence[Any]) -> str | None:
    words = [told(thing) for thing in things]
    return None if None in words else f"({', '.join(map(str, words))})"
