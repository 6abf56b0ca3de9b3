"""Who on record each child of a contact may be, asked while the contact is being typed. Nothing is recorded.

The look-up that proposes possible matches when it is logged. Who is closed to whoever types is never among them, and
nothing is said of it: a row that fits in full looks like one that fits nobody. Whom the rule would join is not told
apart from the others either, as that turns on twins and namesakes who may be closed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.children import candidates
from pathway.engine.children.child_input import ChildInput
from pathway.engine.intake import odd_children
from pathway.engine.rulebooks import published_books
from rules.vocabulary import Action
from storage.queries.children import restriction_rows, shown_child_rows
from storage.queries.children.shown_child_rows import ChildFacts
from storage.sessions import ReadSession

MOST_BESIDE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One child on record beside a row, and why it stands there."""

    facts: ChildFacts
    why: str

    @property
    def number(self) -> int:
        """The child's number."""
        return self.facts.person.id or 0


def beside(
    session: ReadSession, actor: Actor, children: Sequence[ChildInput], *, now: datetime
) -> list[Sequence[Beside]]:
    """For each child, the likeliest first, five at most; nobody for whoever may not read records."""
    if not permissions.may(published_books.current(session, now=now).book, actor, Action.READ_RECORD):
        return [() for _ in children]
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    aged = odd_children.with_ages(children, said_on=now.date())
    found: list[Sequence[Beside]] = []
    for child in aged:
        whys = _likely(session, child, closed)
        facts = shown_child_rows.facts(session, list(whys), closed=closed)
        found.append([Beside(facts=facts[number], why=why) for number, why in whys.items()])
    return found


def _likely(session: ReadSession, child: ChildInput, except_for: Collection[int]) -> dict[int, str]:
    read = candidates.read(child)
    found = candidates.likely(read, candidates.around(session, read), except_for=except_for)
    return {one.person_id: one.likeness.reason for one in found[:MOST_BESIDE]}
