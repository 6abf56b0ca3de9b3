"""Who on record each child of a contact may be, asked while the contact is being typed. Nothing is recorded.

The same look-up as when it is logged: whom the rule joins, then whom it would propose. Who is closed to whoever types
is never among them, and nothing is said of it: a row that fits in full looks like one that fits nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.children import candidates, persons
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
    """One child on record beside a row. ``joins``: the rule files the row there unless somebody says otherwise."""

    facts: ChildFacts
    joins: bool
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
    joined = persons.foresee(session, aged)
    taken = {one.person_id for one in joined if one}
    found: list[Sequence[Beside]] = []
    for child, join in zip(aged, joined, strict=True):
        whys = _likely(session, child, {*taken, *closed})
        if join and join.person_id not in closed:
            whys = {join.person_id: "; ".join(join.join.reasons), **whys}
        shown = list(whys)[:MOST_BESIDE]
        facts = shown_child_rows.facts(session, shown, closed=closed)
        joins = join.person_id if join else None
        found.append([Beside(facts=facts[one], joins=one == joins, why=whys[one]) for one in shown])
    return found


def _likely(session: ReadSession, child: ChildInput, except_for: Collection[int]) -> dict[int, str]:
    read = candidates.read(child)
    found = candidates.likely(read, candidates.around(session, read), except_for=except_for)
    return {one.person_id: one.likeness.reason for one in found}
