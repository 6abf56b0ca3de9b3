"""The bar of immediate danger, fixed to the window on every page of whoever may act on it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.actors import Actor
from pathway.engine.watch import taking_on
from rules.rulebook import Rulebook
from rules.vocabulary import Action
from storage.queries import danger_rows
from storage.queries.danger_rows import DangerLine
from storage.sessions import ReadSession


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one person reads there. ``hears``: may act on danger at all; ``answers``: may take it on; ``decides``."""

    hears: bool = False
    answers: bool = False
    decides: bool = False
    lines: Sequence[DangerLine] = ()

    @property
    def children(self) -> int:
        """How many children are meant; never none while there is a line, so that the title says something."""
        return sum(max(1, line.children) for line in self.lines)

    @property
    def title(self) -> str:
        """What stands before everything else in the title of the tab, and nothing where there is no danger."""
        return f"({self.children}) DANGER " if self.lines else ""

    @property
    def words(self) -> str:
        """2 children in immediate danger."""
        return f"{self.children} {'child' if self.children == 1 else 'children'} in immediate danger"

    @property
    def mark(self) -> str:
        """Another one whenever the bar reads differently: what an open page compares its own with."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    def names(self, line: DangerLine) -> bool:
        """True where the contact may be named: one that is closed to the reader is to whoever may decide, as to few."""
        return self.decides or not line.is_shut

    def may_take_on(self, line: DangerLine) -> bool:
        """True where the button "I have it" stands."""
        return self.may_note(line) and not line.holder and not line.had_it

    def may_note(self, line: DangerLine) -> bool:
        """True where a note can be given, which acknowledges."""
        return self.answers and not line.is_shut


SILENT = Bar()


def bar(session: ReadSession, actor: Actor, book: Rulebook, *, closed: Collection[int], now: datetime) -> Bar:
    """The bar as it is now; nothing is asked of the database for those who hear of no danger."""
    if not taking_on.hears(actor, book):
        return SILENT
    return Bar(
        hears=True,
        answers=taking_on.may_answer(actor, book),
        decides=not actor.roles.isdisjoint(book.permissions.get(Action.DECIDE, frozenset())),
        lines=tuple(danger_rows.unanswered(session, actor.username, closed, now=now)),
    )
